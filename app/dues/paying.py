"""Money that arrives for dues: told apart over what the party owes, the rest kept as credit; and taken back again."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import open_for, seal_for
from app.core.money import exact
from app.core.money.errors import ZeroAmount
from app.credits.services import free, kept
from app.dues import telling
from app.dues.errors import AlreadyReversed
from app.dues.models import DuesPart, DuesPayment, DuesReversal
from app.dues.policy import order_now
from app.dues.rules import ZERO, settle
from app.dues.standing import Standing, counts, entries_with, open_of, payment_row, reversal_of
from app.dues.undoing import reason_place
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, credit, debit, post, reverse_many
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.registry.queries import party

SOURCE = "dues_payment"


@dataclass(frozen=True)
class Money:
    """What arrived: from which party, how much, where, how, and on which day it was paid."""

    party_id: uuid.UUID
    amount: Decimal
    cash_account_id: uuid.UUID
    method: Method
    on: date
    reference: str | None = None


@dataclass(frozen=True)
class Foreseen:
    """What a payment would meet, the oldest charge first, and what would be credit."""

    parts: list[tuple[Standing, Decimal]]
    credited: Decimal


def reference_place(payment_id: uuid.UUID) -> str:
    """What the reference of a payment is bound to."""
    return f"{SOURCE}|{payment_id}|reference"


def reference_of(row: DuesPayment) -> str | None:
    """How the bank or mobile-money company names it, opened."""
    sealed = row.reference_sealed
    return open_for(session().group_id, sealed, reference_place(row.id)) if sealed else None


def foresee(told: Money) -> Foreseen:
    """What it would do; nothing is recorded. Raises as `refuse` does."""
    refuse(told)
    owed = open_of([told.party_id]).get(told.party_id, [])
    parts = settle([one.unpaid for one in owed], told.amount, order_now(), group().currency)
    met = [(one, parts[one.charge.id]) for one in owed if one.charge.id in parts]
    return Foreseen(met, told.amount - sum(parts.values(), ZERO))


def refuse(told: Money) -> None:
    """What stands against it. Raises NoSuchParty, DayInFuture, ZeroAmount, CashAccountClosed, TooManyDecimals."""
    party(told.party_id)
    open_cash_account(told.cash_account_id, field="cash_account")
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    if exact(told.amount, group().currency) <= 0:
        raise ZeroAmount(field="amount")


def pay(told: Money, *, by: uuid.UUID | None, key: str) -> DuesPayment:
    """Record a payment of dues, once for each key: one entry, a part for each charge it meets, the rest as credit.

    Raises as `refuse` does, and KeyUsed.
    """
    lock_group()
    known = session().scalar(sa.select(DuesPayment).where(DuesPayment.idempotency_key == key))
    if known is not None:
        return _same(known, told)
    seen = foresee(told)
    row = DuesPayment(
        id=new_id(),
        party_id=told.party_id,
        amount=told.amount,
        credited=seen.credited,
        cash_account_id=told.cash_account_id,
        method=Method(told.method).value,
        paid_on=told.on,
        idempotency_key=key,
        recorded_by=by,
    )
    if told.reference:
        row.reference_sealed = seal_for(session().group_id, told.reference, reference_place(row.id))
    row.entry_id = post(_draft(row), by=by).id
    session().add(row)
    session().flush()
    for one, amount in seen.parts:
        part = {"charge_id": one.charge.id, "payment_id": row.id, "amount": amount, "entry_id": row.entry_id}
        session().add(DuesPart(id=new_id(), counts_on=told.on, **part))
    session().flush()
    after = {"amount": row.amount, "method": row.method, "credited": row.credited, "reference": told.reference}
    record("pay", SOURCE, row.id, by=by, after=after)
    telling.paid(row)
    return row


def _draft(row: DuesPayment) -> Draft:
    met = row.amount - row.credited
    lines = [debit("cash", row.amount, row.cash_account_id)]
    lines += [credit("dues_receivable", met, row.party_id)] if met else []
    lines += [kept(row.party_id, row.credited)] if row.credited else []
    return Draft(PostingKind.DUES_PAID, row.paid_on, lines, source=(SOURCE, row.id), key=row.idempotency_key)


def _same(known: DuesPayment, told: Money) -> DuesPayment:
    said = (known.party_id, known.amount, known.cash_account_id, known.method, known.paid_on, reference_of(known))
    asked = (told.party_id, told.amount, told.cash_account_id, Method(told.method).value, told.on)
    if said != (*asked, told.reference or None):
        raise KeyUsed
    return known


def reverse_payment(
    payment_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, overdraft: bool = False
) -> DuesReversal:
    """Take a payment back that did not arrive: what it paid is owed again, and its credit goes.

    Where that credit was used since, its latest uses are undone first. `on` is an open day. Raises NoSuchDuesPayment,
    AlreadyReversed, CreditGone, PeriodClosed, NeedsConfirmation.
    """
    lock_group()
    row = payment_row(payment_id)
    refuse_undoing(row.id)
    moved = _moved(row.id)
    if needed := row.credited + sum(moved.values(), ZERO):
        free(row.party_id, needed, on=on, by=by, reason=reason)
    entries = entries_with([row.entry_id, *moved])
    reverse_many(list(entries.values()), by=by, on=on, reason=reason, overdraft=overdraft)
    made = DuesReversal(id=new_id(), original_kind=SOURCE, original_id=row.id, recorded_by=by)
    made.reason_sealed = seal_for(session().group_id, reason, reason_place(made.id))
    session().add(made)
    session().flush()
    record("reverse", SOURCE, row.id, by=by, after={"reason": reason}, severity="notice")
    telling.payment_taken_back(row)
    return made


def refuse_undoing(payment_id: uuid.UUID) -> None:
    """Raises AlreadyReversed: what stands against taking a payment back."""
    if reversal_of(SOURCE, payment_id) is not None:
        raise AlreadyReversed


def _moved(payment_id: uuid.UUID) -> Mapping[uuid.UUID, Decimal]:
    """What of a payment became credit when charges it had paid were reversed, by the entry that moved it."""
    wanted = sa.select(DuesPart.entry_id, -sa.func.sum(DuesPart.amount)).where(
        DuesPart.payment_id == payment_id, DuesPart.amount < 0, counts()
    )
    return {entry_id: amount for entry_id, amount in session().execute(wanted.group_by(DuesPart.entry_id))}  # noqa: C416  # dict(rows) is not typed as one
