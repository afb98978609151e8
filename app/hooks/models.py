"""Addresses of other programs, and each message to one of them with what became of it."""

import enum
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite


class HookState(enum.StrEnum):
    """Whether an address is told: `failing` was paused by us, `ended` is for good."""

    ACTIVE = "active"
    PAUSED = "paused"
    FAILING = "failing"
    ENDED = "ended"


class DeliveryState(enum.StrEnum):
    """Where a message is. `sending` is committed before the first byte leaves."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"  # the address was paused or ended meanwhile


def _one_of(states: type[enum.StrEnum]) -> str:
    return f"state IN ({', '.join(repr(state.value) for state in states)})"


class HookAddress(Tenant, Base):
    """An address and the events it wants. It may be a key itself, so it is sealed as the secrets are."""

    __tablename__ = "hook_address"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        composite("created_by", to="member"),
        sa.CheckConstraint(_one_of(HookState), name="state"),
        sa.Index("ix_hook_address_created_by", "group_id", "created_by"),
    )

    url: Mapped[bytes]
    secret: Mapped[bytes]
    earlier_secret: Mapped[bytes | None]
    earlier_until: Mapped[datetime | None]
    events: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default=HookState.ACTIVE.value)
    idempotency_key: Mapped[str]
    created_by: Mapped[uuid.UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    failing_since: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]


class HookDelivery(Tenant, Base):
    """A message to an address; its id is the one the receiver sees, however often it is sent."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "hook_id", "event_id"),
        composite("hook_id", to="hook_address"),
        sa.CheckConstraint(_one_of(DeliveryState), name="state"),
        sa.Index("ix_hook_delivery_hook", "group_id", "hook_id", "created_at", "id"),
        sa.Index("ix_hook_delivery_created_at", "group_id", "created_at"),
    )

    hook_id: Mapped[uuid.UUID]
    event_id: Mapped[uuid.UUID]  # of the audit log
    event: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[uuid.UUID | None]
    occurred_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=DeliveryState.WAITING.value)
    turn: Mapped[int] = mapped_column(default=0)  # the outbox message of another turn has nothing to do any more
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    code: Mapped[int | None]
    problem: Mapped[str | None]
    took: Mapped[int | None]  # milliseconds
