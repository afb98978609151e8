"""Credits, what clients paid, and their deposits."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, function, run, tenant_table

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = (
    "credit_use",
    "credit_use_end",
    "credit_refund",
    "credit_refund_reversal",
    "client_payment",
    "deposit_movement",
    "receipt_part",
    "rent_money_reversal",
)
WORDS = {
    "credit_refund": "reference_sealed",
    "credit_refund_reversal": "reason_sealed",
    "client_payment": "reference_sealed",
    "deposit_movement": "reference_sealed,reason_sealed",
    "rent_money_reversal": "reason_sealed",
}


def upgrade() -> None:
    op.create_table(
        "credit_use",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("purpose IN ('rent', 'dues')", name=op.f("ck_credit_use_purpose")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_use_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_credit_use_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "party_id"], ["party.group_id", "party.id"], name=op.f("fk_credit_use_group_id_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_credit_use_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_credit_use_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_credit_use")),
    )
    op.create_index("ix_credit_use_party", "credit_use", ["group_id", "party_id", "id"], unique=False)
    op.create_index("ix_credit_use_target", "credit_use", ["group_id", "target_id"], unique=False)
    op.create_table(
        "credit_use_end",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_credit_use_end_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_credit_use_end_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "use_id"],
            ["credit_use.group_id", "credit_use.id"],
            name=op.f("fk_credit_use_end_group_id_use_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_credit_use_end_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_credit_use_end")),
        sa.UniqueConstraint("group_id", "use_id", name=op.f("uq_credit_use_end_group_id_use_id")),
    )
    op.create_table(
        "credit_refund",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')",
            name=op.f("ck_credit_refund_method"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_refund_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_credit_refund_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_credit_refund_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "party_id"], ["party.group_id", "party.id"], name=op.f("fk_credit_refund_group_id_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_credit_refund_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_credit_refund_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_credit_refund")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_credit_refund_group_id_idempotency_key")),
    )
    op.create_index("ix_credit_refund_day", "credit_refund", ["group_id", "paid_on", "id"], unique=False)
    op.create_index("ix_credit_refund_party", "credit_refund", ["group_id", "party_id", "paid_on"], unique=False)
    op.create_table(
        "credit_refund_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_credit_refund_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "refund_id"],
            ["credit_refund.group_id", "credit_refund.id"],
            name=op.f("fk_credit_refund_reversal_group_id_refund_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_credit_refund_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_credit_refund_reversal")),
        sa.UniqueConstraint("group_id", "refund_id", name=op.f("uq_credit_refund_reversal_group_id_refund_id")),
    )
    op.create_table(
        "client_payment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')",
            name=op.f("ck_client_payment_method"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_client_payment_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_client_payment_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "client_id"], ["party.group_id", "party.id"], name=op.f("fk_client_payment_group_id_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_client_payment_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_client_payment_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_client_payment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_client_payment")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_client_payment_group_id_idempotency_key")),
    )
    op.create_index("ix_client_payment_client", "client_payment", ["group_id", "client_id", "paid_on"], unique=False)
    op.create_index("ix_client_payment_day", "client_payment", ["group_id", "paid_on", "id"], unique=False)
    op.create_table(
        "deposit_movement",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lease_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "(kind IN ('in', 'back')) = (cash_account_id IS NOT NULL AND method IS NOT NULL)",
            name=op.f("ck_deposit_movement_cash"),
        ),
        sa.CheckConstraint(
            "(kind IN ('rent', 'income')) = (reason_sealed IS NOT NULL)", name=op.f("ck_deposit_movement_reason")
        ),
        sa.CheckConstraint("kind IN ('in', 'back', 'rent', 'income')", name=op.f("ck_deposit_movement_kind")),
        sa.CheckConstraint(
            "method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')",
            name=op.f("ck_deposit_movement_method"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_deposit_movement_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_deposit_movement_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "client_id"],
            ["party.group_id", "party.id"],
            name=op.f("fk_deposit_movement_group_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_deposit_movement_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "lease_id"], ["lease.group_id", "lease.id"], name=op.f("fk_deposit_movement_group_id_lease_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_deposit_movement_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_deposit_movement_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_deposit_movement")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_deposit_movement_group_id_idempotency_key")),
    )
    op.create_index("ix_deposit_movement_client", "deposit_movement", ["group_id", "client_id"], unique=False)
    op.create_index("ix_deposit_movement_day", "deposit_movement", ["group_id", "moved_on", "id"], unique=False)
    op.create_index("ix_deposit_movement_lease", "deposit_movement", ["group_id", "lease_id", "id"], unique=False)
    op.create_table(
        "receipt_part",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("use_id", sa.Uuid(), nullable=True),
        sa.Column("movement_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_receipt_part_amount")),
        sa.CheckConstraint("num_nonnulls(payment_id, use_id, movement_id) = 1", name=op.f("ck_receipt_part_source")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_receipt_part_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "movement_id"],
            ["deposit_movement.group_id", "deposit_movement.id"],
            name=op.f("fk_receipt_part_group_id_movement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["client_payment.group_id", "client_payment.id"],
            name=op.f("fk_receipt_part_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "receipt_id"],
            ["receipt.group_id", "receipt.id"],
            name=op.f("fk_receipt_part_group_id_receipt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "use_id"],
            ["credit_use.group_id", "credit_use.id"],
            name=op.f("fk_receipt_part_group_id_use_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_receipt_part_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_receipt_part")),
    )
    op.create_index("ix_receipt_part_entry", "receipt_part", ["group_id", "entry_id"], unique=False)
    op.create_index("ix_receipt_part_movement", "receipt_part", ["group_id", "movement_id"], unique=False)
    op.create_index("ix_receipt_part_payment", "receipt_part", ["group_id", "payment_id"], unique=False)
    op.create_index("ix_receipt_part_receipt", "receipt_part", ["group_id", "receipt_id"], unique=False)
    op.create_index("ix_receipt_part_use", "receipt_part", ["group_id", "use_id"], unique=False)
    op.create_table(
        "rent_money_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("movement_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("num_nonnulls(payment_id, movement_id) = 1", name=op.f("ck_rent_money_reversal_source")),
        sa.ForeignKeyConstraint(
            ["group_id", "movement_id"],
            ["deposit_movement.group_id", "deposit_movement.id"],
            name=op.f("fk_rent_money_reversal_group_id_movement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["client_payment.group_id", "client_payment.id"],
            name=op.f("fk_rent_money_reversal_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_rent_money_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_rent_money_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_rent_money_reversal")),
        sa.UniqueConstraint("group_id", "movement_id", name=op.f("uq_rent_money_reversal_group_id_movement_id")),
        sa.UniqueConstraint("group_id", "payment_id", name=op.f("uq_rent_money_reversal_group_id_payment_id")),
    )

    # A line of a statement may be rent that a client paid.
    op.drop_constraint("ck_line_allocation_what", "line_allocation")
    op.create_check_constraint(
        op.f("ck_line_allocation_what"),
        "line_allocation",
        "what IN ('unallocated', 'payment', 'charge', 'transfer', 'category', 'other', 'entry', 'rent', 'release')",
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
    function(op, "receipt_parts_v1")
