"""Runs of a month's receipts, the receipts themselves, what reverses them, and owners' choices of how they are taxed.

A receipt counts while no `receipt_reversal` names it. For an assignment and a period the first one follows nothing and
each later one follows the reversal of the one before, so the database itself keeps one at most.
"""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tenancy import Base, Tenant, composite

PERIOD = "period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'"
PERCENT = sa.Numeric(7, 4)


class RentBatch(Tenant, Base):
    """A run of a month's receipts, of all units or of one. How far it is stands in its message of the outbox."""

    __tablename__ = "rent_batch"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "idempotency_key"),
        # Two who start the same run at one moment: the second one's row is refused, and it finds the first.
        sa.UniqueConstraint("group_id", "period", "unit_id", "turn", postgresql_nulls_not_distinct=True),
        composite("unit_id", to="unit"),
        composite("started_by", to="member"),
        composite("message_id", to="outbox"),
        sa.CheckConstraint(PERIOD, name="period"),
    )

    period: Mapped[str]
    unit_id: Mapped[uuid.UUID | None]  # None: every unit
    turn: Mapped[int]  # the how manyth run of this month it is
    idempotency_key: Mapped[str]
    started_by: Mapped[uuid.UUID]
    started_at: Mapped[datetime]
    message_id: Mapped[uuid.UUID]


class RentBatchStep(Tenant, Base):
    """A chunk of a run: the units it went through, up to which code, and what came of them."""

    __tablename__ = "rent_batch_step"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "batch_id", "number"),
        composite("batch_id", to="rent_batch"),
    )

    batch_id: Mapped[uuid.UUID]
    number: Mapped[int]
    upto: Mapped[str]  # the code of its last unit
    units: Mapped[int]
    receipts: Mapped[int]  # issued
    known: Mapped[int]  # that stood before
    skipped: Mapped[int]  # units
    amount: Mapped[Decimal]  # of the issued: gross, charges, withheld
    charges: Mapped[Decimal]
    withheld: Mapped[Decimal]
    at: Mapped[datetime]


class RentBatchSkip(Tenant, Base):
    """A unit for which a run issued nothing, and why."""

    __tablename__ = "rent_batch_skip"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "batch_id", "unit_id"),
        composite("batch_id", to="rent_batch"),
        composite("unit_id", to="unit"),
        sa.CheckConstraint("reason IN ('gap', 'not_let', 'nothing', 'changed')", name="reason"),
        sa.Index("ix_rent_batch_skip_code", "group_id", "batch_id", "unit_code"),
    )

    batch_id: Mapped[uuid.UUID]
    unit_id: Mapped[uuid.UUID]
    unit_code: Mapped[str]
    reason: Mapped[str]
    why: Mapped[str | None]  # of a gap, in the group's language


class RentBatchYear(Tenant, Base):
    """What an owner gets from a payer in the year of a run's month, as it was known then: it decides the rate."""

    __tablename__ = "rent_batch_year"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "batch_id", "owner_id", "client_id"),
        composite("batch_id", to="rent_batch"),
        composite("owner_id", to="party"),
        composite("client_id", to="party"),
    )

    batch_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    gross: Mapped[Decimal]


