"""Addresses that are told of what happened."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tables import tenant_table

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hook_address",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("earlier_secret", sa.LargeBinary(), nullable=True),
        sa.Column("earlier_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('active', 'paused', 'failing', 'ended')", name=op.f("ck_hook_address_state")),
        sa.ForeignKeyConstraint(
            ["group_id", "created_by"], ["member.group_id", "member.id"], name=("fk_hook_address_group_id_created_by")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=("fk_hook_address_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=("pk_hook_address")),
        sa.UniqueConstraint("group_id", "idempotency_key", name=("uq_hook_address_group_id_idempotency_key")),
    )
    op.create_index("ix_hook_address_created_by", "hook_address", ["group_id", "created_by"], unique=False)
    op.create_table(
        "hook_delivery",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hook_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("took", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'delivered', 'failed', 'skipped')", name=op.f("ck_hook_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "hook_id"],
            ["hook_address.group_id", "hook_address.id"],
            name=("fk_hook_delivery_group_id_hook_id"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["savings_group.id"], name=("fk_hook_delivery_group_id")),
        sa.PrimaryKeyConstraint("group_id", "id", name=("pk_hook_delivery")),
        sa.UniqueConstraint("group_id", "hook_id", "event_id", name=("uq_hook_delivery_group_id_hook_id_event_id")),
    )
    op.create_index("ix_hook_delivery_created_at", "hook_delivery", ["group_id", "created_at"], unique=False)
    op.create_index("ix_hook_delivery_hook", "hook_delivery", ["group_id", "hook_id", "created_at", "id"], unique=False)
    hook = ("url", "secret", "earlier_secret", "earlier_until", "state", "failures", "failing_since", "held_until")
    tenant_table(op, "hook_address", update=(*hook, "delivered_at"))
    delivery = ("state", "turn", "tries", "tried_at", "next_at", "code", "problem", "took")
    tenant_table(op, "hook_delivery", update=delivery, delete=True)
