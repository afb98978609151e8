"""What the group owes its members, and paying it: owe, no longer owe, pay, and take a payment back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_about
from app.core.money import exact, lazily
from app.core.rooms import rooms
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, credit, debit, post_many, reverse_many
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.entries import refuse_resting
from app.ledgers.errors import DayInFuture, KeyUsed, SomethingRestsOnIt
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.ledgers.models import Entry
from app.payouts import queries
from app.payouts.errors import MoreThanOwed, NoSuchPayable, NothingOwed, PaidBeforeOwed, PaymentTakenBack
from app.payouts.models import MemberPayment, MemberPaymentPart, Payable, PayableEnd, PayoutsReversal
from app.payouts.queries import Standing, payment_row
from app.payouts.rules import Owed, PayOne, Source, amounts_of, by_member
from app.payouts.telling import tell_paid, tell_taken_back


@dataclass(frozen=True)
class Told:
    """What all payments of one deed have in common."""

    cash_account_id: uuid.UUID
    method: Method
    reference: str | None
    on: date
    key: str


def owe(rows: Sequence[Owed], *, by: uuid.UUID | None) -> list[uuid.UUID]:
    """Note what the group owes members; any number at once. Rows of zero are left out. The ids of what is owed.

    Called right after the entry that credited each member's payable with just these amounts was posted.
    """
    here, wanted = session().group_id, [row for row in rows if row.amount]
    ids = [new_id() for _row in wanted]
    made = [
        {
            "group_id": here,
            "id": row_id,
            "member_id": row.member_id,
            "amount": row.amount,
            "source_kind": row.source[0],
            "source_id": row.source[1],
            "entry_id": row.entry_id,
            "owed_on": row.on,
            "recorded_by": by,
        }
        for row_id, row in zip(ids, wanted, strict=True)
    ]
    session().flush()
    if made:  # one statement for a whole group; row-level security checks it as it would check objects
        session().connection().execute(sa.insert(Payable), made)
    return ids


def no_longer_owed(source: Source, *, by: uuid.UUID | None) -> None:
    """End what a record made the group owe, because it is being reversed. Raises SomethingRestsOnIt: it was paid."""
    refuse_paid(source)
    for standing in queries.standings_of([source]).get(source, ()):
        if not standing.ended:
            session().add(PayableEnd(id=new_id(), payable_id=standing.payable.id, recorded_by=by))
    session().flush()


def refuse_paid(source: Source) -> None:
    """Raises SomethingRestsOnIt, with the list, when any of what a record made the group owe was paid."""
    if found := queries.resting_on(source):
        raise SomethingRestsOnIt(what="; ".join(found))


def pay(
    *,
    payments: Sequence[PayOne],
    cash_account_id: uuid.UUID,
    method: Method,
    reference: str | None = None,
    on: date,
    by: uuid.UUID | None,
    key: str,
    overdraft: bool = False,
) -> list[MemberPayment]:
    """Pay what is owed, in part or wholly: one payment and one entry for each member. Once for each key.

    Rooms are told of each record of theirs that is wholly paid now (`Room.paid`), and the members are told too.
    Raises as `refuse_payment` does, KeyUsed, CashAccountClosed, and what the books refuse (NeedsConfirmation).
    """
    lock_group()
    told = Told(cash_account_id, method, reference or None, on, key)
    if known := queries.payments_under(key):
        return _same(known, payments, told)
    open_cash_account(cash_account_id, field="cash_account")
    standing = refuse_payment(payments, on=on)
    grouped = by_member((standing[part.payable_id].payable.member_id, part) for part in payments)
    rows = [_payment(member_id, parts, told, by=by) for member_id, parts in grouped.items()]
    posted = post_many([_draft(row) for row in rows], by=by, overdraft=overdraft)
    for row, entry in zip(rows, posted, strict=True):
        row.entry_id = entry.id
    session().add_all(rows)
    session().flush()
    session().add_all(_part(row, part) for row in rows for part in grouped[row.member_id])
    session().flush()
    for row in rows:
        after = {"amount": row.amount, "method": row.method, "reference": row.reference}
        record("pay", "member_payment", row.id, by=by, after=after, about=row.member_id)
    tell_paid(rows)
    _tell_rooms([one.payable for one in standing.values()], by=by, on=on)
    return rows


def refuse_payment(payments: Sequence[PayOne], *, on: date) -> Mapping[uuid.UUID, Standing]:
    """What stands against paying this on that day; how the debts stand, by id, when nothing does.

    Raises NothingChosen, ChosenTwice, BadPart, DayInFuture, NoSuchPayable, NothingOwed, MoreThanOwed, PaidBeforeOwed.
    """
    if on > today():
        raise DayInFuture(day=on.isoformat(), field="on")
    wanted, currency = amounts_of(payments), group().currency
    found = queries.standings(wanted)
    for payable_id, amount in wanted.items():
        if payable_id not in found:
            raise NoSuchPayable
        _refuse(found[payable_id], exact(amount, currency), on=on, currency=currency)
    return {payable_id: found[payable_id] for payable_id in wanted}


def _refuse(standing: Standing, amount: Decimal, *, on: date, currency: str) -> None:
    if not standing.open:
        raise NothingOwed
    if amount > standing.open:
        raise MoreThanOwed(open=lazily(standing.open, currency), field="amount")
    if on < standing.payable.owed_on:
        raise PaidBeforeOwed(day=standing.payable.owed_on.isoformat(), field="on")


def _payment(member_id: uuid.UUID, parts: Sequence[PayOne], told: Told, *, by: uuid.UUID | None) -> MemberPayment:
    return MemberPayment(
        id=new_id(),
        member_id=member_id,
        amount=sum((part.amount for part in parts), Decimal(0)),
        cash_account_id=told.cash_account_id,
        method=Method(told.method).value,
        reference=told.reference,
        paid_on=told.on,
        idempotency_key=told.key,
        recorded_by=by,
    )


def _part(row: MemberPayment, part: PayOne) -> MemberPaymentPart:
    return MemberPaymentPart(id=new_id(), payment_id=row.id, payable_id=part.payable_id, amount=part.amount)


def _draft(row: MemberPayment) -> Draft:
    lines = [debit("member_payable", row.amount, row.member_id), credit("cash", row.amount, row.cash_account_id)]
    key = f"{row.idempotency_key}/{row.member_id}"
    source = ("member_payment", row.id)
    return Draft(PostingKind.MEMBER_PAID, row.paid_on, lines, source=source, key=key, subject=row.member_id)


def _same(known: list[MemberPayment], payments: Sequence[PayOne], told: Told) -> list[MemberPayment]:
    said = {(row.cash_account_id, row.method, row.reference, row.paid_on) for row in known}
    if said != {(told.cash_account_id, told.method.value, told.reference, told.on)} or queries.parts_of(
        [row.id for row in known]
    ) != amounts_of(payments):
        raise KeyUsed
    return known


def _tell_rooms(payables: Sequence[Payable], *, by: uuid.UUID | None, on: date) -> None:
    """Call the hook of each record of which nothing is open any more, in the order in which it was owed."""
    session().flush()
    hooks = {kind: hook for room in rooms() for kind, hook in room.paid.items()}
    sources = dict.fromkeys((row.source_kind, row.source_id) for row in payables if row.source_kind in hooks)
    found = queries.standings_of(sources)
    for kind, record_id in sources:
        if not any(standing.open for standing in found[kind, record_id]):
            hooks[kind](record_id, by=by, on=on)


def reverse_payment(payment_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> PayoutsReversal:
    """Take a payment back that did not reach the member: what it paid is owed again.

    `on` is an open day. Raises NoSuchMemberPayment, PaymentTakenBack, SomethingRestsOnIt (an exit was closed on it),
    PeriodClosed.
    """
    lock_group()
    payment = payment_row(payment_id)
    refuse_undoing(payment.id)
    entry = session().scalars(sa.select(Entry).where(Entry.id == payment.entry_id)).one()
    reverse_many([entry], by=by, on=on, reason=reason, subject=payment.member_id)
    row = PayoutsReversal(id=new_id(), payment_id=payment.id, recorded_by=by)
    row.reason_sealed = seal_about(payment.member_id, reason, f"payouts_reversal|{row.id}")
    session().add(row)
    session().flush()
    after = {"reason": reason}
    record("reverse", "member_payment", payment.id, by=by, after=after, about=payment.member_id, severity="notice")
    tell_taken_back(payment)
    return row


def refuse_undoing(payment_id: uuid.UUID) -> None:
    """Raises PaymentTakenBack, SomethingRestsOnIt: what stands against taking a payment back."""
    if session().scalar(sa.select(PayoutsReversal.id).where(PayoutsReversal.payment_id == payment_id)) is not None:
        raise PaymentTakenBack
    refuse_resting("member_payment", payment_id)
