"""What is owed to members, and its payment."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, function, tenant_table

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payable",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("owed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payable_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_payable_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_payable_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_payable_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_payable_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_payable")),
        sa.UniqueConstraint(
            "group_id",
            "source_kind",
            "source_id",
            "member_id",
            name=op.f("uq_payable_group_id_source_kind_source_id_member_id"),
        ),
    )
    op.create_index("ix_payable_day", "payable", ["group_id", "owed_on", "id"], unique=False)
    op.create_index("ix_payable_entry", "payable", ["group_id", "entry_id"], unique=False)
    op.create_index("ix_payable_member", "payable", ["group_id", "member_id", "owed_on"], unique=False)
    op.create_table(
        "payable_end",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payable_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payable_id"],
            ["payable.group_id", "payable.id"],
            name=op.f("fk_payable_end_group_id_payable_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_payable_end_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_payable_end_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_payable_end")),
        sa.UniqueConstraint("group_id", "payable_id", name=op.f("uq_payable_end_group_id_payable_id")),
    )
    op.create_table(
        "member_payment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')",
            name=op.f("ck_member_payment_method"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_member_payment_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_member_payment_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_member_payment_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_member_payment_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_member_payment_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_member_payment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_member_payment")),
        sa.UniqueConstraint(
            "group_id",
            "idempotency_key",
            "member_id",
            name=op.f("uq_member_payment_group_id_idempotency_key_member_id"),
        ),
    )
    op.create_index("ix_member_payment_day", "member_payment", ["group_id", "paid_on", "id"], unique=False)
    op.create_index("ix_member_payment_member", "member_payment", ["group_id", "member_id", "paid_on"], unique=False)
    op.create_table(
        "member_payment_part",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("payable_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_member_payment_part_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "payable_id"],
            ["payable.group_id", "payable.id"],
            name=op.f("fk_member_payment_part_group_id_payable_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["member_payment.group_id", "member_payment.id"],
            name=op.f("fk_member_payment_part_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_member_payment_part_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_member_payment_part")),
        sa.UniqueConstraint(
            "group_id", "payment_id", "payable_id", name=op.f("uq_member_payment_part_group_id_payment_id_payable_id")
        ),
    )
    op.create_index("ix_member_payment_part_payable", "member_payment_part", ["group_id", "payable_id"], unique=False)
    op.create_table(
        "payouts_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["member_payment.group_id", "member_payment.id"],
            name=op.f("fk_payouts_reversal_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_payouts_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_payouts_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_payouts_reversal")),
        sa.UniqueConstraint("group_id", "payment_id", name=op.f("uq_payouts_reversal_group_id_payment_id")),
    )
    # ### end Alembic commands ###

    for table in ("payable", "payable_end", "member_payment", "member_payment_part", "payouts_reversal"):
        tenant_table(op, table)
        append_only(op, table)
    function(op, "payable_parts_v1")
