"""Statement runs and the statements that went out."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, tenant_table

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statement_issued",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_statement_issued_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_statement_issued_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_statement_issued")),
        sa.UniqueConstraint(
            "group_id",
            "member_id",
            "first_on",
            "last_on",
            "hash",
            name=op.f("uq_statement_issued_group_id_member_id_first_on_last_on_hash"),
        ),
    )
    op.create_table(
        "statement_run",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "message_id"],
            ["outbox.group_id", "outbox.id"],
            name=op.f("fk_statement_run_group_id_message_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "started_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_statement_run_group_id_started_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_statement_run_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_statement_run")),
        sa.UniqueConstraint("group_id", "key", name=op.f("uq_statement_run_group_id_key")),
    )
    op.create_index("ix_statement_run_period", "statement_run", ["group_id", "period"], unique=False)
    for table in ("statement_issued", "statement_run"):
        tenant_table(op, table)
        append_only(op, table)
