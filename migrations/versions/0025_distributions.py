"""Share-outs and the funds they feed."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, function, tenant_table

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("purpose IN ('reserve', 'education', 'other')", name=op.f("ck_fund_purpose")),
        sa.ForeignKeyConstraint(
            ["group_id", "made_by"], ["member.group_id", "member.id"], name=op.f("fk_fund_group_id_made_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_fund_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_fund")),
    )
    op.create_index("uq_fund_name", "fund", ["group_id", sa.literal_column("lower(name)")], unique=True)
    op.create_index(
        "uq_fund_purpose", "fund", ["group_id", "purpose"], unique=True, postgresql_where=sa.text("purpose <> 'other'")
    )
    op.create_table(
        "share_out",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("surplus", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("appropriated", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("fines_kept", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("distributable", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("base_amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("reserve_percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("education_percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("fines_shared", sa.Boolean(), nullable=False),
        sa.Column("share_value", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("reserve", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("education", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("shared", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("base IN ('loan_interest', 'surplus')", name=op.f("ck_share_out_base")),
        sa.CheckConstraint(
            "rule IN ('savings', 'average', 'shares', 'equal', 'own_interest')", name=op.f("ck_share_out_rule")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_share_out_cycle")),
        sa.CheckConstraint(
            "reserve + education + shared > 0 AND reserve + education + shared <= distributable",
            name=op.f("ck_share_out_whole"),
        ),
        sa.CheckConstraint("reserve >= 0 AND education >= 0 AND shared >= 0", name=op.f("ck_share_out_parts")),
        sa.ForeignKeyConstraint(
            ["group_id", "approved_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_share_out_group_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_share_out_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_share_out_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_share_out_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_share_out")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_share_out_group_id_idempotency_key")),
    )
    op.create_index("ix_share_out_last_day", "share_out", ["group_id", "last_day", "id"], unique=False)
    op.create_table(
        "share_out_part",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("share_out_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Numeric(precision=28, scale=4), nullable=False),
        sa.Column("own_interest", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint("amount > 0 AND weight >= 0 AND own_interest >= 0", name=op.f("ck_share_out_part_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_share_out_part_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "share_out_id"],
            ["share_out.group_id", "share_out.id"],
            name=op.f("fk_share_out_part_group_id_share_out_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_share_out_part_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_share_out_part")),
        sa.UniqueConstraint(
            "group_id", "share_out_id", "member_id", name=op.f("uq_share_out_part_group_id_share_out_id_member_id")
        ),
        sa.UniqueConstraint(
            "group_id", "share_out_id", "place", name=op.f("uq_share_out_part_group_id_share_out_id_place")
        ),
    )
    op.create_index("ix_share_out_part_member", "share_out_part", ["group_id", "member_id"], unique=False)
    op.create_table(
        "share_out_payment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("share_out_id", sa.Uuid(), nullable=False),
        sa.Column("with_savings", sa.Boolean(), nullable=False),
        sa.Column("owed", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("deducted", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "owed >= 0 AND deducted >= 0 AND owed + deducted > 0", name=op.f("ck_share_out_payment_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "approved_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_share_out_payment_group_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"],
            ["entry.group_id", "entry.id"],
            name=op.f("fk_share_out_payment_group_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_share_out_payment_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "share_out_id"],
            ["share_out.group_id", "share_out.id"],
            name=op.f("fk_share_out_payment_group_id_share_out_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_share_out_payment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_share_out_payment")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_share_out_payment_group_id_idempotency_key")),
    )
    op.create_index("ix_share_out_payment_share_out", "share_out_payment", ["group_id", "share_out_id"], unique=False)
    op.create_table(
        "share_out_payment_part",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("growth", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("savings", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("deducted", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("owed", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint("growth + savings = deducted + owed", name=op.f("ck_share_out_payment_part_whole")),
        sa.CheckConstraint(
            "savings >= 0 AND deducted >= 0 AND owed >= 0", name=op.f("ck_share_out_payment_part_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_share_out_payment_part_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["share_out_payment.group_id", "share_out_payment.id"],
            name=op.f("fk_share_out_payment_part_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_share_out_payment_part_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_share_out_payment_part")),
        sa.UniqueConstraint(
            "group_id", "payment_id", "member_id", name=op.f("uq_share_out_payment_part_group_id_payment_id_member_id")
        ),
        sa.UniqueConstraint(
            "group_id", "payment_id", "place", name=op.f("uq_share_out_payment_part_group_id_payment_id_place")
        ),
    )
    op.create_index(
        "ix_share_out_payment_part_member", "share_out_payment_part", ["group_id", "member_id"], unique=False
    )
    op.create_table(
        "distributions_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_kind", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "original_kind IN ('share_out', 'share_out_payment')", name=op.f("ck_distributions_reversal_original_kind")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"],
            ["entry.group_id", "entry.id"],
            name=op.f("fk_distributions_reversal_group_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_distributions_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_distributions_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_distributions_reversal")),
        sa.UniqueConstraint(
            "group_id",
            "original_kind",
            "original_id",
            name=op.f("uq_distributions_reversal_group_id_original_kind_original_id"),
        ),
    )

    tenant_table(op, "fund", update=("name",))
    for table in (
        "share_out",
        "share_out_part",
        "share_out_payment",
        "share_out_payment_part",
        "distributions_reversal",
    ):
        tenant_table(op, table)
        append_only(op, table)
    function(op, "share_out_payments_v1")
