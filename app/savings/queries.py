"""Reads of payments, penalties and held receipts: lists by key, and one record with all that belongs to it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.keys import open_about
from app.groups.models import Member
from app.groups.queries import names
from app.ledgers.cash import cash_account
from app.ledgers.models import Entry
from app.savings.lookups import payment_row, penalty_row
from app.savings.models import (
    Contribution,
    ContributionWindow,
    HeldReceipt,
    HeldReceiptEnd,
    Payment,
    Penalty,
    PenaltyPayment,
    PenaltyWaiver,
    SavingsReversal,
)
from app.savings.reversing import entries_of
from app.savings.rules import PenaltyState
from app.savings.standings import PenaltyStanding, penalties_of, penalty_query, standing_from, taken_back
from app.web.keyset import Cursor, Slice, slice_of


@dataclass(frozen=True)
class PaymentLine:
    """A payment in a list: the windows its savings went to, and whether it was reversed."""

    payment: Payment
    name: str
    saved: Decimal
    windows: Sequence[str]
    late: bool
    reversed: bool


def payments_with(ids: Sequence[uuid.UUID]) -> list[PaymentLine]:
    """Some payments as in a list, in the order asked; in three queries."""
    gone = Payment.id.in_(taken_back("payment"))
    query = sa.select(Payment, Member.display_name, gone).join(Member, Member.id == Payment.member_id)
    found = {line.payment.id: line for line in _lines(session().execute(query.where(Payment.id.in_(ids))).all())}
    return [found[payment_id] for payment_id in ids]


def payments_page(*, member_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[PaymentLine]:
    """A page of payments, of all or of one member, the latest first; in three queries."""
    gone = Payment.id.in_(taken_back("payment"))
    query: Any = sa.select(Payment, Member.display_name, gone).join(Member, Member.id == Payment.member_id)
    if member_id is not None:
        query = query.where(Payment.member_id == member_id)
    return slice_of(
        lambda statement: _lines(session().execute(statement).all()),
        query,
        by=(Payment.paid_at, Payment.id),
        key=lambda line: (line.payment.paid_at, line.payment.id),
        at=at,
        newest_first=True,
    )


def _lines(rows: Sequence[Any]) -> list[PaymentLine]:
    told: dict[uuid.UUID, list[tuple[str, Decimal, int]]] = {row[0].id: [] for row in rows}
    parts = (
        sa.select(Contribution.payment_id, ContributionWindow.name, Contribution.amount, Contribution.days_late)
        .join(ContributionWindow, ContributionWindow.id == Contribution.window_id)
        .where(Contribution.payment_id.in_(list(told)))
        .order_by(ContributionWindow.starts_at)
    )
    for payment_id, window, amount, days_late in session().execute(parts):
        told[payment_id].append((window, amount, days_late))
    return [
        PaymentLine(
            payment,
            name,
            saved=sum((amount for _, amount, _ in told[payment.id]), Decimal(0)),
            windows=[window for window, _, _ in told[payment.id]],
            late=any(days for _, _, days in told[payment.id]),
            reversed=undone,
        )
        for payment, name, undone in rows
    ]


@dataclass(frozen=True)
class Undone:
    """A reversal: why, by whom and when, and the payment that took the place of what was undone."""

    row: SavingsReversal
    reason: str | None
    by: str | None


@dataclass(frozen=True)
class PaymentView:
    """A payment with every part of it and the entries it made."""

    payment: Payment
    member: Member
    recorder: str | None
    place: str
    contributions: Sequence[tuple[Contribution, str]]
    penalties: Sequence[PenaltyStanding]
    penalty_payments: Sequence[PenaltyPayment]
    held: Sequence[HeldReceipt]
    entries: Sequence[Entry]
    reversing: Sequence[Entry]
    undone: Undone | None
    replaces: uuid.UUID | None


def payment_view(payment_id: uuid.UUID) -> PaymentView:
    """Everything about a payment. Raises NoSuchPayment."""
    payment = payment_row(payment_id)
    parts = (
        sa.select(Contribution, ContributionWindow.name)
        .join(ContributionWindow, ContributionWindow.id == Contribution.window_id)
        .where(Contribution.payment_id == payment.id)
        .order_by(ContributionWindow.starts_at)
    )
    paid = sa.select(PenaltyPayment).where(PenaltyPayment.payment_id == payment.id).order_by(PenaltyPayment.id)
    kept = sa.select(HeldReceipt).where(HeldReceipt.payment_id == payment.id).order_by(HeldReceipt.id)
    before = sa.select(SavingsReversal.original_id).where(SavingsReversal.replaced_by == payment.id)
    entries = entries_of(payment)
    mirrors = sa.select(Entry).where(Entry.reverses_id.in_([entry.id for entry in entries])).order_by(Entry.number)
    return PaymentView(
        payment=payment,
        member=session().scalars(sa.select(Member).where(Member.id == payment.member_id)).one(),
        recorder=names([payment.recorded_by]).get(payment.recorded_by or payment.id),
        place=cash_account(payment.cash_account_id).name,
        contributions=[(row, name) for row, name in session().execute(parts)],
        penalties=[found for found in penalties_of([payment.member_id]) if found.penalty.payment_id == payment.id],
        penalty_payments=session().scalars(paid).all(),
        held=session().scalars(kept).all(),
        entries=entries,
        reversing=session().scalars(mirrors).all(),
        undone=undone("payment", payment.id, payment.member_id),
        replaces=session().scalar(before),
    )


def undone(kind: str, record_id: uuid.UUID, member_id: uuid.UUID) -> Undone | None:
    """The reversal of a record, if it was reversed."""
    wanted = sa.select(SavingsReversal).where(
        SavingsReversal.original_kind == kind, SavingsReversal.original_id == record_id
    )
    row = session().scalar(wanted)
    if row is None:
        return None
    reason = open_about(member_id, row.reason_sealed, f"savings_reversal|{row.id}")
    return Undone(row, reason, names([row.recorded_by]).get(row.recorded_by or row.id))


@dataclass(frozen=True)
class PenaltyLine:
    """A penalty in a list."""

    standing: PenaltyStanding
    name: str
    window: str | None


def penalties_page(
    *, state: PenaltyState | None = None, member_id: uuid.UUID | None = None, at: Cursor | None = None
) -> Slice[PenaltyLine]:
    """A page of penalties, the latest first, in one state or in any; in one query."""
    query = penalty_query(state).add_columns(Member.display_name, ContributionWindow.name)
    query = query.join(Member, Member.id == Penalty.member_id)
    query = query.outerjoin(ContributionWindow, ContributionWindow.id == Penalty.window_id)
    if member_id is not None:
        query = query.where(Penalty.member_id == member_id)
    return slice_of(
        lambda statement: [
            PenaltyLine(standing_from(*row[:4]), row[4], row[5]) for row in session().execute(statement)
        ],
        query,
        by=(Penalty.levied_on, Penalty.id),
        key=lambda line: (line.standing.penalty.levied_on, line.standing.penalty.id),
        at=at,
        newest_first=True,
    )


@dataclass(frozen=True)
class PenaltyView:
    """A penalty with its payments and its waivers; those that were reversed are marked."""

    standing: PenaltyStanding
    member: Member
    window: str | None
    payments: Sequence[tuple[Payment, Decimal, bool]]
    waivers: Sequence[tuple[PenaltyWaiver, str | None, str | None, bool]]
    entry: Entry
    undone: Undone | None


def penalty_view(penalty_id: uuid.UUID) -> PenaltyView:
    """Everything about a penalty. Raises NoSuchPenalty."""
    penalty = penalty_row(penalty_id)
    paid = (
        sa.select(Payment, PenaltyPayment.amount, Payment.id.in_(taken_back("payment")))
        .join(PenaltyPayment, PenaltyPayment.payment_id == Payment.id)
        .where(PenaltyPayment.penalty_id == penalty.id)
        .order_by(Payment.paid_at, Payment.id)
    )
    named = sa.select(ContributionWindow.name).where(ContributionWindow.id == penalty.window_id)
    return PenaltyView(
        standing=next(found for found in penalties_of([penalty.member_id]) if found.penalty.id == penalty.id),
        member=session().scalars(sa.select(Member).where(Member.id == penalty.member_id)).one(),
        window=session().scalar(named),
        payments=[(row, amount, gone) for row, amount, gone in session().execute(paid)],
        waivers=_waivers(penalty),
        entry=session().scalars(sa.select(Entry).where(Entry.id == penalty.entry_id)).one(),
        undone=undone("penalty", penalty.id, penalty.member_id),
    )


def _waivers(penalty: Penalty) -> list[tuple[PenaltyWaiver, str | None, str | None, bool]]:
    wanted = (
        sa.select(PenaltyWaiver, PenaltyWaiver.id.in_(taken_back("penalty_waiver")))
        .where(PenaltyWaiver.penalty_id == penalty.id)
        .order_by(PenaltyWaiver.recorded_at, PenaltyWaiver.id)
    )
    rows = session().execute(wanted).all()
    by = names([row.approved_by for row, _ in rows])
    place = "penalty_waiver|{}"
    return [
        (row, open_about(penalty.member_id, row.reason_sealed, place.format(row.id)), by.get(row.approved_by), gone)
        for row, gone in rows
    ]


@dataclass(frozen=True)
class HeldLine:
    """Money that waits: whose it is, since when, and the payment it is a part of."""

    held: HeldReceipt
    payment: Payment
    name: str


def held_open(member_id: uuid.UUID | None = None) -> list[HeldLine]:
    """The held receipts that wait, of all or of one member, the oldest first; in one query."""
    query = sa.select(HeldReceipt, Payment, Member.display_name).where(still_held())
    query = query.join(Payment, Payment.id == HeldReceipt.payment_id).join(Member, Member.id == HeldReceipt.member_id)
    if member_id is not None:
        query = query.where(HeldReceipt.member_id == member_id)
    rows = session().execute(query.order_by(Payment.paid_at, HeldReceipt.id))
    return [HeldLine(held, payment, name) for held, payment, name in rows]


def still_held() -> sa.ColumnElement[bool]:
    """The condition for a held receipt that waits: its payment counts, and it was neither returned nor allocated."""
    ended = sa.select(HeldReceiptEnd.held_receipt_id).where(
        sa.or_(HeldReceiptEnd.payment_id.is_(None), HeldReceiptEnd.payment_id.not_in(taken_back("payment")))
    )
    return sa.and_(HeldReceipt.payment_id.not_in(taken_back("payment")), HeldReceipt.id.not_in(ended))


def window_names(ids: Sequence[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    """Names of windows by id, in one read."""
    wanted = {window_id for window_id in ids if window_id}
    rows = session().execute(
        sa.select(ContributionWindow.id, ContributionWindow.name).where(ContributionWindow.id.in_(wanted))
    )
    return {window_id: name for window_id, name in rows}  # noqa: C416  # dict(rows) is not typed as one
