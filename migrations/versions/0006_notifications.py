"""The bell, what a person is told inside the product."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import tenant_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('info', 'warning', 'error', 'success', 'reminder', 'announcement')",
            name=op.f("ck_notification_kind"),
        ),
        sa.CheckConstraint("priority IN ('low', 'normal', 'high')", name=op.f("ck_notification_priority")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_notification_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_notification_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_notification")),
        sa.UniqueConstraint("group_id", "member_id", "key", name=op.f("uq_notification_group_id_member_id_key")),
    )
    op.create_index("ix_notification_member", "notification", ["group_id", "member_id", "created_at", "id"])
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["group_id", "member_id", "expires_at"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
    tenant_table(op, "notification", update=("read_at",), delete=True)
