"""Levies, their runs and entries, what parties owe in dues, and what was paid of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, run, tenant_table

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

FINANCIAL = (
    "assessment_event",
    "assessment_state",
    "assessment_entry",
    "dues_charge",
    "dues_payment",
    "dues_settlement",
    "dues_part",
    "dues_reversal",
)
TERMS = (
    "name",
    "basis",
    "method",
    "base_amount",
    "yearly",
    "frequency",
    "day_due",
    "set_id",
    "split_by_owners",
    "not_whole",
    "category_id",
    "active",
)
WORDS = {
    "assessment_state": "reason_sealed",
    "dues_payment": "reference_sealed",
    "dues_settlement": "reason_sealed",
    "dues_reversal": "reason_sealed",
}


def upgrade() -> None:
    op.create_table(
        "assessment_config",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("base_amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("day_due", sa.SmallInteger(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=True),
        sa.Column("split_by_owners", sa.Boolean(), nullable=False),
        sa.Column("not_whole", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.CheckConstraint("NOT (yearly AND frequency = 'once')", name=op.f("ck_assessment_config_cut")),
        sa.CheckConstraint(
            "basis = 'deeds' OR (method = 'flat_rate' AND set_id IS NULL AND NOT split_by_owners)",
            name=op.f("ck_assessment_config_members"),
        ),
        sa.CheckConstraint("basis IN ('deeds', 'members')", name=op.f("ck_assessment_config_basis")),
        sa.CheckConstraint(
            "frequency IN ('monthly', 'quarterly', 'yearly', 'once')", name=op.f("ck_assessment_config_frequency")
        ),
        sa.CheckConstraint(
            "method IN ('flat_rate', 'per_m2', 'indiviso_percentage')", name=op.f("ck_assessment_config_method")
        ),
        sa.CheckConstraint(
            "not_whole IN ('refuse', 'normalise', 'as_is')", name=op.f("ck_assessment_config_not_whole")
        ),
        sa.CheckConstraint("base_amount > 0", name=op.f("ck_assessment_config_base_amount")),
        sa.CheckConstraint("day_due BETWEEN 1 AND 28", name=op.f("ck_assessment_config_day_due")),
        sa.ForeignKeyConstraint(
            ["group_id", "category_id"],
            ["account.group_id", "account.id"],
            name=op.f("fk_assessment_config_group_id_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "made_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_assessment_config_group_id_made_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "set_id"],
            ["allocation_set.group_id", "allocation_set.id"],
            name=op.f("fk_assessment_config_group_id_set_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_assessment_config_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_assessment_config")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_assessment_config_group_id_idempotency_key")),
    )
    op.create_index(
        "uq_assessment_config_name", "assessment_config", ["group_id", sa.literal_column("lower(name)")], unique=True
    )
    op.create_table(
        "assessment_event",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("config_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_assessment_event_period")),
        sa.CheckConstraint("occurrence >= 0", name=op.f("ck_assessment_event_occurrence")),
        sa.ForeignKeyConstraint(
            ["group_id", "config_id"],
            ["assessment_config.group_id", "assessment_config.id"],
            name=op.f("fk_assessment_event_group_id_config_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "started_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_assessment_event_group_id_started_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_assessment_event_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_assessment_event")),
        sa.UniqueConstraint(
            "group_id",
            "config_id",
            "slot",
            "occurrence",
            name=op.f("uq_assessment_event_group_id_config_id_slot_occurrence"),
        ),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_assessment_event_group_id_idempotency_key")),
    )
    op.create_index("ix_assessment_event_period", "assessment_event", ["group_id", "first_on", "id"], unique=False)
    op.create_table(
        "assessment_state",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=True),
        sa.Column("total", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=True),
        sa.Column("indiviso", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("shortfall", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("borne", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'calculating') = (terms IS NOT NULL)", name=op.f("ck_assessment_state_terms")),
        sa.CheckConstraint(
            "state <> 'pending_approval' OR (total > 0 AND entries > 0)", name=op.f("ck_assessment_state_total")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'calculating', 'pending_approval', 'posted', 'reversed', 'discarded')",
            name=op.f("ck_assessment_state_state"),
        ),
        sa.CheckConstraint("number > 0 AND attempt >= 0", name=op.f("ck_assessment_state_number")),
        sa.ForeignKeyConstraint(
            ["group_id", "event_id"],
            ["assessment_event.group_id", "assessment_event.id"],
            name=op.f("fk_assessment_state_group_id_event_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_assessment_state_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_assessment_state_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_assessment_state")),
        sa.UniqueConstraint(
            "group_id", "event_id", "number", name=op.f("uq_assessment_state_group_id_event_id_number")
        ),
    )
    op.create_table(
        "assessment_entry",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("deed_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("before", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("oddity", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_assessment_entry_amount")),
        sa.CheckConstraint("num_nonnulls(deed_id, member_id) = 1", name=op.f("ck_assessment_entry_payer")),
        sa.ForeignKeyConstraint(
            ["group_id", "deed_id"], ["deed.group_id", "deed.id"], name=op.f("fk_assessment_entry_group_id_deed_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "event_id"],
            ["assessment_event.group_id", "assessment_event.id"],
            name=op.f("fk_assessment_entry_group_id_event_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"],
            ["member.group_id", "member.id"],
            name=op.f("fk_assessment_entry_group_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "party_id"], ["party.group_id", "party.id"], name=op.f("fk_assessment_entry_group_id_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_assessment_entry_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_assessment_entry_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_assessment_entry")),
        sa.UniqueConstraint(
            "group_id", "event_id", "attempt", "place", name=op.f("uq_assessment_entry_group_id_event_id_attempt_place")
        ),
    )
    op.create_index("ix_assessment_entry_party", "assessment_entry", ["group_id", "party_id"], unique=False)
    op.create_table(
        "dues_charge",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("config_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_entry_id", sa.Uuid(), nullable=True),
        sa.Column("penalised_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("(kind = 'entry') = (assessment_entry_id IS NOT NULL)", name=op.f("ck_dues_charge_entry")),
        sa.CheckConstraint("(kind = 'penalty') = (penalised_id IS NOT NULL)", name=op.f("ck_dues_charge_penalty")),
        sa.CheckConstraint("kind IN ('entry', 'penalty')", name=op.f("ck_dues_charge_kind")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_dues_charge_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "assessment_entry_id"],
            ["assessment_entry.group_id", "assessment_entry.id"],
            name=op.f("fk_dues_charge_group_id_assessment_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "config_id"],
            ["assessment_config.group_id", "assessment_config.id"],
            name=op.f("fk_dues_charge_group_id_config_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_dues_charge_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "event_id"],
            ["assessment_event.group_id", "assessment_event.id"],
            name=op.f("fk_dues_charge_group_id_event_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "party_id"], ["party.group_id", "party.id"], name=op.f("fk_dues_charge_group_id_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "penalised_id"],
            ["dues_charge.group_id", "dues_charge.id"],
            name=op.f("fk_dues_charge_group_id_penalised_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_dues_charge_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"], ["unit.group_id", "unit.id"], name=op.f("fk_dues_charge_group_id_unit_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_dues_charge_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_dues_charge")),
        sa.UniqueConstraint(
            "group_id", "assessment_entry_id", name=op.f("uq_dues_charge_group_id_assessment_entry_id")
        ),
    )
    op.create_index("ix_dues_charge_due", "dues_charge", ["group_id", "due_on", "id"], unique=False)
    op.create_index("ix_dues_charge_entry", "dues_charge", ["group_id", "entry_id"], unique=False)
    op.create_index("ix_dues_charge_event", "dues_charge", ["group_id", "event_id"], unique=False)
    op.create_index("ix_dues_charge_party", "dues_charge", ["group_id", "party_id", "due_on", "id"], unique=False)
    op.create_index("ix_dues_charge_penalised", "dues_charge", ["group_id", "penalised_id"], unique=False)
    op.create_table(
        "dues_payment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("credited", sa.Numeric(precision=20, scale=4), nullable=False),
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
            "method IN ('cash', 'bank_transfer', 'mobile_money', 'check', 'other')", name=op.f("ck_dues_payment_method")
        ),
        sa.CheckConstraint("amount > 0 AND credited >= 0 AND credited <= amount", name=op.f("ck_dues_payment_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_dues_payment_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_dues_payment_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "party_id"], ["party.group_id", "party.id"], name=op.f("fk_dues_payment_group_id_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_dues_payment_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_dues_payment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_dues_payment")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_dues_payment_group_id_idempotency_key")),
    )
    op.create_index("ix_dues_payment_day", "dues_payment", ["group_id", "paid_on", "id"], unique=False)
    op.create_index("ix_dues_payment_party", "dues_payment", ["group_id", "party_id", "paid_on"], unique=False)
    op.create_table(
        "dues_settlement",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "(kind = 'write_off') = (reason_sealed IS NOT NULL)", name=op.f("ck_dues_settlement_reason")
        ),
        sa.CheckConstraint("kind IN ('write_off', 'netting')", name=op.f("ck_dues_settlement_kind")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_dues_settlement_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_dues_settlement_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "party_id"], ["party.group_id", "party.id"], name=op.f("fk_dues_settlement_group_id_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_dues_settlement_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_dues_settlement_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_dues_settlement")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_dues_settlement_group_id_idempotency_key")),
    )
    op.create_index("ix_dues_settlement_entry", "dues_settlement", ["group_id", "entry_id"], unique=False)
    op.create_index("ix_dues_settlement_party", "dues_settlement", ["group_id", "party_id"], unique=False)
    op.create_table(
        "dues_part",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("charge_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("credit_use_id", sa.Uuid(), nullable=True),
        sa.Column("settlement_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("counts_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_dues_part_amount")),
        sa.CheckConstraint(
            "num_nonnulls(payment_id, credit_use_id, settlement_id) = 1", name=op.f("ck_dues_part_source")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "charge_id"],
            ["dues_charge.group_id", "dues_charge.id"],
            name=op.f("fk_dues_part_group_id_charge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "credit_use_id"],
            ["credit_use.group_id", "credit_use.id"],
            name=op.f("fk_dues_part_group_id_credit_use_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_dues_part_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "payment_id"],
            ["dues_payment.group_id", "dues_payment.id"],
            name=op.f("fk_dues_part_group_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "settlement_id"],
            ["dues_settlement.group_id", "dues_settlement.id"],
            name=op.f("fk_dues_part_group_id_settlement_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_dues_part_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_dues_part")),
    )
    op.create_index("ix_dues_part_charge", "dues_part", ["group_id", "charge_id"], unique=False)
    op.create_index("ix_dues_part_credit_use", "dues_part", ["group_id", "credit_use_id"], unique=False)
    op.create_index("ix_dues_part_entry", "dues_part", ["group_id", "entry_id"], unique=False)
    op.create_index("ix_dues_part_payment", "dues_part", ["group_id", "payment_id"], unique=False)
    op.create_index("ix_dues_part_settlement", "dues_part", ["group_id", "settlement_id"], unique=False)
    op.create_table(
        "dues_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_kind", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "original_kind IN ('dues_charge', 'assessment_event', 'dues_payment', 'dues_settlement')",
            name=op.f("ck_dues_reversal_original_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_dues_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_dues_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_dues_reversal")),
        sa.UniqueConstraint(
            "group_id", "original_kind", "original_id", name=op.f("uq_dues_reversal_group_id_original_kind_original_id")
        ),
    )
    # ### end Alembic commands ###

    tenant_table(op, "assessment_config", update=TERMS)
    for table in FINANCIAL:
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