class Receipt(Tenant, Base):
    """What one owner is to receive of a unit's rent of one month. `amount` is the gross part of the rent.

    The client owes `net + charges`; `withheld` goes from the client to the state.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "year", "number"),
        sa.UniqueConstraint(
            "group_id", "assignment_id", "period", "after_id", name="uq_receipt_one", postgresql_nulls_not_distinct=True
        ),
        sa.UniqueConstraint("group_id", "id", "assignment_id", "period", name="uq_receipt_same"),
        sa.ForeignKeyConstraint(
            ["group_id", "after_id", "assignment_id", "period"],
            [f"receipt_reversal.{name}" for name in ("group_id", "id", "assignment_id", "period")],
            name="fk_receipt_after",
            use_alter=True,
        ),
        composite("batch_id", to="rent_batch"),
        composite("assignment_id", to="assignment"),
        composite("unit_id", to="unit"),
        composite("owner_id", to="party"),
        composite("client_id", to="party"),
        composite("lease_id", to="lease"),
        composite("issued_by", to="member"),
        composite("entry_id", to="entry"),
        sa.CheckConstraint(PERIOD, name="period"),
        sa.CheckConstraint("amount >= 0 AND charges >= 0 AND withheld >= 0 AND net >= 0", name="amounts"),
        sa.CheckConstraint("net + charges > 0 AND net = amount - withheld", name="net"),
        sa.CheckConstraint("ras_ir = (rate > 0) AND (ras_ir OR withheld = 0)", name="tax"),
        sa.Index("ix_receipt_unit", "group_id", "unit_id", "period"),
        sa.Index("ix_receipt_owner", "group_id", "owner_id", "period"),
        sa.Index("ix_receipt_client", "group_id", "client_id", "period"),
        sa.Index("ix_receipt_batch", "group_id", "batch_id", "year", "number"),
        sa.Index("ix_receipt_period", "group_id", "period", "year", "number"),
    )

    year: Mapped[int]  # in which it was issued; numbers are gapless in it
    number: Mapped[int]
    batch_id: Mapped[uuid.UUID | None]  # None: it replaced another one
    assignment_id: Mapped[uuid.UUID]
    unit_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    lease_id: Mapped[uuid.UUID]
    period: Mapped[str]
    percent: Mapped[Decimal] = mapped_column(PERCENT)  # of the unit's rent of that month
    rent: Mapped[Decimal]  # all of it: a lease may tell another amount for its last month later
    amount: Mapped[Decimal]
    charges: Mapped[Decimal]
    ras_ir: Mapped[bool]  # tax is withheld at the source
    rate: Mapped[Decimal] = mapped_column(PERCENT)
    final: Mapped[bool]  # the owner chose the rate that ends the matter
    annual_gross: Mapped[Decimal | None]  # what decided the rate, where the payer must withhold
    withheld: Mapped[Decimal]
    net: Mapped[Decimal]
    due_on: Mapped[date]
    issued_by: Mapped[uuid.UUID]
    issued_at: Mapped[datetime]
    hash: Mapped[bytes]
    entry_id: Mapped[uuid.UUID]
    after_id: Mapped[uuid.UUID | None]  # the reversal that it follows, of the same assignment and period

    @property
    def owed(self) -> Decimal:
        """What the client owes for it."""
        return self.net + self.charges


class ReceiptReversal(Tenant, Base):
    """A receipt taken back, with a number of its own among the receipts of the year."""

    __tablename__ = "receipt_reversal"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "year", "number"),
        sa.UniqueConstraint("group_id", "receipt_id"),
        sa.UniqueConstraint("group_id", "id", "assignment_id", "period", name="uq_receipt_reversal_same"),
        sa.ForeignKeyConstraint(
            ["group_id", "receipt_id", "assignment_id", "period"],
            [f"receipt.{name}" for name in ("group_id", "id", "assignment_id", "period")],
            name="fk_receipt_reversal_receipt",
        ),
        composite("reversed_by", to="member"),
        composite("approved_by", to="member"),
        composite("entry_id", to="entry"),
    )

    year: Mapped[int]
    number: Mapped[int]
    receipt_id: Mapped[uuid.UUID]
    assignment_id: Mapped[uuid.UUID]  # of the receipt, so that what follows is of the same
    period: Mapped[str]
    reason_sealed: Mapped[bytes]
    effective_on: Mapped[date]
    reversed_by: Mapped[uuid.UUID]
    approved_by: Mapped[uuid.UUID | None]
    reversed_at: Mapped[datetime]
    hash: Mapped[bytes]
    entry_id: Mapped[uuid.UUID]


class TaxOption(Tenant, Base):
    """An owner's choice for rents of one payer: the final rate from a month on, or no longer. The latest row counts."""

    __tablename__ = "tax_option"
    __table_args__ = (
        composite("owner_id", to="party"),
        composite("client_id", to="party"),
        composite("recorded_by", to="member"),
        sa.CheckConstraint("extract(day FROM starts_on) = 1", name="month"),
        sa.Index("ix_tax_option_owner", "group_id", "owner_id", "client_id", "starts_on"),
    )

    owner_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    starts_on: Mapped[date]
    final: Mapped[bool]
    recorded_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
