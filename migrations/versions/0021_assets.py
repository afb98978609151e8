"""Assets, what they were made of, and their shares."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, function, tenant_table

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("acquired_on", sa.Date(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("way IN ('converted', 'bought', 'given')", name=op.f("ck_asset_way")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_asset_name")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_asset_price")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_asset_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_asset_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_asset_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_asset_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_asset")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_asset_group_id_idempotency_key")),
    )
    op.create_index("ix_asset_acquired_on", "asset", ["group_id", "acquired_on", "id"], unique=False)
    op.create_table(
        "asset_conversion",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint("cost >= 0 AND value >= 0", name=op.f("ck_asset_conversion_amounts")),
        sa.ForeignKeyConstraint(
            ["group_id", "asset_id"], ["asset.group_id", "asset.id"], name=op.f("fk_asset_conversion_group_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "investment_id"],
            ["investment.group_id", "investment.id"],
            name=op.f("fk_asset_conversion_group_id_investment_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_asset_conversion_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_asset_conversion")),
        sa.UniqueConstraint(
            "group_id", "asset_id", "investment_id", name=op.f("uq_asset_conversion_group_id_asset_id_investment_id")
        ),
    )
    op.create_index("ix_asset_conversion_investment", "asset_conversion", ["group_id", "investment_id"], unique=False)
    op.create_table(
        "asset_share",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("percent <> 0 OR amount <> 0", name=op.f("ck_asset_share_moves")),
        sa.ForeignKeyConstraint(
            ["group_id", "asset_id"], ["asset.group_id", "asset.id"], name=op.f("fk_asset_share_group_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_asset_share_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_asset_share_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "reverses_id"],
            ["asset_share.group_id", "asset_share.id"],
            name=op.f("fk_asset_share_group_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_asset_share_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_asset_share")),
        sa.UniqueConstraint("group_id", "reverses_id", name=op.f("uq_asset_share_group_id_reverses_id")),
    )
    op.create_index("ix_asset_share_asset", "asset_share", ["group_id", "asset_id", "member_id"], unique=False)
    op.create_index("ix_asset_share_member", "asset_share", ["group_id", "member_id", "asset_id"], unique=False)
    op.create_index("ix_asset_share_source", "asset_share", ["group_id", "source_id"], unique=False)
    op.create_table(
        "asset_sale",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("price", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("proceeds", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("gains", sa.Text(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("gains IN ('members', 'surplus')", name=op.f("ck_asset_sale_gains")),
        sa.CheckConstraint("(proceeds = 0) = (cash_account_id IS NULL)", name=op.f("ck_asset_sale_cash")),
        sa.CheckConstraint("proceeds >= 0 AND price >= 0", name=op.f("ck_asset_sale_amounts")),
        sa.ForeignKeyConstraint(
            ["group_id", "asset_id"], ["asset.group_id", "asset.id"], name=op.f("fk_asset_sale_group_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_asset_sale_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_asset_sale_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_asset_sale_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_asset_sale_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_asset_sale")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_asset_sale_group_id_idempotency_key")),
    )
    op.create_index("ix_asset_sale_asset", "asset_sale", ["group_id", "asset_id"], unique=False)
    op.create_table(
        "assets_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_kind", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("original_kind IN ('asset', 'asset_sale')", name=op.f("ck_assets_reversal_original_kind")),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_assets_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_assets_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_assets_reversal")),
        sa.UniqueConstraint(
            "group_id",
            "original_kind",
            "original_id",
            name=op.f("uq_assets_reversal_group_id_original_kind_original_id"),
        ),
    )
    for table in ("asset", "asset_conversion", "asset_share", "asset_sale", "assets_reversal"):
        tenant_table(op, table)
        append_only(op, table)
    function(op, "asset_shares_v1")
