"""Windows, contributions, waivers and penalties."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, tenant_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contribution_window",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("minimum", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("maximum", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_contribution_window_span")),
        sa.CheckConstraint(
            "expected >= 0 AND minimum >= 0 AND coalesce(maximum, minimum) >= minimum",
            name=op.f("ck_contribution_window_bounds"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "opened_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_contribution_window_group_id_opened_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_contribution_window_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_contribution_window")),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_contribution_window_group_id_name")),
        sa.UniqueConstraint("group_id", "starts_at", name=op.f("uq_contribution_window_group_id_starts_at")),
    )
    op.create_table(
        "payment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'bank_transfer', 'mobile_money', 'card', 'check', 'other')",
            name=op.f("ck_payment_method"),
        ),
        sa.CheckConstraint("source IN ('cash', 'unallocated')", name=op.f("ck_payment_source")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_payment_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_payment_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"], ["member.group_id", "member.id"], name=op.f("fk_payment_group_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_payment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_payment")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_payment_group_id_idempotency_key")),
    )
    op.create_index("ix_payment_member", "payment", ["group_id", "member_id", "paid_at"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("spread", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "type IN ('regular', 'voluntary', 'special', 'catch_up')", name=op.f("ck_contribution_type")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_contribution_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_contribution_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_contribution_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["payment.group_id", "payment.id"],
            name=op.f("fk_contribution_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "window_id"],
            ["contribution_window.group_id", "contribution_window.id"],
            name=op.f("fk_contribution_group_id_window_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_contribution_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_contribution")),
    )
    op.create_index("ix_contribution_member", "contribution", ["group_id", "member_id", "paid_at"], unique=False)
    op.create_index("ix_contribution_payment", "contribution", ["group_id", "payment_id"], unique=False)
    op.create_index("ix_contribution_window", "contribution", ["group_id", "window_id", "member_id"], unique=False)
    op.create_table(
        "held_receipt",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("kept IN ('over_max', 'no_window')", name=op.f("ck_held_receipt_kept")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_held_receipt_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_held_receipt_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_held_receipt_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["payment.group_id", "payment.id"],
            name=op.f("fk_held_receipt_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_held_receipt_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_held_receipt")),
    )
    op.create_index("ix_held_receipt_payment", "held_receipt", ["group_id", "payment_id"], unique=False)
    op.create_table(
        "penalty",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("levied_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("settled_at_once", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("levied_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("reason IN ('late', 'over_max', 'other')", name=op.f("ck_penalty_reason")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_penalty_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_penalty_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "levied_by"], ["member.group_id", "member.id"], name=op.f("fk_penalty_group_id_levied_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_penalty_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"], ["payment.group_id", "payment.id"], name=op.f("fk_penalty_group_id_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "window_id"],
            ["contribution_window.group_id", "contribution_window.id"],
            name=op.f("fk_penalty_group_id_window_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_penalty_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_penalty")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_penalty_group_id_idempotency_key")),
    )
    op.create_index("ix_penalty_member", "penalty", ["group_id", "member_id"], unique=False)
    op.create_index("ix_penalty_window", "penalty", ["group_id", "window_id", "member_id"], unique=False)
    op.create_table(
        "savings_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_kind", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "original_kind IN ('payment', 'penalty', 'penalty_waiver')", name=op.f("ck_savings_reversal_original_kind")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_savings_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "replaced_by"],
            ["payment.group_id", "payment.id"],
            name=op.f("fk_savings_reversal_group_id_replaced_by"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_savings_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_savings_reversal")),
        sa.UniqueConstraint(
            "group_id",
            "original_kind",
            "original_id",
            name=op.f("uq_savings_reversal_group_id_original_kind_original_id"),
        ),
    )
    op.create_table(
        "window_waiver",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "approved_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_window_waiver_group_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_window_waiver_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "window_id"],
            ["contribution_window.group_id", "contribution_window.id"],
            name=op.f("fk_window_waiver_group_id_window_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_window_waiver_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_window_waiver")),
        sa.UniqueConstraint(
            "group_id", "window_id", "member_id", name=op.f("uq_window_waiver_group_id_window_id_member_id")
        ),
    )
    op.create_table(
        "held_receipt_end",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("held_receipt_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("num_nonnulls(payment_id, entry_id) = 1", name=op.f("ck_held_receipt_end_one_end")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_held_receipt_end_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "held_receipt_id"],
            ["held_receipt.group_id", "held_receipt.id"],
            name=op.f("fk_held_receipt_end_group_id_held_receipt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["payment.group_id", "payment.id"],
            name=op.f("fk_held_receipt_end_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_held_receipt_end_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_held_receipt_end_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_held_receipt_end")),
    )
    op.create_table(
        "penalty_payment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("penalty_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_penalty_payment_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_penalty_payment_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["payment.group_id", "payment.id"],
            name=op.f("fk_penalty_payment_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "penalty_id"],
            ["penalty.group_id", "penalty.id"],
            name=op.f("fk_penalty_payment_group_id_penalty_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_penalty_payment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_penalty_payment")),
    )
    op.create_index("ix_penalty_payment_payment", "penalty_payment", ["group_id", "payment_id"], unique=False)
    op.create_index("ix_penalty_payment_penalty", "penalty_payment", ["group_id", "penalty_id"], unique=False)
    op.create_table(
        "penalty_waiver",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("penalty_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_penalty_waiver_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "approved_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_penalty_waiver_group_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_penalty_waiver_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "penalty_id"],
            ["penalty.group_id", "penalty.id"],
            name=op.f("fk_penalty_waiver_group_id_penalty_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_penalty_waiver_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_penalty_waiver")),
    )
    op.create_index("ix_penalty_waiver_penalty", "penalty_waiver", ["group_id", "penalty_id"], unique=False)
    op.create_index("ix_held_receipt_end_held", "held_receipt_end", ["group_id", "held_receipt_id"], unique=False)
    tenant_table(op, "contribution_window")
    for table in (
        *("payment", "contribution", "held_receipt", "held_receipt_end", "penalty", "penalty_payment"),
        *("penalty_waiver", "window_waiver", "savings_reversal"),
    ):
        tenant_table(op, table)
        append_only(op, table)
