"""Rules of late penalties, proposals by them, and what became of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, run, tenant_table

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TERMS = (
    "name",
    "days",
    "kind",
    "value",
    "base",
    "minimum",
    "cap",
    "repeats",
    "config_id",
    "set_id",
    "due_from",
    "active",
)


def upgrade() -> None:
    op.create_table(
        "penalty_rule",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("minimum", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("cap", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("repeats", sa.Text(), nullable=False),
        sa.Column("config_id", sa.Uuid(), nullable=True),
        sa.Column("set_id", sa.Uuid(), nullable=True),
        sa.Column("due_from", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.CheckConstraint("base IN ('unpaid_balance', 'original')", name=op.f("ck_penalty_rule_base")),
        sa.CheckConstraint("kind IN ('percentage', 'fixed')", name=op.f("ck_penalty_rule_kind")),
        sa.CheckConstraint("repeats IN ('once', 'monthly')", name=op.f("ck_penalty_rule_repeats")),
        sa.CheckConstraint("value > 0 AND (kind = 'fixed' OR value <= 100)", name=op.f("ck_penalty_rule_value")),
        sa.CheckConstraint("days BETWEEN 0 AND 3650", name=op.f("ck_penalty_rule_days")),
        sa.CheckConstraint("minimum >= 0 AND (cap IS NULL OR cap > 0)", name=op.f("ck_penalty_rule_limits")),
        sa.CheckConstraint("num_nonnulls(config_id, set_id) <= 1", name=op.f("ck_penalty_rule_place")),
        sa.ForeignKeyConstraint(
            ["group_id", "config_id"],
            ["assessment_config.group_id", "assessment_config.id"],
            name=op.f("fk_penalty_rule_group_id_config_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "made_by"], ["member.group_id", "member.id"], name=op.f("fk_penalty_rule_group_id_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "set_id"],
            ["allocation_set.group_id", "allocation_set.id"],
            name=op.f("fk_penalty_rule_group_id_set_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_penalty_rule_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_penalty_rule")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_penalty_rule_group_id_idempotency_key")),
    )
    op.create_index(
        "uq_penalty_rule_config",
        "penalty_rule",
        ["group_id", "config_id"],
        unique=True,
        postgresql_where=sa.text("active"),
    )
    op.create_index(
        "uq_penalty_rule_general",
        "penalty_rule",
        ["group_id"],
        unique=True,
        postgresql_where=sa.text("active AND config_id IS NULL AND set_id IS NULL"),
    )
    op.create_index("uq_penalty_rule_name", "penalty_rule", ["group_id", sa.text("lower(name)")], unique=True)
    op.create_index(
        "uq_penalty_rule_set", "penalty_rule", ["group_id", "set_id"], unique=True, postgresql_where=sa.text("active")
    )
    op.create_table(
        "penalty_proposal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("charge_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("late_on", sa.Date(), nullable=False),
        sa.Column("base", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("right_amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("undoes_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'reversal') = (undoes_id IS NOT NULL)", name=op.f("ck_penalty_proposal_undoes")),
        sa.CheckConstraint("kind IN ('penalty', 'reversal')", name=op.f("ck_penalty_proposal_kind")),
        sa.CheckConstraint("period ~ '^[0-9]{4}-[0-9]{2}$'", name=op.f("ck_penalty_proposal_period")),
        sa.CheckConstraint(
            "amount > 0 AND base >= 0 AND right_amount >= 0 AND revision >= 0", name=op.f("ck_penalty_proposal_amount")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "charge_id"],
            ["dues_charge.group_id", "dues_charge.id"],
            name=op.f("fk_penalty_proposal_group_id_charge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "rule_id"],
            ["penalty_rule.group_id", "penalty_rule.id"],
            name=op.f("fk_penalty_proposal_group_id_rule_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "undoes_id"],
            ["penalty_proposal.group_id", "penalty_proposal.id"],
            name=op.f("fk_penalty_proposal_group_id_undoes_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_penalty_proposal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_penalty_proposal")),
        sa.UniqueConstraint(
            "group_id",
            "charge_id",
            "period",
            "kind",
            "revision",
            name=op.f("uq_penalty_proposal_group_id_charge_id_period_kind_revision"),
        ),
    )
    op.create_index("ix_penalty_proposal_undoes", "penalty_proposal", ["group_id", "undoes_id"], unique=False)
    op.create_table(
        "penalty_decision",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("dues_charge_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'declined') = (reason_sealed IS NOT NULL)", name=op.f("ck_penalty_decision_reason")
        ),
        sa.CheckConstraint(
            "(outcome = 'posted') = (dues_charge_id IS NOT NULL)", name=op.f("ck_penalty_decision_charge")
        ),
        sa.CheckConstraint("outcome IN ('posted', 'declined', 'withdrawn')", name=op.f("ck_penalty_decision_outcome")),
        sa.ForeignKeyConstraint(
            ["group_id", "decided_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_penalty_decision_group_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "dues_charge_id"],
            ["dues_charge.group_id", "dues_charge.id"],
            name=op.f("fk_penalty_decision_group_id_dues_charge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "proposal_id"],
            ["penalty_proposal.group_id", "penalty_proposal.id"],
            name=op.f("fk_penalty_decision_group_id_proposal_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_penalty_decision_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_penalty_decision")),
        sa.UniqueConstraint("group_id", "proposal_id", name=op.f("uq_penalty_decision_group_id_proposal_id")),
    )
    op.create_index("ix_penalty_decision_charge", "penalty_decision", ["group_id", "dues_charge_id"], unique=False)

    tenant_table(op, "penalty_rule", update=TERMS)
    for table in ("penalty_proposal", "penalty_decision"):
        tenant_table(op, table)
        append_only(op, table)
    # The reason may name somebody who is erased later: that, and nothing else, may put the name out.
    run(
        op,
        """
        DROP TRIGGER append_only ON penalty_decision;
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON penalty_decision
            FOR EACH ROW EXECUTE FUNCTION app.refuse_change_before_time('reason_sealed', '', '');
        GRANT UPDATE (reason_sealed) ON penalty_decision TO pp_worker;
        """,
    )
