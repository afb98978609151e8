"""Reads of what is owed to members and of what was paid."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.keys import open_about
from app.core.rows import row_with
from app.groups.models import Member
from app.groups.queries import group, names
from app.ledgers.cash import cash_account
from app.ledgers.models import CashAccount, Entry
from app.payouts.errors import NoSuchMemberPayment
from app.payouts.models import MemberPayment, MemberPaymentPart, Payable, PayableEnd, PayoutsReversal
from app.payouts.rules import ZERO, Source
from app.payouts.words import Why, whys
from app.web.filters import money
from app.web.keyset import Cursor, Slice, slice_of

TO_PAY = 50  # a screen of debts may be ticked as a whole and paid in one confirmation


@dataclass(frozen=True)
class Standing:
    """Something owed, what was paid of it, and whether it ended because what it came from was reversed."""

    payable: Payable
    paid: Decimal
    ended: bool

    @property
    def open(self) -> Decimal:
        """What is still to be paid of it."""
        return ZERO if self.ended else self.payable.amount - self.paid


@dataclass(frozen=True)
class Line:
    """The same in a list: whom it is owed to, and what for."""

    standing: Standing
    name: str
    identifier: str
    why: Why


@dataclass(frozen=True)
class PaymentLine:
    """A payment in a list: to whom, out of which account, and whether it was taken back."""

    payment: MemberPayment
    name: str
    identifier: str
    place: str
    reversed: bool


@dataclass(frozen=True)
class Undone:
    """That a payment was taken back: why, by whom and when. The reason is None once its person is forgotten."""

    row: PayoutsReversal
    reason: str | None
    by: str | None


@dataclass(frozen=True)
class PaymentView:
    """Everything that the page of a payment shows. `parts` are what it was for, each with how much."""

    payment: MemberPayment
    member: Member
    place: str
    recorder: str | None
    entry: Entry
    parts: Sequence[tuple[Line, Decimal]]
    undone: Undone | None


def taken_back() -> sa.Select[uuid.UUID]:
    """The payments that were reversed; what they paid is owed again."""
    return sa.select(PayoutsReversal.payment_id)


def _standings(*, still_open: bool = False) -> sa.Select[Any]:
    """Debts with what was paid of each; found one by one in the index, so that a few cost little among many."""
    counted = MemberPaymentPart.payment_id.not_in(taken_back())
    amount = sa.func.coalesce(sa.func.sum(MemberPaymentPart.amount), 0)
    paid = sa.select(amount.label("paid")).where(MemberPaymentPart.payable_id == Payable.id, counted).lateral("given")
    ended = sa.exists().where(PayableEnd.payable_id == Payable.id)
    found = sa.select(Payable, paid.c.paid, ended).select_from(Payable).join(paid, sa.true())
    return found.where(sa.not_(ended), Payable.amount > paid.c.paid) if still_open else found


def _read(query: sa.Select[Any]) -> list[Standing]:
    return [Standing(row, Decimal(paid), ended) for row, paid, ended in session().execute(query)]


def standings(payable_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """How these debts stand, by id; those that there are not are left out."""
    found = _read(_standings().where(Payable.id.in_(payable_ids)))
    return {standing.payable.id: standing for standing in found}


def open_payables(member_id: uuid.UUID | None = None) -> list[Standing]:
    """What is still to be paid, to one member or to all, the oldest first."""
    query = _standings(still_open=True).order_by(Payable.owed_on, Payable.id)
    return _read(query if member_id is None else query.where(Payable.member_id == member_id))


def standings_of(sources: Collection[Source]) -> dict[Source, list[Standing]]:
    """How everything stands that these records made the group owe; records that owe nothing are left out."""
    found: dict[Source, list[Standing]] = {}
    for kind, ids in _by_kind(sources).items():
        wanted = _standings().where(Payable.source_kind == kind, Payable.source_id.in_(ids))
        for standing in _read(wanted.order_by(Payable.owed_on, Payable.id)):
            found.setdefault((kind, standing.payable.source_id), []).append(standing)
    return found


def paid_of(sources: Collection[Source]) -> dict[Source, Decimal]:
    """How much was paid of what each of these records made the group owe; nothing is zero."""
    found = dict.fromkeys(sources, ZERO)
    counted = MemberPaymentPart.payment_id.not_in(taken_back())
    for kind, ids in _by_kind(sources).items():
        paid = sa.select(Payable.source_id, sa.func.sum(MemberPaymentPart.amount))
        paid = paid.join(MemberPaymentPart, MemberPaymentPart.payable_id == Payable.id).where(counted)
        wanted = paid.where(Payable.source_kind == kind, Payable.source_id.in_(ids)).group_by(Payable.source_id)
        found |= {(kind, record_id): Decimal(amount) for record_id, amount in session().execute(wanted)}
    return found


def _by_kind(sources: Iterable[Source]) -> dict[str, list[uuid.UUID]]:
    found: dict[str, list[uuid.UUID]] = {}
    for kind, record_id in sources:
        found.setdefault(kind, []).append(record_id)
    return found


def resting_on(source: Source) -> list[str]:
    """What rests on a record that something was owed for: each payment of it that counts, a sentence each."""
    paid = session().execute(
        sa.select(MemberPaymentPart.amount, MemberPayment.paid_on, Member.display_name)
        .join(MemberPayment, MemberPayment.id == MemberPaymentPart.payment_id)
        .join(Payable, Payable.id == MemberPaymentPart.payable_id)
        .join(Member, Member.id == MemberPayment.member_id)
        .where(Payable.source_kind == source[0], Payable.source_id == source[1])
        .where(MemberPayment.id.not_in(taken_back()))
        .order_by(MemberPayment.paid_on, MemberPayment.id)
    )
    currency = group().currency
    sentence = _("%(amount)s of it was paid to %(name)s on %(day)s")
    return [sentence % {"amount": money(n, currency), "name": who, "day": day.isoformat()} for n, day, who in paid]


def lines(found: Sequence[Standing]) -> list[Line]:
    """The same with names, and what each is owed for."""
    ids = {standing.payable.member_id for standing in found}
    people = {row.id: row for row in session().scalars(sa.select(Member).where(Member.id.in_(ids)))}
    reasons = whys([standing.payable for standing in found])
    return [
        Line(one, people[member_id].display_name, people[member_id].identifier, reasons[one.payable.id])
        for one in found
        for member_id in [one.payable.member_id]
    ]


def to_pay_page(*, member_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[Line]:
    """What is still to be paid, the oldest first; of one member or of all."""
    wanted = _standings(still_open=True)
    if member_id is not None:
        wanted = wanted.where(Payable.member_id == member_id)
    return slice_of(
        lambda query: lines(_read(query)),
        wanted,
        by=(Payable.owed_on, Payable.id),
        key=lambda line: (line.standing.payable.owed_on, line.standing.payable.id),
        at=at,
        size=TO_PAY,
    )


def owed_in_all(member_id: uuid.UUID | None = None) -> tuple[int, Decimal]:
    """How many debts are open and what they come to, of one member or of all."""
    rows = _standings(still_open=True)
    if member_id is not None:
        rows = rows.where(Payable.member_id == member_id)
    inner = rows.subquery()
    left = sa.func.coalesce(sa.func.sum(inner.c.amount - inner.c.paid), 0)
    count, total = session().execute(sa.select(sa.func.count(), left).select_from(inner)).one()
    return count, Decimal(total)


def payments_page(*, member_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[PaymentLine]:
    """Payments to members, the latest first, those that were taken back among them."""
    wanted = _payment_lines()
    if member_id is not None:
        wanted = wanted.where(MemberPayment.member_id == member_id)
    return slice_of(
        _read_payments,
        wanted,
        by=(MemberPayment.paid_on, MemberPayment.id),
        key=lambda line: (line.payment.paid_on, line.payment.id),
        at=at,
        newest_first=True,
    )


def all_payments() -> list[PaymentLine]:
    """Every payment, the latest first, for a file."""
    return _read_payments(_payment_lines().order_by(MemberPayment.paid_on.desc(), MemberPayment.id.desc()))


def payments_with(ids: Collection[uuid.UUID]) -> list[PaymentLine]:
    """These payments, in the order in which they were recorded."""
    return _read_payments(_payment_lines().where(MemberPayment.id.in_(ids)).order_by(MemberPayment.id))


def payments_under(key: str) -> list[MemberPayment]:
    """The payments of one deed, known again by its key."""
    wanted = sa.select(MemberPayment).where(MemberPayment.idempotency_key == key)
    return list(session().scalars(wanted.order_by(MemberPayment.id)))


def parts_of(payment_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What payments were for: how much of each debt, by its id."""
    wanted = sa.select(MemberPaymentPart.payable_id, sa.func.sum(MemberPaymentPart.amount))
    rows = session().execute(
        wanted.where(MemberPaymentPart.payment_id.in_(payment_ids)).group_by(MemberPaymentPart.payable_id)
    )
    return {payable_id: Decimal(amount) for payable_id, amount in rows}


