"""Leases, assignments of entitlement, and the month from which the turns of a unit are counted; no money is here."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite

PERCENT = sa.Numeric(7, 4)


class Lease(Tenant, Base):
    """A unit let to a client: what is asked for each month in which it is in force, on the month's first day."""

    __tablename__ = "lease"
    __table_args__ = (
        composite("unit_id", to="unit"),
        composite("client_id", to="party"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("rent > 0", name="rent"),
        sa.CheckConstraint("charges >= 0 AND deposit >= 0", name="amounts"),
        sa.CheckConstraint("first_amount >= 0 AND last_amount >= 0", name="other_amounts"),
        sa.CheckConstraint("day_due BETWEEN 1 AND 28", name="day_due"),
        sa.CheckConstraint("ends_on >= starts_on - 1", name="days"),
        sa.Index("ix_lease_unit", "group_id", "unit_id", "starts_on"),
        sa.Index("ix_lease_client", "group_id", "client_id"),
    )

    unit_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    rent: Mapped[Decimal]
    charges: Mapped[Decimal]
    deposit: Mapped[Decimal]  # what is asked; what was received stands with the receipts
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    day_due: Mapped[int]
    first_amount: Mapped[Decimal | None]  # the rent of its first month, where it is another; 0: it is free
    last_amount: Mapped[Decimal | None]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Assignment(Tenant, Base):
    """Who is entitled to a unit's rent, how much of it and when it is their turn; it never depends on receipts."""

    __tablename__ = "assignment"
    __table_args__ = (
        composite("unit_id", to="unit"),
        composite("owner_id", to="party"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "idempotency_key"),
        sa.CheckConstraint("share_percent > 0 AND share_percent <= 100", name="share_percent"),
        sa.CheckConstraint(
            "CASE alternation WHEN 'none' THEN cycle_length IS NULL AND cycle_position IS NULL"
            " WHEN 'odd_even' THEN cycle_length IS NULL AND coalesce(cycle_position, 0) BETWEEN 1 AND 2"
            " WHEN 'cycle' THEN coalesce(cycle_length, 0) BETWEEN 2 AND 60"
            " AND coalesce(cycle_position, 0) BETWEEN 1 AND cycle_length ELSE false END",
            name="turn",
        ),
        sa.CheckConstraint("ends_on >= starts_on - 1", name="days"),
        sa.Index("ix_assignment_unit", "group_id", "unit_id", "starts_on"),
        sa.Index("ix_assignment_owner", "group_id", "owner_id"),
    )

    unit_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID]
    share_percent: Mapped[Decimal | None] = mapped_column(PERCENT)  # None: all that the fixed rows leave
    alternation: Mapped[str]
    cycle_length: Mapped[int | None]
    cycle_position: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    idempotency_key: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class UnitCycle(Tenant, Base):
    """The month, by its first day, from which the turns of a unit's co-owners are counted: one for all of them."""

    __tablename__ = "unit_cycle"
    __table_args__ = (
        composite("unit_id", to="unit"),
        composite("recorded_by", to="member"),
        sa.UniqueConstraint("group_id", "unit_id"),
        sa.CheckConstraint("extract(day FROM anchor) = 1", name="anchor"),
    )

    unit_id: Mapped[uuid.UUID]
    anchor: Mapped[date]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
