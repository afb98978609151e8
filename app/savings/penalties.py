"""Penalties by hand: levied, paid, waived. None of it changes anybody's savings."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.core.periods import day_in
from app.groups.models import Member
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.savings.errors import HeldReceiptEnded, NotAMember, NothingToWaive
from app.savings.lookups import held_receipt_row, penalty_row
from app.savings.models import (
    HeldReceiptEnd,
    Payment,
    Penalty,
    PenaltyPayment,
    PenaltyWaiver,
    SavingsReversal,
    WindowWaiver,
)
from app.savings.policy import terms
from app.savings.rules import PenaltyReason, check_penalty_payment, check_waivable, status_of
from app.savings.standings import PenaltyStanding, penalties_of, savings_rows, taken_back, waivers
from app.savings.windows import lock_windows, window


def levy_penalty(
    *,
    member_id: uuid.UUID,
    amount: Decimal,
    on: date,
    note: str,
    by: uuid.UUID,
    key: str,
    window_id: uuid.UUID | None = None,
) -> Penalty:
    """Make a penalty owed, once for each key. Raises NotAMember, NoSuchWindow and what the books refuse."""
    known = session().scalar(sa.select(Penalty).where(Penalty.idempotency_key == key))
    if known is not None:
        return known
    member = session().scalar(sa.select(Member).where(Member.id == member_id))
    if member is None or member.status == "left":
        raise NotAMember(name=member.display_name if member else "?", field="member")
    if window_id is not None:
        window(window_id)
    row = Penalty(
        id=new_id(),
        member_id=member.id,
        window_id=window_id,
        payment_id=None,
        amount=amount,
        reason=PenaltyReason.OTHER.value,
        levied_on=on,
        settled_at_once=False,
        idempotency_key=key,
        levied_by=by,
    )
    lines = [debit("penalties_receivable", amount, member.id), credit("penalty_income", amount)]
    draft = Draft(PostingKind.PENALTY_LEVIED, on, lines, source=("penalty", row.id), note=note, subject=member.id)
    row.entry_id = post(draft, by=by).id
    session().add(row)
    session().flush()
    record("create", "penalty", row.id, by=by, after={"amount": amount}, about=member.id, severity="notice")
    return row


@dataclass(frozen=True, kw_only=True)
class PenaltyMoney:
    """Money received for one penalty."""

    penalty_id: uuid.UUID
    amount: Decimal
    paid_at: datetime
    method: str
    cash_account_id: uuid.UUID
    key: str
    reference: str | None = None


def pay_penalty(told: PenaltyMoney, *, by: uuid.UUID) -> Payment:
    """Record money for a penalty, once for each key. Raises PenaltyNotOpen, MoreThanPenalty, CashAccountClosed."""
    lock_windows()
    known = session().scalar(sa.select(Payment).where(Payment.idempotency_key == told.key))
    if known is not None:
        return known
    found = standing_of(told.penalty_id)
    policy = terms()
    check_penalty_payment(found.state, owed=found.owed, offered=told.amount, currency=policy.currency)
    open_cash_account(told.cash_account_id, field="cash_account")
    member_id = found.penalty.member_id
    payment = Payment(
        id=new_id(),
        member_id=member_id,
        amount=told.amount,
        paid_at=told.paid_at,
        method=told.method,
        reference=told.reference,
        source="cash",
        cash_account_id=told.cash_account_id,
        batch_id=None,
        idempotency_key=told.key,
        recorded_by=by,
    )
    part = PenaltyPayment(id=new_id(), penalty_id=found.penalty.id, payment_id=payment.id, amount=told.amount)
    lines = [
        debit("cash", told.amount, told.cash_account_id),
        credit("penalties_receivable", told.amount, member_id),
    ]
    day = day_in(policy.zone, told.paid_at)
    draft = Draft(PostingKind.PENALTY_PAID, day, lines, source=("penalty_payment", part.id), subject=member_id)
    part.entry_id = post(draft, by=by).id
    session().add(payment)
    session().flush()
    session().add(part)
    session().flush()
    record("create", "payment", payment.id, by=by, after={"amount": told.amount}, about=member_id)
    return payment


def waive_penalty(penalty_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> PenaltyWaiver:
    """No longer ask for what is owed of a penalty. Raises NoSuchPenalty, PenaltyNotOpen."""
    lock_windows()
    found = standing_of(penalty_id)
    check_penalty_payment(found.state, owed=found.owed, currency=terms().currency)
    member_id, owed = found.penalty.member_id, found.owed
    row = PenaltyWaiver(id=new_id(), penalty_id=penalty_id, amount=owed, approved_by=by)
    row.reason_sealed = seal_for(member_id, reason, f"penalty_waiver|{row.id}")
    lines = [debit("penalty_income", owed), credit("penalties_receivable", owed, member_id)]
    draft = Draft(PostingKind.PENALTY_WAIVED, on, lines, source=("penalty_waiver", row.id), subject=member_id)
    row.entry_id = post(draft, by=by).id
    session().add(row)
    session().flush()
    record("waive", "penalty", penalty_id, by=by, after={"reason": reason, "amount": owed}, about=member_id)
    return row


def standing_of(penalty_id: uuid.UUID) -> PenaltyStanding:
    """A penalty with what was paid and its state. Raises NoSuchPenalty."""
    penalty = penalty_row(penalty_id)
    return next(found for found in penalties_of([penalty.member_id]) if found.penalty.id == penalty.id)


def waive_contribution(*, window_id: uuid.UUID, member_id: uuid.UUID, reason: str, by: uuid.UUID) -> WindowWaiver:
    """Not ask for a member's contribution of a window; nothing is booked. Raises NoSuchWindow, NothingToWaive."""
    lock_windows()
    asked = window(window_id)
    member = session().scalar(sa.select(Member).where(Member.id == member_id))
    if member is None:
        raise NotAMember(name="?", field="member")
    if window_id in waivers([member_id])[member_id]:
        raise NothingToWaive(window=asked.name)
    paid = sum((row.amount for row in savings_rows([member_id], [window_id])), Decimal(0))
    check_waivable(status_of(asked, paid=paid, now=clock.now(), zone=terms().zone))
    row = WindowWaiver(id=new_id(), window_id=window_id, member_id=member_id, approved_by=by)
    row.reason_sealed = seal_for(member_id, reason, f"window_waiver|{row.id}")
    session().add(row)
    session().flush()
    record("waive", "contribution_window", window_id, by=by, after={"reason": reason}, about=member_id)
    return row


