"""Budgets of a year by account of expenses."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import tenant_table

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dues_budget",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_dues_budget_amount")),
        sa.CheckConstraint("year BETWEEN 1900 AND 2200", name=op.f("ck_dues_budget_year")),
        sa.ForeignKeyConstraint(
            ["group_id", "account_id"],
            ["account.group_id", "account.id"],
            name=op.f("fk_dues_budget_group_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "made_by"], ["member.group_id", "member.id"], name=op.f("fk_dues_budget_group_id_made_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_dues_budget_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_dues_budget")),
        sa.UniqueConstraint("group_id", "year", "account_id", name=op.f("uq_dues_budget_group_id_year_account_id")),
    )

    tenant_table(op, "dues_budget", update=("amount",))
