"""Reads of deposits: what is held for each lease, and every movement."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.periods import Month
from app.credits.rules import ZERO
from app.credits.sealing import opened, place_of
from app.groups.queries import group, names
from app.ledgers.cash import cash_account
from app.ledgers.heads import today
from app.ledgers.models import CashAccount, Entry
from app.receipts.payment_models import DepositMovement, ReceiptPart, RentMoneyReversal
from app.receipts.payments_errors import NoSuchDeposit
from app.receipts.payments_queries import PartLine, Undone, entry_of, part_lines, undone_of
from app.registry.models import Unit
from app.registry.queries import PartyNamed, parties_named
from app.rentals.errors import NoSuchLease
from app.rentals.models import Lease
from app.web.filters import money
from app.web.keyset import Cursor, Slice, slice_of

reference_place = place_of("deposit_movement", "reference")
why_place = place_of("deposit_movement", "reason")


@dataclass(frozen=True)
class LeaseLine:
    """A lease with its client and what is held of the deposit that it asks for."""

    lease: Lease
    unit_code: str
    client: PartyNamed
    held: Decimal
    seen_on: date

    @property
    def missing(self) -> Decimal:
        """What is asked for and not held; nothing once the lease has ended, or where more is held."""
        over = self.lease.ends_on is not None and self.lease.ends_on < self.seen_on
        return ZERO if over else max(self.lease.deposit - self.held, ZERO)

    @property
    def to_decide(self) -> bool:
        """Whether what is held is to be given back or kept: from the last month of the lease on."""
        ends = self.lease.ends_on
        return bool(self.held) and ends is not None and Month.of(ends).first <= self.seen_on


@dataclass(frozen=True)
class MovementLine:
    """A movement in a list; `place` is the cash account, None where the deposit was kept."""

    movement: DepositMovement
    place: str | None
    reversed: bool


@dataclass(frozen=True)
class MovementView:
    """Everything that the page of a movement shows; `parts` are the receipts that a kept deposit paid."""

    movement: DepositMovement
    lease: LeaseLine
    place: str | None
    reference: str | None
    reason: str | None
    recorder: str | None
    entry: Entry
    parts: Sequence[PartLine]
    undone: Undone | None


def _signed() -> sa.ColumnElement[Decimal]:
    return sa.case((DepositMovement.kind == "in", DepositMovement.amount), else_=-DepositMovement.amount)


def _counts() -> sa.ColumnElement[bool]:
    return ~sa.exists().where(
        RentMoneyReversal.movement_id == DepositMovement.id, RentMoneyReversal.group_id == DepositMovement.group_id
    )


def held_of(lease_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What is held of the deposit of each of these leases; nothing is zero."""
    wanted = sa.select(DepositMovement.lease_id, sa.func.sum(_signed())).where(_counts())
    rows = session().execute(wanted.where(DepositMovement.lease_id.in_(lease_ids)).group_by(DepositMovement.lease_id))
    return dict.fromkeys(lease_ids, ZERO) | {lease_id: Decimal(amount) for lease_id, amount in rows}


def held_in_all() -> Decimal:
    """What is held for all leases."""
    return Decimal(session().scalar(sa.select(sa.func.coalesce(sa.func.sum(_signed()), 0)).where(_counts())) or 0)


def resting_on_lease(lease_id: uuid.UUID) -> list[str]:
    """What rests on a lease: its deposit, while some of it is held."""
    if not (held := held_of([lease_id])[lease_id]):
        return []
    sentence = _("%(held)s of its deposit is held: give it back, keep it, or reverse what was received first.")
    return [sentence % {"held": money(held, group().currency)}]


def lease_row(lease_id: uuid.UUID) -> Lease:
    """A lease of the group. Raises NoSuchLease."""
    found = session().scalar(sa.select(Lease).where(Lease.id == lease_id))
    if found is None:
        raise NoSuchLease
    return found


def _leases() -> Any:
    return sa.select(Lease, Unit.code).join(Unit, Unit.id == Lease.unit_id)


def leases_page(*, at: Cursor | None = None) -> Slice[LeaseLine]:
    """The leases that ask for a deposit or had one, by code of their unit."""
    moved = sa.exists().where(DepositMovement.lease_id == Lease.id, DepositMovement.group_id == Lease.group_id)
    return slice_of(
        _read,
        _leases().where(sa.or_(Lease.deposit > 0, moved)),
        by=(Unit.code, Lease.id),
        key=lambda line: (line.unit_code, line.lease.id),
        at=at,
    )


def _read(query: sa.Select[Any]) -> list[LeaseLine]:
    rows = session().execute(query).all()
    known = parties_named({lease.client_id for lease, _unit in rows})
    held, day = held_of([lease.id for lease, _unit in rows]), today()
    return [LeaseLine(lease, unit, known[lease.client_id], held[lease.id], day) for lease, unit in rows]


def lease_line(lease_id: uuid.UUID) -> LeaseLine:
    """One lease with its deposit. Raises NoSuchLease."""
    found = _read(_leases().where(Lease.id == lease_id))
    if not found:
        raise NoSuchLease
    return found[0]


def movements_page(lease_id: uuid.UUID, *, at: Cursor | None = None) -> Slice[MovementLine]:
    """What happened to the deposit of a lease, the latest first, what was taken back among it."""
    undone = sa.exists().where(RentMoneyReversal.movement_id == DepositMovement.id)
    wanted: Any = sa.select(DepositMovement, CashAccount.name, undone)
    wanted = wanted.outerjoin(CashAccount, CashAccount.id == DepositMovement.cash_account_id)
    return slice_of(
        lambda query: [MovementLine(*row) for row in session().execute(query)],
        wanted.where(DepositMovement.lease_id == lease_id),
        by=(DepositMovement.id,),
        key=lambda line: (line.movement.id,),
        at=at,
        newest_first=True,
    )


def movement_under(key: str) -> DepositMovement | None:
    """The movement of one deed, known again by its key."""
    return session().scalar(sa.select(DepositMovement).where(DepositMovement.idempotency_key == key))


def movement_row(movement_id: uuid.UUID) -> DepositMovement:
    """A movement. Raises NoSuchDeposit."""
    found = session().scalar(sa.select(DepositMovement).where(DepositMovement.id == movement_id))
    if found is None:
        raise NoSuchDeposit
    return found


def movement_view(movement_id: uuid.UUID) -> MovementView:
    """A movement with all that belongs to it. Raises NoSuchDeposit."""
    row = movement_row(movement_id)
    known = names([row.recorded_by]) if row.recorded_by else {}
    return MovementView(
        movement=row,
        lease=lease_line(row.lease_id),
        place=cash_account(row.cash_account_id).name if row.cash_account_id else None,
        reference=opened(row.reference_sealed, reference_place(row.id)),
        reason=opened(row.reason_sealed, why_place(row.id)),
        recorder=known.get(row.recorded_by) if row.recorded_by else None,
        entry=entry_of(row.entry_id),
        parts=part_lines(ReceiptPart.movement_id == row.id),
        undone=undone_of(RentMoneyReversal.movement_id == row.id),
    )
