"""Paying a share-out: growth, and savings if the group ends its cycle, become owed to the members, less own debts."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.rows import insert_at_once
from app.distributions import telling
from app.distributions.debts import debts_of, keep_back
from app.distributions.errors import (
    AlreadyPaidOut,
    AlreadyTakenBack,
    BeforeTheEnd,
    FiguresMoved,
    NothingToPay,
)
from app.distributions.measures import Purse, people, purses
from app.distributions.models import ShareOut, ShareOutPart, ShareOutPayment, ShareOutPaymentPart
from app.distributions.planning import digest
from app.distributions.rules import Paid, payment
from app.distributions.standing import payment_of, reversal_of, share_out_row
from app.groups.models import Member
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, Line, Posted, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.payouts.rules import Owed
from app.payouts.services import owe

KIND = "share_out_payment"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Payout:
    """What a member would be paid, and the part of the share-out that it comes from."""

    member: Member
    part: Decimal
    paid: Paid


@dataclass(frozen=True)
class PaymentPlan:
    """The payment of a share-out as it would be, by identifier, and who has a part but is about to leave."""

    share_out: ShareOut
    with_savings: bool
    payouts: Sequence[Payout]
    leaving: Sequence[Member]

    @cached_property
    def owed(self) -> Decimal:
        """What the group owes the members by it."""
        return sum((row.paid.owed for row in self.payouts), ZERO)

    @cached_property
    def deducted(self) -> Decimal:
        """What is kept back of own debts."""
        return sum((row.paid.deducted for row in self.payouts), ZERO)

    @property
    def amount(self) -> Decimal:
        """What leaves growth and savings: what an approval is asked for."""
        return self.owed + self.deducted

    @cached_property
    def mark(self) -> str:
        """Changes with any figure that was shown."""
        rows = [(row.member.id, row.paid.growth, row.paid.savings, row.paid.deducted) for row in self.payouts]
        return digest([self.share_out.id, self.with_savings, *rows])


def plan_payment(share_out_id: uuid.UUID, *, with_savings: bool) -> PaymentPlan:
    """What paying would do now to those with a part, or with savings to everybody; who is about to leave is left out.

    Raises NoSuchShareOut, AlreadyTakenBack, AlreadyPaidOut, NothingToPay.
    """
    row = share_out_row(share_out_id)
    if reversal_of("share_out", row.id):
        raise AlreadyTakenBack
    if payment_of(row.id):
        raise AlreadyPaidOut
    parts = _parts(row.id)
    taking = {member.id: member for member in people()}
    concerned = taking if with_savings else {who: taking[who] for who in parts if who in taking}
    rows = _payouts(concerned, parts, with_savings=with_savings)
    if not sum((one.paid.owed + one.paid.deducted for one in rows), ZERO):
        raise NothingToPay
    return PaymentPlan(row, with_savings, rows, _gone(parts, taking))


def _parts(share_out_id: uuid.UUID) -> dict[uuid.UUID, Decimal]:
    query = sa.select(ShareOutPart.member_id, ShareOutPart.amount).where(ShareOutPart.share_out_id == share_out_id)
    return {who: amount for who, amount in session().execute(query)}  # noqa: C416  # dict(rows) is not typed as one


def _payouts(
    concerned: Mapping[uuid.UUID, Member], parts: Mapping[uuid.UUID, Decimal], *, with_savings: bool
) -> list[Payout]:
    purse, debts, nothing = purses(), debts_of(list(concerned)), Purse()
    ordered = sorted(concerned.values(), key=lambda member: (member.identifier.casefold(), member.id))
    found = [
        Payout(
            member,
            part := parts.get(member.id, ZERO),
            payment(
                part=part,
                growth=(has := purse.get(member.id, nothing)).growth,
                free=has.free,
                debt=debts.get(member.id, ZERO),
                with_savings=with_savings,
            ),
        )
        for member in ordered
    ]
    return [row for row in found if row.part or row.paid.growth or row.paid.savings]


def _gone(parts: Mapping[uuid.UUID, Decimal], taking: Mapping[uuid.UUID, Member]) -> list[Member]:
    left_out = [who for who in parts if who not in taking]
    query = sa.select(Member).where(Member.id.in_(left_out)).order_by(sa.func.lower(Member.identifier), Member.id)
    return list(session().scalars(query)) if left_out else []


@dataclass(frozen=True, kw_only=True)
class Paying:
    """What an officer chose: which share-out, whether the savings go back too, and the day of the entry.

    `seen` is the mark of the figures that were looked at; with None they are taken as they are.
    """

    share_out_id: uuid.UUID
    with_savings: bool
    on: date
    seen: str | None = None


def pay_out(told: Paying, *, by: uuid.UUID, key: str, approved_by: uuid.UUID | None = None) -> ShareOutPayment:
    """Make a share-out owed to its members, once for each key; paying them is the payouts' affair.

    Raises what `planned_payment` raises, KeyUsed, and what the books refuse.
    """
    lock_group()
    known = session().scalar(sa.select(ShareOutPayment).where(ShareOutPayment.idempotency_key == key))
    if known is not None:
        if (known.share_out_id, known.with_savings) != (told.share_out_id, told.with_savings):
            raise KeyUsed
        return known
    made = planned_payment(told)
    rows = [row for row in made.payouts if row.paid.growth or row.paid.savings]
    record_row = _row(made, len(rows), by=by, approved_by=approved_by, key=key)
    posted = _post(rows, record_row.id, told.on, by=by, key=key)
    record_row.entry_id, record_row.effective_on = posted.id, posted.on
    session().add(record_row)
    session().flush()
    _keep_parts(record_row, rows)
    source = (KIND, record_row.id)
    owe([Owed(row.member.id, row.paid.owed, source, posted.id, posted.on) for row in rows if row.paid.owed], by=by)
    after = {"owed": record_row.owed, "deducted": record_row.deducted, "with_savings": record_row.with_savings}
    record("create", KIND, record_row.id, by=by, after=after, severity="notice")
    telling.to_be_paid(record_row)
    return record_row


def planned_payment(told: Paying) -> PaymentPlan:
    """The plan of a payment that can be carried out today.

    Raises as `plan_payment` does, DayInFuture, BeforeTheEnd, FiguresMoved.
    """
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    allotted_on = share_out_row(told.share_out_id).effective_on
    if told.on < allotted_on:
        raise BeforeTheEnd(first=allotted_on.isoformat(), field="on")
    made = plan_payment(told.share_out_id, with_savings=told.with_savings)
    if told.seen is not None and told.seen != made.mark:
        raise FiguresMoved
    return made


def _post(rows: Sequence[Payout], payment_id: uuid.UUID, on: date, *, by: uuid.UUID, key: str) -> Posted:
    kept = keep_back({row.member.id: row.paid.deducted for row in rows})
    lines = [line for row in rows for line in _lines(row)] + list(kept.lines)
    posted = post(Draft(PostingKind.SHARE_OUT_PAID, on, lines, source=(KIND, payment_id), key=f"{KIND}:{key}"), by=by)
    kept.keep(posted.id)
    return posted


def _lines(row: Payout) -> list[Line]:
    who, paid = row.member.id, row.paid
    lines = [
        debit("realised_growth", paid.growth, who),  # a credit where losses meet the savings
        debit("savings", paid.savings, who),
        credit("member_payable", paid.owed, who),
    ]
    return [line for line in lines if line.amount]


def _row(made: PaymentPlan, members: int, *, by: uuid.UUID, approved_by: uuid.UUID | None, key: str) -> ShareOutPayment:
    return ShareOutPayment(
        id=new_id(),
        share_out_id=made.share_out.id,
        with_savings=made.with_savings,
        owed=made.owed,
        deducted=made.deducted,
        members=members,
        idempotency_key=key,
        recorded_by=by,
        approved_by=approved_by,
    )


def _keep_parts(row: ShareOutPayment, payouts: Sequence[Payout]) -> None:
    rows = [
        {
            "group_id": row.group_id,
            "id": new_id(),
            "payment_id": row.id,
            "member_id": payout.member.id,
            "place": place,
            "growth": payout.paid.growth,
            "savings": payout.paid.savings,
            "deducted": payout.paid.deducted,
            "owed": payout.paid.owed,
        }
        for place, payout in enumerate(payouts, 1)
    ]
    insert_at_once(ShareOutPaymentPart, rows)
