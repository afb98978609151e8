"""Deposits of clients: received for a lease, given back, or kept with a reason for rent or as an income."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import exact, lazily
from app.credits import services as credits_do
from app.credits.rules import ZERO, Spread
from app.credits.sealing import sealed, sealed_or_none
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.entries import refuse_resting
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.receipts import deposits_queries as queries
from app.receipts import paying
from app.receipts.payment_models import DepositMovement, ReceiptPart, RentMoneyReversal
from app.receipts.payments_errors import (
    DepositUsed,
    MoneyTakenBack,
    NothingPaid,
    NotThatMuchHeld,
    NotThatMuchOpen,
    PlaceMissing,
    ReasonForKeeping,
)
from app.receipts.payments_queries import parts_from, reason_place
from app.registry.queries import named


class Move(StrEnum):
    """What becomes of a deposit."""

    IN = "in"
    BACK = "back"
    RENT = "rent"
    INCOME = "income"


MOVES = {
    Move.IN: _("Received"),
    Move.BACK: _("Given back"),
    Move.RENT: _("Kept for unpaid rent"),
    Move.INCOME: _("Kept for damage or costs"),
}
IN_CASH = (Move.IN, Move.BACK)
POSTED = {
    Move.IN: PostingKind.DEPOSIT_IN,
    Move.BACK: PostingKind.DEPOSIT_BACK,
    Move.RENT: PostingKind.DEPOSIT_KEPT,
    Move.INCOME: PostingKind.DEPOSIT_KEPT,
}


@dataclass(frozen=True)
class Moved:
    """What is done with the deposit of a lease: where from or to, or why it is kept."""

    lease_id: uuid.UUID
    kind: Move
    amount: Decimal
    on: date
    key: str
    cash_account_id: uuid.UUID | None = None
    method: Method | None = None
    reference: str | None = None
    reason: str | None = None


def move(told: Moved, *, by: uuid.UUID | None, overdraft: bool = False) -> DepositMovement:
    """Receive, give back or keep a deposit, wholly or a part. Once for each key.

    Raises as `refuse_move` does, KeyUsed, CashAccountClosed, and what the books refuse (NeedsConfirmation).
    """
    lock_group()
    if (known := queries.movement_under(told.key)) is not None:
        return _same(known, told)
    refuse_move(told)
    client_id = queries.lease_row(told.lease_id).client_id
    if told.cash_account_id is not None:
        open_cash_account(told.cash_account_id, field="cash_account")
    if told.kind is Move.RENT:
        paying.settle([client_id])
    going = paying.planned(client_id, told.amount) if told.kind is Move.RENT else Spread({}, ZERO)
    row = _row(told, client_id, by=by)
    row.entry_id = post(_draft(row, told), by=by, overdraft=overdraft).id
    session().add(row)
    session().flush()
    paying.note_parts(paying.parts_of_deposit(going, movement_id=row.id, entry_id=row.entry_id))
    after = {"kind": row.kind, "amount": row.amount, "reason": told.reason, "reference": told.reference}
    record("pay", "deposit_movement", row.id, by=by, after=after, about=named(client_id).member_id)
    return row


def refuse_move(told: Moved) -> None:
    """What stands against it.

    Raises DayInFuture, NothingPaid, NoSuchLease, PlaceMissing, ReasonForKeeping, NotThatMuchHeld, NotThatMuchOpen.
    """
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    if told.amount <= 0:
        raise NothingPaid(field="amount")
    exact(told.amount, currency := group().currency)
    lease = queries.lease_row(told.lease_id)
    if told.kind in IN_CASH and (told.cash_account_id is None or told.method is None):
        raise PlaceMissing(field="cash_account")
    if told.kind not in IN_CASH and not (told.reason or "").strip():
        raise ReasonForKeeping(field="reason")
    if told.kind is not Move.IN and told.amount > (held := queries.held_of([lease.id])[lease.id]):
        raise NotThatMuchHeld(held=lazily(held, currency), field="amount")
    if told.kind is Move.RENT and (rest := paying.planned(lease.client_id, told.amount).rest):
        raise NotThatMuchOpen(open=lazily(told.amount - rest, currency), field="amount")


def _row(told: Moved, client_id: uuid.UUID, *, by: uuid.UUID | None) -> DepositMovement:
    cash = told.kind in IN_CASH
    row = DepositMovement(
        id=new_id(),
        lease_id=told.lease_id,
        client_id=client_id,
        kind=told.kind.value,
        amount=told.amount,
        cash_account_id=told.cash_account_id if cash else None,
        method=Method(told.method).value if cash and told.method else None,
        moved_on=told.on,
        idempotency_key=told.key,
        recorded_by=by,
    )
    row.reference_sealed = sealed_or_none(told.reference if cash else None, queries.reference_place(row.id))
    row.reason_sealed = sealed_or_none(None if cash else told.reason, queries.why_place(row.id))
    return row


def _draft(row: DepositMovement, told: Moved) -> Draft:
    held, cash = ("deposit_held", row.amount, row.client_id), ("cash", row.amount, row.cash_account_id)
    lines = {
        Move.IN: [debit(*cash), credit(*held)],
        Move.BACK: [debit(*held), credit(*cash)],
        Move.RENT: [debit(*held), credit("rent_receivable", row.amount, row.client_id)],
        Move.INCOME: [debit(*held), credit("other_income", row.amount)],
    }
    source = ("deposit_movement", row.id)
    return Draft(POSTED[told.kind], told.on, lines[told.kind], source=source, key=told.key)


def _same(known: DepositMovement, told: Moved) -> DepositMovement:
    said = (known.lease_id, known.kind, known.amount, known.moved_on, known.cash_account_id)
    if said != (told.lease_id, told.kind.value, told.amount, told.on, told.cash_account_id):
        raise KeyUsed
    return known


def reverse_move(
    movement_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID | None, overdraft: bool = False
) -> RentMoneyReversal:
    """Take a movement of a deposit back: what it was kept for is owed again.

    `on` is an open day. Raises NoSuchDeposit, MoneyTakenBack, DepositUsed, CreditGone, PeriodClosed, NeedsConfirmation.
    """
    lock_group()
    row = queries.movement_row(movement_id)
    refuse_undoing(row)
    parts = parts_from(ReceiptPart.movement_id == row.id)
    if row.kind == Move.RENT:
        credited = row.amount - sum((part.amount for part in parts), ZERO)
        credits_do.free(row.client_id, credited, on=on, by=by, reason=reason)
    paying.mirror(parts, also=row.entry_id, on=on, by=by, reason=reason, overdraft=overdraft)
    undone = RentMoneyReversal(id=new_id(), movement_id=row.id, recorded_by=by)
    undone.reason_sealed = sealed(reason, reason_place(undone.id))
    session().add(undone)
    session().flush()
    about = named(row.client_id).member_id
    record("reverse", "deposit_movement", row.id, by=by, after={"reason": reason}, about=about, severity="notice")
    paying.settle([row.client_id])
    return undone


def refuse_undoing(row: DepositMovement) -> None:
    """Raises MoneyTakenBack, DepositUsed, SomethingRestsOnIt: what stands against taking a movement back."""
    if session().scalar(sa.select(RentMoneyReversal.id).where(RentMoneyReversal.movement_id == row.id)):
        raise MoneyTakenBack
    if row.kind == Move.IN and queries.held_of([row.lease_id])[row.lease_id] < row.amount:
        raise DepositUsed
    refuse_resting("deposit_movement", row.id)
