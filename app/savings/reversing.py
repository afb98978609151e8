"""Taking back a payment, a penalty or a waiver: every entry that came of it is mirrored, and a row says so."""

import uuid
from datetime import date

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.ledgers.books import reverse_many
from app.ledgers.errors import SomethingRestsOnIt
from app.ledgers.models import Entry
from app.savings.errors import AlreadyTakenBack, NoSuchPayment
from app.savings.lookups import payment_row, penalty_row, waiver_row
from app.savings.models import (
    Contribution,
    HeldReceipt,
    HeldReceiptEnd,
    Payment,
    Penalty,
    PenaltyPayment,
    PenaltyWaiver,
    SavingsReversal,
)
from app.savings.standings import penalties_of, taken_back
from app.savings.windows import lock_windows


def reverse_payment(
    payment_id: uuid.UUID,
    *,
    reason: str,
    on: date,
    by: uuid.UUID,
    replaced_by: uuid.UUID | None = None,
    overdraft: bool = False,
) -> SavingsReversal:
    """Undo a payment with all its parts and its late fee; what it closed is open again.

    `on` is an open day: today, or the payment's own while its month is open. Raises NoSuchPayment, AlreadyTakenBack,
    SomethingRestsOnIt, and what the books refuse (NotEnough when the savings were used).
    """
    lock_windows()
    payment = payment_row(payment_id)
    _refuse_second("payment", payment.id)
    resting = resting_on_payment(payment)
    if resting:
        raise SomethingRestsOnIt(what="; ".join(resting))
    entries = entries_of(payment)
    if entries:
        reverse_many(entries, by=by, on=on, reason=reason, subject=payment.member_id, overdraft=overdraft)
    return _keep("payment", payment.id, payment.member_id, reason=reason, by=by, replaced_by=replaced_by)


def entries_of(payment: Payment) -> list[Entry]:
    """The entries that a payment made, its late fee's too, in the order of their numbers."""
    tables = (Contribution, Penalty, PenaltyPayment, HeldReceipt)
    ids = sa.union_all(*(sa.select(table.entry_id).where(table.payment_id == payment.id) for table in tables))
    return list(session().scalars(sa.select(Entry).where(Entry.id.in_(ids)).order_by(Entry.number)))


def resting_on_payment(payment: Payment) -> list[str]:
    """What later records rest on it: a held receipt that was returned or allocated, a fee that was paid or waived."""
    ended = (
        session()
        .scalars(
            sa.select(HeldReceiptEnd.id)
            .join(HeldReceipt, HeldReceipt.id == HeldReceiptEnd.held_receipt_id)
            .where(HeldReceipt.payment_id == payment.id)
            .where(sa.or_(HeldReceiptEnd.payment_id.is_(None), HeldReceiptEnd.payment_id.not_in(taken_back("payment"))))
        )
        .all()
    )
    fees = [
        found.penalty.id
        for found in penalties_of([payment.member_id])
        if found.penalty.payment_id == payment.id and not found.penalty.settled_at_once
    ]
    return [f"held receipt {row}" for row in ended] + [what for fee in fees for what in resting_on_penalty(fee)]


def reverse_penalty(penalty_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> SavingsReversal:
    """Undo a penalty that was levied by mistake. Raises as `reverse_payment` does."""
    lock_windows()
    penalty = penalty_row(penalty_id)
    _refuse_second("penalty", penalty.id)
    resting = resting_on_penalty(penalty.id)
    if penalty.settled_at_once and penalty.payment_id:
        resting.append(f"payment {penalty.payment_id}")  # the money came with it, so the payment is what is undone
    if resting:
        raise SomethingRestsOnIt(what="; ".join(resting))
    entry = session().scalars(sa.select(Entry).where(Entry.id == penalty.entry_id)).one()
    reverse_many([entry], by=by, on=on, reason=reason, subject=penalty.member_id)
    return _keep("penalty", penalty.id, penalty.member_id, reason=reason, by=by)


def resting_on_penalty(penalty_id: uuid.UUID) -> list[str]:
    """The payments of a penalty and its waiver, as far as they count."""
    paid = session().scalars(
        sa.select(PenaltyPayment.payment_id)
        .where(PenaltyPayment.penalty_id == penalty_id)
        .where(PenaltyPayment.payment_id.not_in(taken_back("payment")))
    )
    waived = session().scalars(
        sa.select(PenaltyWaiver.id)
        .where(PenaltyWaiver.penalty_id == penalty_id)
        .where(PenaltyWaiver.id.not_in(taken_back("penalty_waiver")))
    )
    return [f"payment {row}" for row in paid] + [f"waiver {row}" for row in waived]


def reverse_waiver(waiver_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> SavingsReversal:
    """Ask for a waived penalty again. Raises NoSuchPenalty, AlreadyTakenBack and what the books refuse."""
    lock_windows()
    waiver = waiver_row(waiver_id)
    _refuse_second("penalty_waiver", waiver.id)
    penalty = penalty_row(waiver.penalty_id)
    entry = session().scalars(sa.select(Entry).where(Entry.id == waiver.entry_id)).one()
    reverse_many([entry], by=by, on=on, reason=reason, subject=penalty.member_id)
    return _keep("penalty_waiver", waiver.id, penalty.member_id, reason=reason, by=by)


def _refuse_second(kind: str, record_id: uuid.UUID) -> None:
    done = sa.select(SavingsReversal.id).where(
        SavingsReversal.original_kind == kind, SavingsReversal.original_id == record_id
    )
    if session().scalar(done) is not None:
        raise AlreadyTakenBack


def _keep(
    kind: str,
    record_id: uuid.UUID,
    member_id: uuid.UUID,
    *,
    reason: str,
    by: uuid.UUID,
    replaced_by: uuid.UUID | None = None,
) -> SavingsReversal:
    if replaced_by is not None and session().scalar(sa.select(Payment.id).where(Payment.id == replaced_by)) is None:
        raise NoSuchPayment
    row = SavingsReversal(
        id=new_id(), original_kind=kind, original_id=record_id, replaced_by=replaced_by, recorded_by=by
    )
    row.reason_sealed = seal_for(member_id, reason, f"savings_reversal|{row.id}")
    session().add(row)
    session().flush()
    record("reverse", kind, record_id, by=by, after={"reason": reason}, about=member_id, severity="notice")
    return row
