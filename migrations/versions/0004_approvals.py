"""Cash accounts, and movements that wait for a second person."""

import sqlalchemy as sa
from alembic import op

from migrations.tables import append_only, tenant_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cash_account",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "method IN ('bank', 'mobile_money', 'petty_cash', 'other')", name=op.f("ck_cash_account_method")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_cash_account_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_cash_account")),
    )
    op.create_index("uq_cash_account_name", "cash_account", ["group_id", sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "approval_request",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id", "requested_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_approval_request_group_id_requested_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_approval_request_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_approval_request")),
        sa.UniqueConstraint(
            "group_id", "id", "requested_by", name=op.f("uq_approval_request_group_id_id_requested_by")
        ),
        sa.UniqueConstraint("group_id", "idempotency_key", name=op.f("uq_approval_request_group_id_idempotency_key")),
    )
    op.create_table(
        "approval_decision",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("first_entry", sa.BigInteger(), nullable=True),
        sa.Column("last_entry", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('approved', 'rejected', 'withdrawn', 'unchecked')", name=op.f("ck_approval_decision_decision")
        ),
        sa.CheckConstraint(
            "decision NOT IN ('approved', 'rejected') OR decided_by <> requested_by",
            name=op.f("ck_approval_decision_second"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "decided_by"],
            ["member.group_id", "member.id"],
            name=op.f("fk_approval_decision_group_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "request_id", "requested_by"],
            ["approval_request.group_id", "approval_request.id", "approval_request.requested_by"],
            name=op.f("fk_approval_decision_group_id_request_id_requested_by"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=op.f("fk_approval_decision_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_approval_decision")),
        sa.UniqueConstraint("group_id", "request_id", name=op.f("uq_approval_decision_group_id_request_id")),
    )
    op.create_index(
        "ix_approval_decision_entries", "approval_decision", ["group_id", "first_entry", "last_entry"], unique=False
    )

    tenant_table(op, "cash_account", update=("name", "method", "number", "closed_at"))
    for table in ("approval_request", "approval_decision"):
        tenant_table(op, table)
        append_only(op, table)
