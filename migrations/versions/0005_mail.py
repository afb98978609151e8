"""Mail that was queued, sent, bounced or is unknown."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import global_table, tenant_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PROGRESS = ("state", "attempts", "sent_at", "error", "sealed")  # sealed anew when it is sent again to another address


def upgrade() -> None:
    op.create_table(
        "person_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'bounced', 'unknown')", name=op.f("ck_person_mail_state")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_person_mail_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_person_mail_key")),
    )
    op.create_index(("ix_person_mail_user_id"), "person_mail", ["user_id"], unique=False)
    op.create_table(
        "mail_message",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("attachment", sa.Text(), nullable=True),
        sa.Column("attachment_data", postgresql.JSONB(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'bounced', 'unknown')", name=op.f("ck_mail_message_state")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_mail_message_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_mail_message_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_mail_message")),
        sa.UniqueConstraint("group_id", "key", name=op.f("uq_mail_message_group_id_key")),
    )
    op.create_index("ix_mail_message_about", "mail_message", ["group_id", "about"], unique=False)
    op.create_index(
        "ix_mail_message_trouble",
        "mail_message",
        ["group_id", "queued_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('failed', 'bounced', 'unknown')"),
    )
    tenant_table(op, "mail_message", update=PROGRESS)
    global_table(op, "person_mail", update=PROGRESS)