def _payment_lines() -> sa.Select[Any]:
    undone = sa.exists().where(PayoutsReversal.payment_id == MemberPayment.id)
    found: Any = sa.select(MemberPayment, Member.display_name, Member.identifier, CashAccount.name, undone)
    found = found.join(Member, Member.id == MemberPayment.member_id)
    return found.join(CashAccount, CashAccount.id == MemberPayment.cash_account_id)  # type: ignore[no-any-return]  # joins are not typed


def _read_payments(query: sa.Select[Any]) -> list[PaymentLine]:
    return [PaymentLine(*row) for row in session().execute(query)]


def payment_row(payment_id: uuid.UUID) -> MemberPayment:
    """A payment to a member. Raises NoSuchMemberPayment."""
    return row_with(MemberPayment, payment_id, NoSuchMemberPayment)


def payment_view(payment_id: uuid.UUID) -> PaymentView:
    """A payment with all that belongs to it. Raises NoSuchMemberPayment."""
    payment = payment_row(payment_id)
    amounts = parts_of([payment.id])
    known = names([payment.recorded_by])
    return PaymentView(
        payment=payment,
        member=session().scalars(sa.select(Member).where(Member.id == payment.member_id)).one(),
        place=cash_account(payment.cash_account_id).name,
        recorder=known.get(payment.recorded_by) if payment.recorded_by else None,
        entry=session().scalars(sa.select(Entry).where(Entry.id == payment.entry_id)).one(),
        parts=[(line, amounts[line.standing.payable.id]) for line in lines(list(standings(amounts).values()))],
        undone=_undone(payment),
    )


def _undone(payment: MemberPayment) -> Undone | None:
    row = session().scalar(sa.select(PayoutsReversal).where(PayoutsReversal.payment_id == payment.id))
    if row is None:
        return None
    reason = open_about(payment.member_id, row.reason_sealed, f"payouts_reversal|{row.id}")
    return Undone(row, reason, names([row.recorded_by]).get(row.recorded_by) if row.recorded_by else None)
