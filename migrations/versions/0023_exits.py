"""Requests to leave or withdraw and their queue, the money set aside for it, and penalties kept back at a closing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import append_only, function, run, tenant_table

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = (
    "exit_request",
    "exit_state",
    "exit_adjustment",
    "liquidity_event",
    "exit_fulfilment",
    "exits_reversal",
    "penalty_netting",
)
WORDS = {"liquidity_event": "note_sealed", "exits_reversal": "reason_sealed"}


def upgrade() -> None:
    op.create_table(
        "exit_request",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("gross", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("working", postgresql.JSONB(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.CheckConstraint("gross >= 0 AND (gross > 0 OR kind = 'exit')", name=op.f("ck_exit_request_gross")),
        sa.CheckConstraint("kind IN ('exit', 'withdrawal')", name=op.f("ck_exit_request_kind")),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_exit_request_sequence")),
        sa.ForeignKeyConstraint(
            ["group_id", "member_id"], ["member.group_id", "member.id"], name=op.f("fk_exit_request_group_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "requested_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_exit_request_group_id_requested_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_exit_request_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_exit_request")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_exit_request_group_id_idempotency_key")),
        sa.UniqueConstraint("group_id", "sequence", name=op.f("uq_exit_request_group_id_sequence")),
    )
    op.create_index("ix_exit_request_member", "exit_request", ["group_id", "member_id"], unique=False)
    op.create_table(
        "exit_state",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("entry_id IS NULL OR state IN ('cancelled', 'closed')", name=op.f("ck_exit_state_entry")),
        sa.CheckConstraint(
            "state IN ('queued', 'partially_fulfilled', 'fulfilled', 'cancelled', 'closed')",
            name=op.f("ck_exit_state_state"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_exit_state_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_exit_state_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id"],
            ["exit_request.group_id", "exit_request.id"],
            name=op.f("fk_exit_state_group_id_request_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_exit_state_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_exit_state")),
        sa.UniqueConstraint("group_id", "request_id", "number", name=op.f("uq_exit_state_group_id_request_id_number")),
    )
    op.create_index(
        "uq_exit_state_ended",
        "exit_state",
        ["group_id", "request_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('cancelled', 'closed')"),
    )
    op.create_table(
        "exit_adjustment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_exit_adjustment_amount")),
        sa.CheckConstraint("num_nonnulls(source_kind, source_id) <> 1", name=op.f("ck_exit_adjustment_source")),
        sa.ForeignKeyConstraint(
            ["group_id", "approved_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_exit_adjustment_group_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_exit_adjustment_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id"],
            ["exit_request.group_id", "exit_request.id"],
            name=op.f("fk_exit_adjustment_group_id_request_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_exit_adjustment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_exit_adjustment")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_exit_adjustment_group_id_idempotency_key")),
    )
    op.create_index("ix_exit_adjustment_request", "exit_adjustment", ["group_id", "request_id"], unique=False)
    op.create_index("ix_exit_adjustment_source", "exit_adjustment", ["group_id", "source_id"], unique=False)
    op.create_table(
        "liquidity_event",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cash_account_id", sa.Uuid(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "type IN ('contribution_pool', 'asset_sale', 'loan_repayment', 'deposit', 'other')",
            name=op.f("ck_liquidity_event_type"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_liquidity_event_amount")),
        sa.CheckConstraint("num_nonnulls(source_kind, source_id) <> 1", name=op.f("ck_liquidity_event_source")),
        sa.ForeignKeyConstraint(
            ["group_id", "cash_account_id"],
            ["cash_account.group_id", "cash_account.id"],
            name=op.f("fk_liquidity_event_group_id_cash_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_liquidity_event_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_liquidity_event_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_liquidity_event")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_liquidity_event_group_id_idempotency_key")),
        sa.UniqueConstraint(
            "group_id", "source_kind", "source_id", name=op.f("uq_liquidity_event_group_id_source_kind_source_id")
        ),
    )
    op.create_index("ix_liquidity_event_at", "liquidity_event", ["group_id", "occurred_at", "id"], unique=False)
    op.create_table(
        "exit_fulfilment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("deductions", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("fulfilled_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_exit_fulfilment_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_exit_fulfilment_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "event_id"],
            ["liquidity_event.group_id", "liquidity_event.id"],
            name=op.f("fk_exit_fulfilment_group_id_event_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id"],
            ["exit_request.group_id", "exit_request.id"],
            name=op.f("fk_exit_fulfilment_group_id_request_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_exit_fulfilment_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_exit_fulfilment")),
        sa.UniqueConstraint("group_id", "event_id", "number", name=op.f("uq_exit_fulfilment_group_id_event_id_number")),
    )
    op.create_index("ix_exit_fulfilment_request", "exit_fulfilment", ["group_id", "request_id"], unique=False)
    op.create_table(
        "exits_reversal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_kind", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "original_kind IN ('exit_fulfilment', 'liquidity_event')", name=op.f("ck_exits_reversal_original_kind")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_exits_reversal_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "recorded_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_exits_reversal_group_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_exits_reversal_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_exits_reversal")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_exits_reversal_group_id_idempotency_key")),
    )
    op.create_index(
        "ix_exits_reversal_original", "exits_reversal", ["group_id", "original_kind", "original_id"], unique=False
    )
    op.create_index(
        "uq_exits_reversal_fulfilment",
        "exits_reversal",
        ["group_id", "original_id"],
        unique=True,
        postgresql_where=sa.text("original_kind = 'exit_fulfilment'"),
    )
    op.create_table(
        "penalty_netting",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("penalty_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_penalty_netting_amount")),
        sa.ForeignKeyConstraint(
            ["group_id", "entry_id"], ["entry.group_id", "entry.id"], name=op.f("fk_penalty_netting_group_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "penalty_id"],
            ["penalty.group_id", "penalty.id"],
            name=op.f("fk_penalty_netting_group_id_penalty_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_penalty_netting_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_penalty_netting")),
        sa.UniqueConstraint(
            "group_id", "penalty_id", "entry_id", name=op.f("uq_penalty_netting_group_id_penalty_id_entry_id")
        ),
    )
    op.create_index("ix_penalty_netting_entry", "penalty_netting", ["group_id", "entry_id"], unique=False)
    op.create_index("ix_hold_source", "hold", ["group_id", "source_kind", "source_id"], unique=False)
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
    function(op, "exit_amounts_v1")
