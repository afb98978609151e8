"""What the columns of a bank's statements are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, tenant_table

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statement_mapping",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("decimal_sign", sa.Text(), nullable=False),
        sa.Column("day_order", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decimal_sign IN ('.', ',')", name=op.f("ck_statement_mapping_decimal_sign")),
        sa.CheckConstraint("day_order IN ('dmy', 'mdy', 'ymd')", name=op.f("ck_statement_mapping_day_order")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_statement_mapping_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "file_id"],
            ["import_file.group_id", "import_file.id"],
            name=op.f("fk_statement_mapping_group_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "made_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_statement_mapping_group_id_made_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_statement_mapping_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_statement_mapping")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_statement_mapping_group_id_idempotency_key")),
    )
    op.create_index(
        "ix_statement_mapping_digest", "statement_mapping", ["group_id", "cash_account_id", "digest"], unique=False
    )
    op.create_index("ix_statement_mapping_file", "statement_mapping", ["group_id", "file_id"], unique=False)
    tenant_table(op, "statement_mapping")
    append_only(op, "statement_mapping")
