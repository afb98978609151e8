"""Held receipts: money that is nothing yet, returned to the member or made a payment after all."""

import uuid
from datetime import date

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.savings.errors import HeldReceiptEnded, StillHeld
from app.savings.lookups import held_receipt_row, payment_row
from app.savings.models import HeldReceipt, HeldReceiptEnd, Payment, SavingsReversal
from app.savings.planning import UNALLOCATED, Receipt, plan_receipts
from app.savings.recording import paid_under, record_receipts
from app.savings.rules import PartKind, Plan
from app.savings.standings import taken_back
from app.savings.windows import lock_windows


def return_held(
    held_id: uuid.UUID, *, cash_account_id: uuid.UUID, on: date, by: uuid.UUID, overdraft: bool = False
) -> HeldReceiptEnd:
    """Give a held receipt back to the member.

    Raises NoSuchHeldReceipt, HeldReceiptEnded, CashAccountClosed, and what the books refuse (NeedsConfirmation).
    """
    lock_windows()
    held = held_receipt_row(held_id)
    refuse_ended(held_id)
    open_cash_account(cash_account_id, field="cash_account")
    row = HeldReceiptEnd(id=new_id(), held_receipt_id=held.id, payment_id=None, recorded_by=by)
    lines = [debit("unallocated", held.amount), credit("cash", held.amount, cash_account_id)]
    source = ("held_receipt_end", row.id)
    draft = Draft(PostingKind.RECEIPT_RETURNED, on, lines, source=source, subject=held.member_id)
    row.entry_id = post(draft, by=by, overdraft=overdraft).id
    session().add(row)
    session().flush()
    record("return", "held_receipt", held.id, by=by, after={"amount": held.amount}, about=held.member_id)
    return row


def allocation_of(held: HeldReceipt, *, window_id: uuid.UUID | None, key: str) -> Receipt:
    """The payment that a held receipt would become: of the day it came in, out of the unallocated."""
    came = payment_row(held.payment_id)
    return Receipt(
        member_id=held.member_id,
        amount=held.amount,
        paid_at=came.paid_at,
        method=came.method,
        cash_account_id=came.cash_account_id,
        reference=came.reference,
        key=key,
        window_id=window_id,
        source=UNALLOCATED,
    )


def plan_allocation(told: Receipt, *, by: uuid.UUID) -> Plan:
    """What would become of a held receipt. Raises StillHeld when all of it would go on waiting, and what is refused."""
    plan = plan_receipts([told], by=by)[0]
    if plan.total(PartKind.UNALLOCATED) == told.amount:
        raise StillHeld(field="window")
    return plan


def allocate_held(held_id: uuid.UUID, *, window_id: uuid.UUID | None, by: uuid.UUID, key: str) -> Payment:
    """Make a held receipt the payment it was meant as, once for each key.

    Raises HeldReceiptEnded, StillHeld, KeyUsed.
    """
    lock_windows()
    told = allocation_of(held_receipt_row(held_id), window_id=window_id, key=key)
    if key in (known := paid_under([told])):
        return known[key]
    refuse_ended(held_id)
    plan_allocation(told, by=by)
    payment = record_receipts([told], by=by)[0]
    end_held_by_payment(held_id, payment, by=by)
    return payment


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
