"""Buy-outs: offers, their parts, and what was said about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, run, tenant_table

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("buy_out", "buy_out_part", "buy_out_state")
WORDS = {"buy_out": "reference_sealed", "buy_out_state": "words_sealed"}


def upgrade() -> None:
    op.create_table(
        "buy_out",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=True),
        sa.Column("newcomer", sa.Boolean(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(), nullable=False),
        sa.Column("nominal_value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("position_value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("price", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column(
            "offered_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("buyer_id <> seller_id", name=op.f("ck_buy_out_two_sides")),
        sa.CheckConstraint("buyer_id IS NOT NULL OR reference_sealed IS NULL", name=op.f("ck_buy_out_reference")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_buy_out_price")),
        sa.ForeignKeyConstraint(
            ["group_id", "buyer_id"], ["member.group_id", "member.id"], name=op.f("fk_buy_out_group_id_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "offered_by"], ["member.group_id", "member.id"], name=op.f("fk_buy_out_group_id_offered_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "seller_id"], ["member.group_id", "member.id"], name=op.f("fk_buy_out_group_id_seller_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_buy_out_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_buy_out")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_buy_out_group_id_idempotency_key")),
    )
    op.create_index("ix_buy_out_buyer", "buy_out", ["group_id", "buyer_id", "id"], unique=False)
    op.create_index("ix_buy_out_seller", "buy_out", ["group_id", "seller_id", "id"], unique=False)
    op.create_table(
        "buy_out_state",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buy_out_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.Column("unchecked", sa.Boolean(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("(state = 'consented') = (side IS NOT NULL)", name=op.f("ck_buy_out_state_side")),
        sa.CheckConstraint(
            "NOT written OR (state = 'consented' AND member_id <> recorded_by)", name=op.f("ck_buy_out_state_written")
        ),
        sa.CheckConstraint(
            "entry_id IS NULL OR state IN ('effective', 'reversed')", name=op.f("ck_buy_out_state_entry")
        ),
        sa.CheckConstraint("side IN ('seller', 'buyer')", name=op.f("ck_buy_out_state_sides")),
        sa.CheckConstraint(
            "state IN ('offered', 'consented', 'effective', 'declined', 'withdrawn', 'reversed')",
            name=op.f("ck_buy_out_state_state"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "buy_out_id"],
            ["buy_out.group_id", "buy_out.id"],
            name=op.f("fk_buy_out_state_group_id_buy_out_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_buy_out_state_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_buy_out_state_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_buy_out_state_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_buy_out_state_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_buy_out_state")),
    )
    op.create_index("ix_buy_out_state_buy_out", "buy_out_state", ["group_id", "buy_out_id", "id"], unique=False)
    op.create_index(
        "uq_buy_out_state_consent",
        "buy_out_state",
        ["group_id", "buy_out_id", "side"],
        unique=True,
        postgresql_where=sa.text("state = 'consented'"),
    )
    op.create_index(
        "uq_buy_out_state_end",
        "buy_out_state",
        ["group_id", "buy_out_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('effective', 'declined', 'withdrawn')"),
    )
    op.create_index(
        "uq_buy_out_state_reversed",
        "buy_out_state",
        ["group_id", "buy_out_id"],
        unique=True,
        postgresql_where=sa.text("state = 'reversed'"),
    )
    op.create_table(
        "buy_out_part",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buy_out_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("investment_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("held", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("recorded", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.CheckConstraint("(kind = 'asset') = (recorded IS NOT NULL)", name=op.f("ck_buy_out_part_recorded")),
        sa.CheckConstraint(
            "(kind = 'holding') = (investment_id IS NOT NULL) AND (kind = 'asset') = (asset_id IS NOT NULL)",
            name=op.f("ck_buy_out_part_of"),
        ),
        sa.CheckConstraint(
            "CASE WHEN kind IN ('holding', 'asset') THEN quantity > 0 AND held >= quantity"
            " ELSE quantity IS NULL AND held IS NULL AND amount <> 0 END",
            name=op.f("ck_buy_out_part_quantity"),
        ),
        sa.CheckConstraint("amount >= 0 OR kind = 'growth'", name=op.f("ck_buy_out_part_amount")),
        sa.CheckConstraint("kind IN ('holding', 'asset', 'savings', 'growth')", name=op.f("ck_buy_out_part_kind")),
        sa.ForeignKeyConstraint(
            ["group_id", "asset_id"], ["asset.group_id", "asset.id"], name=op.f("fk_buy_out_part_group_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "buy_out_id"],
            ["buy_out.group_id", "buy_out.id"],
            name=op.f("fk_buy_out_part_group_id_buy_out_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "investment_id"],
            ["investment.group_id", "investment.id"],
            name=op.f("fk_buy_out_part_group_id_investment_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_buy_out_part_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_buy_out_part")),
        sa.UniqueConstraint(
            "group_id",
            "buy_out_id",
            "kind",
            "investment_id",
            "asset_id",
            name=op.f("uq_buy_out_part_group_id_buy_out_id_kind_investment_id_asset_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_buy_out_part_asset", "buy_out_part", ["group_id", "asset_id"], unique=False)
    op.create_index("ix_buy_out_part_investment", "buy_out_part", ["group_id", "investment_id"], unique=False)

    for table in TABLES:
        tenant_table(op, table)
        append_only(op, table)
    # Words may name somebody who is erased later: that, and nothing else, may put their names out.
    for table, words in WORDS.items():
        run(
            op,
            f"""
            DROP TRIGGER append_only ON {table};
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION app.refuse_change_before_time('{words}', '', '');
            GRANT UPDATE ({words}) ON {table} TO pp_worker;
            """,
        )
