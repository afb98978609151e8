"""What was paid out to owners."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, run, tenant_table

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = ("owner_payout_run", "owner_payout", "owner_payout_part", "owner_payout_reversal")
WORDS = {"owner_payout_run": "reference_sealed", "owner_payout_reversal": "reason_sealed"}


def upgrade() -> None:
    op.create_table(
        "owner_payout_run",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')",
            name=op.f("ck_owner_payout_run_method"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_owner_payout_run_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_owner_payout_run_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_owner_payout_run_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_owner_payout_run")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_owner_payout_run_group_id_idempotency_key")),
    )
    op.create_index("ix_owner_payout_run_day", "owner_payout_run", ["group_id", "paid_on", "id"], unique=False)
    op.create_table(
        "owner_payout",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_owner_payout_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_owner_payout_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "owner_id"], ["party.group_id", "party.id"], name=op.f("fk_owner_payout_group_id_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "run_id"],
            ["owner_payout_run.group_id", "owner_payout_run.id"],
            name=op.f("fk_owner_payout_group_id_run_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_owner_payout_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_owner_payout")),
        sa.UniqueConstraint("group_id", "run_id", "owner_id", name=op.f("uq_owner_payout_group_id_run_id_owner_id")),
    )
    op.create_index("ix_owner_payout_owner", "owner_payout", ["group_id", "owner_id", "id"], unique=False)
    op.create_table(
        "owner_payout_part",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_owner_payout_part_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "payout_id"],
            ["owner_payout.group_id", "owner_payout.id"],
            name=op.f("fk_owner_payout_part_group_id_payout_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "receipt_id"],
            ["receipt.group_id", "receipt.id"],
            name=op.f("fk_owner_payout_part_group_id_receipt_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_owner_payout_part_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_owner_payout_part")),
        sa.UniqueConstraint(
            "group_id", "payout_id", "receipt_id", name=op.f("uq_owner_payout_part_group_id_payout_id_receipt_id")
        ),
    )
    op.create_index("ix_owner_payout_part_receipt", "owner_payout_part", ["group_id", "receipt_id"], unique=False)
    op.create_table(
        "owner_payout_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payout_id"],
            ["owner_payout.group_id", "owner_payout.id"],
            name=op.f("fk_owner_payout_reversal_group_id_payout_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_owner_payout_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_owner_payout_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_owner_payout_reversal")),
        sa.UniqueConstraint("group_id", "payout_id", name=op.f("uq_owner_payout_reversal_group_id_payout_id")),
    )

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