def return_held(held_id: uuid.UUID, *, cash_account_id: uuid.UUID, on: date, by: uuid.UUID) -> HeldReceiptEnd:
    """Give a held receipt back to the member. Raises NoSuchHeldReceipt, HeldReceiptEnded and what the books refuse."""
    lock_windows()
    held = held_receipt_row(held_id)
    refuse_ended(held_id)
    open_cash_account(cash_account_id, field="cash_account")
    row = HeldReceiptEnd(id=new_id(), held_receipt_id=held.id, payment_id=None, recorded_by=by)
    lines = [debit("unallocated", held.amount), credit("cash", held.amount, cash_account_id)]
    source = ("held_receipt_end", row.id)
    row.entry_id = post(Draft(PostingKind.RECEIPT_RETURNED, on, lines, source=source, subject=held.member_id), by=by).id
    session().add(row)
    session().flush()
    record("return", "held_receipt", held.id, by=by, after={"amount": held.amount}, about=held.member_id)
    return row


def end_held_by_payment(held_id: uuid.UUID, payment: Payment, *, by: uuid.UUID) -> HeldReceiptEnd:
    """Say that a held receipt became a payment after all (recorded from the unallocated). Raises HeldReceiptEnded."""
    held = held_receipt_row(held_id)
    refuse_ended(held_id)
    row = HeldReceiptEnd(id=new_id(), held_receipt_id=held.id, payment_id=payment.id, entry_id=None, recorded_by=by)
    session().add(row)
    session().flush()
    record("allocate", "held_receipt", held.id, by=by, after={"payment": payment.id}, about=held.member_id)
    return row


def refuse_ended(held_id: uuid.UUID) -> None:
    """Raises HeldReceiptEnded when the money was returned, allocated, or its payment reversed."""
    held = held_receipt_row(held_id)
    ended = session().scalar(
        sa.select(HeldReceiptEnd.id)
        .where(HeldReceiptEnd.held_receipt_id == held_id)
        .where(sa.or_(HeldReceiptEnd.payment_id.is_(None), HeldReceiptEnd.payment_id.not_in(taken_back("payment"))))
    )
    undone = taken_back("payment").where(SavingsReversal.original_id == held.payment_id)
    if ended is not None or session().scalar(undone) is not None:
        raise HeldReceiptEnded
