"""Investments, their shares and their values."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, function, tenant_table

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = (
    "investment",
    "holding_move",
    "holding_share",
    "valuation",
    "investment_sale",
    "investment_income",
    "investment_state",
    "holdings_reversal",
)


def upgrade() -> None:
    op.create_table(
        "investment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("invested_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("unit_value", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("units", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("percentage", sa.Boolean(), nullable=False),
        sa.Column("broker", sa.Text(), nullable=True),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("risk IN ('low', 'medium', 'high', 'very_high')", name=op.f("ck_investment_risk")),
        sa.CheckConstraint(
            "type IN ('unit_trust', 'stocks', 'bonds', 'real_estate', 'mutual_funds', 'fixed_deposit', 'business')",
            name=op.f("ck_investment_type"),
        ),
        sa.CheckConstraint("NOT percentage OR units = 100", name=op.f("ck_investment_percentage")),
        sa.CheckConstraint("amount > 0 AND unit_value > 0 AND units > 0", name=op.f("ck_investment_amounts")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_investment_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_investment_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_investment_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_investment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_investment")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_investment_group_id_idempotency_key")),
    )
    op.create_index("ix_investment_day", "investment", ["group_id", "invested_on", "id"], unique=False)
    op.create_table(
        "holding_move",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("units", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cost", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("undoes_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_holding_move_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "investment_id"],
            ["investment.group_id", "investment.id"],
            name=op.f("fk_holding_move_group_id_investment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "undoes_id"],
            ["holding_move.group_id", "holding_move.id"],
            name=op.f("fk_holding_move_group_id_undoes_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_holding_move_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_holding_move")),
        sa.UniqueConstraint("group_id", "id", "investment_id", name=op.f("uq_holding_move_group_id_id_investment_id")),
        sa.UniqueConstraint("group_id", "undoes_id", name=op.f("uq_holding_move_group_id_undoes_id")),
    )
    op.create_index(
        "ix_holding_move_investment", "holding_move", ["group_id", "investment_id", "moved_on"], unique=False
    )
    op.create_index("ix_holding_move_source", "holding_move", ["group_id", "source_kind", "source_id"], unique=False)
    op.create_table(
        "holding_share",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("units", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cost", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint("units <> 0 OR cost <> 0", name=op.f("ck_holding_share_something")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_holding_share_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "move_id", "investment_id"],
            ["holding_move.group_id", "holding_move.id", "holding_move.investment_id"],
            name=op.f("fk_holding_share_group_id_move_id_investment_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_holding_share_group_id")),
        sa.PrimaryKeyConstraint("group_id", "move_id", "line", name=op.f("pk_holding_share")),
    )
    op.create_index(
        "ix_holding_share_investment",
        "holding_share",
        ["group_id", "investment_id", "member_id"],
        unique=False,
        postgresql_include=["units", "cost"],
    )
    op.create_index(
        "ix_holding_share_member",
        "holding_share",
        ["group_id", "member_id", "investment_id"],
        unique=False,
        postgresql_include=["units", "cost"],
    )
    op.create_table(
        "valuation",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("units", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("evidence_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("value >= 0 AND units > 0", name=op.f("ck_valuation_amounts")),
        sa.ForeignKeyConstraint(
            ["group_id", "investment_id"],
            ["investment.group_id", "investment.id"],
            name=op.f("fk_valuation_group_id_investment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_valuation_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_valuation_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_valuation")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_valuation_group_id_idempotency_key")),
    )
    op.create_index(
        "ix_valuation_investment", "valuation", ["group_id", "investment_id", "valued_on", "id"], unique=False
    )
    op.create_table(
        "investment_sale",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("units", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cost", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("proceeds", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("gains", sa.Text(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("gains IN ('members', 'surplus')", name=op.f("ck_investment_sale_gains")),
        sa.CheckConstraint("kind <> 'default' OR proceeds = 0", name=op.f("ck_investment_sale_default")),
        sa.CheckConstraint("kind IN ('sale', 'maturity', 'default')", name=op.f("ck_investment_sale_kind")),
        sa.CheckConstraint("proceeds = 0 OR cash_account_id IS NOT NULL", name=op.f("ck_investment_sale_cash")),
        sa.CheckConstraint("units > 0 AND cost >= 0 AND proceeds >= 0", name=op.f("ck_investment_sale_amounts")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_investment_sale_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_investment_sale_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "investment_id"],
            ["investment.group_id", "investment.id"],
            name=op.f("fk_investment_sale_group_id_investment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_investment_sale_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_investment_sale_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_investment_sale")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_investment_sale_group_id_idempotency_key")),
    )
    op.create_index(
        "ix_investment_sale_investment", "investment_sale", ["group_id", "investment_id", "sold_on"], unique=False
    )
    op.create_table(
        "investment_income",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_investment_income_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_investment_income_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"],
            ["entry.group_id", "entry.id"],
            name=op.f("fk_investment_income_group_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "investment_id"],
            ["investment.group_id", "investment.id"],
            name=op.f("fk_investment_income_group_id_investment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_investment_income_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_investment_income_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_investment_income")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_investment_income_group_id_idempotency_key")),
    )
    op.create_index(
        "ix_investment_income_investment",
        "investment_income",
        ["group_id", "investment_id", "received_on"],
        unique=False,
    )
    op.create_table(
        "investment_state",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("state IN ('active', 'suspended')", name=op.f("ck_investment_state_state")),
        sa.ForeignKeyConstraint(
            ["group_id", "investment_id"],
            ["investment.group_id", "investment.id"],
            name=op.f("fk_investment_state_group_id_investment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_investment_state_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_investment_state_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_investment_state")),
    )
    op.create_index(
        "ix_investment_state_investment", "investment_state", ["group_id", "investment_id", "id"], unique=False
    )
    op.create_table(
        "holdings_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_kind", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "original_kind IN ('investment', 'investment_sale', 'valuation', 'investment_income')",
            name=op.f("ck_holdings_reversal_original_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"],
            ["entry.group_id", "entry.id"],
            name=op.f("fk_holdings_reversal_group_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_holdings_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_holdings_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_holdings_reversal")),
        sa.UniqueConstraint(
            "group_id",
            "original_kind",
            "original_id",
            name=op.f("uq_holdings_reversal_group_id_original_kind_original_id"),
        ),
    )
    for table in TABLES:
        tenant_table(op, table)
        append_only(op, table)
    function(op, "holding_moves_v1")
