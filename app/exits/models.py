"""Requests to leave or withdraw, how far each is, the money set aside for them, and what it made payable."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class ExitRequest(Tenant, Base):
    """A wish to leave with everything, or to withdraw a part of one's savings; it never changes.

    `sequence` counts the group's requests without gaps and is the order of the queue. `gross` was frozen with its
    `working`: a mapping of names to amounts as text.
    """

    __tablename__ = "exit_request"
    __table_args__ = (
        composite("member_id", to="member"),
        composite("requested_by", to="member"),
        sa.UniqueConstraint("group_id", "sequence"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("kind IN ('exit', 'withdrawal')", name="kind"),
        sa.CheckConstraint("gross >= 0 AND (gross > 0 OR kind = 'exit')", name="gross"),
        sa.CheckConstraint("sequence > 0", name="sequence"),
        sa.Index("ix_exit_request_member", "group_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    sequence: Mapped[int]
    gross: Mapped[Decimal]
    working: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime]
    requested_by: Mapped[uuid.UUID | None]
    idempotency_key: Mapped[str]


class ExitState(Tenant, Base):
    """How far a request is, from a moment on; the row with the highest `number` counts.

    `entry_id` is the entry of a closing, or of a cancellation after something was fulfilled.
    """

    __tablename__ = "exit_state"
    __table_args__ = (
        composite("request_id", to="exit_request"),
        composite("entry_id", to="entry"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "request_id", "number"),
        sa.CheckConstraint(
            "state IN ('queued', 'partially_fulfilled', 'fulfilled', 'cancelled', 'closed')", name="state"
        ),
        sa.CheckConstraint("entry_id IS NULL OR state IN ('cancelled', 'closed')", name="entry"),
        sa.Index(
            "uq_exit_state_ended",
            "group_id",
            "request_id",
            unique=True,
            postgresql_where=sa.text("state IN ('cancelled', 'closed')"),
        ),
    )

    request_id: Mapped[uuid.UUID]
    number: Mapped[int]
    state: Mapped[str]
    entry_id: Mapped[uuid.UUID | None]
    reason_sealed: Mapped[bytes | None]  # why it was cancelled, with the member's key
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime]


class ExitAdjustment(Tenant, Base):
    """A change of what a request comes to: agreed by officers, or the part that a buy-out (`source`) took over."""

    __tablename__ = "exit_adjustment"
    __table_args__ = (
        composite("request_id", to="exit_request"),
        composite("recorded_by", to="member"),
        composite("approved_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.CheckConstraint("num_nonnulls(source_kind, source_id) <> 1", name="source"),
        sa.Index("ix_exit_adjustment_request", "group_id", "request_id"),
        sa.Index("ix_exit_adjustment_source", "group_id", "source_id"),
    )

    request_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]  # positive for more
    source_kind: Mapped[str | None]
    source_id: Mapped[uuid.UUID | None]
    reason_sealed: Mapped[bytes | None]  # with the member's key
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    approved_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class LiquidityEvent(Tenant, Base):
    """Money of a cash account that is set aside for the queue; what is unspent of it is held there.

    `source` is the record that it is a part of, where the policy made it; of each record there is one event.
    """

    __tablename__ = "liquidity_event"
    __table_args__ = (
        composite("cash_account_id", to="cash_account"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.UniqueConstraint("group_id", "source_kind", "source_id"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("num_nonnulls(source_kind, source_id) <> 1", name="source"),
        sa.CheckConstraint(
            "type IN ('contribution_pool', 'asset_sale', 'loan_repayment', 'deposit', 'other')", name="type"
        ),
        sa.Index("ix_liquidity_event_at", "group_id", "occurred_at", "id"),
    )

    amount: Mapped[Decimal]
    type: Mapped[str]
    occurred_at: Mapped[datetime]
    cash_account_id: Mapped[uuid.UUID]
    source_kind: Mapped[str | None]
    source_id: Mapped[uuid.UUID | None]
    note_sealed: Mapped[bytes | None]  # with the group's key
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class ExitFulfilment(Tenant, Base):
    """A part of an event that made a part of a request payable.

    `number` counts the fulfilments of the event: two that took from it at one moment, each without knowing of the
    other, cannot both be written.
    """

    __tablename__ = "exit_fulfilment"
    __table_args__ = (
        composite("event_id", to="liquidity_event"),
        composite("request_id", to="exit_request"),
        composite("entry_id", to="entry"),
        sa.UniqueConstraint("group_id", "event_id", "number"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_exit_fulfilment_request", "group_id", "request_id"),
    )

    event_id: Mapped[uuid.UUID]
    number: Mapped[int]
    request_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    deductions: Mapped[Decimal]  # what was kept back of the request at that moment, since the member owed it
    fulfilled_on: Mapped[date]
    entry_id: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class ExitsReversal(Tenant, Base):
    """A fulfilment taken back before it was paid, or what was unspent (`amount`) of an event."""

    __tablename__ = "exits_reversal"
    __table_args__ = (
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("original_kind IN ('exit_fulfilment', 'liquidity_event')", name="original_kind"),
        sa.Index("ix_exits_reversal_original", "group_id", "original_kind", "original_id"),
        sa.Index(
            "uq_exits_reversal_fulfilment",
            "group_id",
            "original_id",
            unique=True,
            postgresql_where=sa.text("original_kind = 'exit_fulfilment'"),
        ),
    )

    original_kind: Mapped[str]
    original_id: Mapped[uuid.UUID]
    amount: Mapped[Decimal]
    subject_id: Mapped[uuid.UUID]  # a member, or of an event the group's own id: whose key seals the reason
    reason_sealed: Mapped[bytes]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
