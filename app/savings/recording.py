"""Recording payments: assessed under the group's lock, told apart into their parts, and posted all or none."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.periods import day_in
from app.ledgers.books import Draft, Line, credit, debit, post_many
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.errors import KeyUsed
from app.savings.models import Contribution, HeldReceipt, Payment, Penalty, PenaltyPayment
from app.savings.planning import UNALLOCATED, Receipt, plan_receipts
from app.savings.policy import terms
from app.savings.rules import Part, PartKind, PenaltyReason, Plan, SavingsPolicy, Window
from app.savings.windows import lock_windows


class Movement(Protocol):
    """Money that came in: what of it is compared when its key is sent again."""

    @property
    def key(self) -> str: ...
    @property
    def member_id(self) -> uuid.UUID | None: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def paid_at(self) -> datetime: ...


Row = Contribution | Penalty | PenaltyPayment | HeldReceipt


@dataclass
class _Written:
    """The rows and drafts of a batch, gathered before anything is written."""

    policy: SavingsPolicy
    by: uuid.UUID | None
    rows: list[object] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)


def record_receipts(
    receipts: Sequence[Receipt], *, by: uuid.UUID | None, batch_id: uuid.UUID | None = None, overdraft: bool = False
) -> list[Payment]:
    """Record payments, all or none; those whose key is known already are found and not recorded again.

    Raises NotAMember, InExitQueue, CashAccountClosed, KeyUsed, what `assess` refuses and what the books refuse.
    """
    lock_windows()
    known = paid_under(receipts)
    new = [receipt for receipt in receipts if receipt.key not in known]
    for account in {receipt.cash_account_id for receipt in new}:
        open_cash_account(account, field="cash_account")
    written = _Written(terms(), by)
    for receipt, plan in zip(new, plan_receipts(new, by=by), strict=True):
        payment = known[receipt.key] = _payment(receipt, batch_id, by)
        written.rows.append(payment)
        _write(written, payment, receipt, plan)
    _save(written, by=by, overdraft=overdraft)
    for receipt in new:
        payment = known[receipt.key]
        told = {"amount": payment.amount, "method": payment.method, "paid_at": payment.paid_at}
        record("create", "payment", payment.id, by=by, after=told, about=payment.member_id)
    return [known[receipt.key] for receipt in receipts]


def payments_by_key(keys: Collection[str]) -> dict[str, Payment]:
    """The payments that were recorded under these keys."""
    return {
        row.idempotency_key: row
        for row in session().scalars(sa.select(Payment).where(Payment.idempotency_key.in_(keys)))
    }


def paid_under(movements: Sequence[Movement]) -> dict[str, Payment]:
    """The payments that were recorded under the keys of these. Raises KeyUsed for one that says something else."""
    known = payments_by_key([movement.key for movement in movements])
    for movement in movements:
        done = known.get(movement.key)
        if done is None:
            continue
        member_id = movement.member_id or done.member_id  # money for one penalty goes without saying whose it is
        if (done.member_id, done.amount, done.paid_at) != (member_id, movement.amount, movement.paid_at):
            raise KeyUsed
    return known


def _payment(receipt: Receipt, batch_id: uuid.UUID | None, by: uuid.UUID | None) -> Payment:
    return Payment(
        id=receipt.payment_id or new_id(),
        member_id=receipt.member_id,
        amount=receipt.amount,
        paid_at=receipt.paid_at,
        method=receipt.method,
        reference=receipt.reference,
        source=receipt.source,
        cash_account_id=receipt.cash_account_id,
        batch_id=batch_id,
        idempotency_key=receipt.key,
        recorded_by=by,
    )


def _write(written: _Written, payment: Payment, receipt: Receipt, plan: Plan) -> None:
    for number, part in enumerate(plan.parts):
        _write_part(written, payment, receipt, part, number)
    if plan.fee is not None:
        row = _penalty(written, payment, plan.fee.window, plan.fee.amount)
        owed = debit("penalties_receivable", plan.fee.amount, payment.member_id)
        _entry(written, payment, PostingKind.PENALTY_LEVIED, [owed, credit("penalty_income", plan.fee.amount)], row)


def _write_part(written: _Written, payment: Payment, receipt: Receipt, part: Part, number: int) -> None:
    source = _source(receipt, part.amount)
    match part.kind:
        case PartKind.SAVINGS:
            saved = [source, credit("savings", part.amount, payment.member_id)]
            _entry(written, payment, PostingKind.CONTRIBUTION, saved, _contribution(payment, receipt, part))
        case PartKind.PENALTY:
            row = _penalty(written, payment, part.window, part.amount)
            row.settled_at_once, row.reason = True, str(part.reason)
            row.idempotency_key = f"{payment.idempotency_key}:{number}"
            taken = [source, credit("penalty_income", part.amount)]
            _entry(written, payment, PostingKind.LATE_PAYMENT_AS_PENALTY, taken, row)
        case PartKind.PENALTY_PAYMENT:
            paid = [source, credit("penalties_receivable", part.amount, payment.member_id)]
            _entry(written, payment, PostingKind.PENALTY_PAID, paid, _penalty_payment(payment, part))
        case PartKind.UNALLOCATED:
            held = _held(payment, part)
            if receipt.source == UNALLOCATED:
                written.rows.append(held)  # the money stands there already: nothing moves
                return
            waiting = [source, credit("unallocated", part.amount)]
            _entry(written, payment, PostingKind.RECEIPT_UNALLOCATED, waiting, held)


def _source(receipt: Receipt, amount: Decimal) -> Line:
    if receipt.source == UNALLOCATED:
        return debit("unallocated", amount)
    return debit("cash", amount, receipt.cash_account_id)


def _contribution(payment: Payment, receipt: Receipt, part: Part) -> Contribution:
    return Contribution(
        id=new_id(),
        payment_id=payment.id,
        member_id=payment.member_id,
        window_id=part.window.id if part.window else None,
        amount=part.amount,
        type=receipt.type,
        paid_at=payment.paid_at,
        days_late=part.days_late,
        spread=part.spread,
    )


def _penalty(written: _Written, payment: Payment, window: Window | None, amount: Decimal) -> Penalty:
    return Penalty(
        id=new_id(),
        member_id=payment.member_id,
        window_id=window.id if window else None,
        payment_id=payment.id,
        amount=amount,
        reason=PenaltyReason.LATE.value,
        levied_on=day_in(written.policy.zone, payment.paid_at),
        settled_at_once=False,
        idempotency_key=f"{payment.idempotency_key}:fee",
        levied_by=written.by,
    )


def _penalty_payment(payment: Payment, part: Part) -> PenaltyPayment:
    return PenaltyPayment(id=new_id(), penalty_id=part.penalty_id, payment_id=payment.id, amount=part.amount)


def _held(payment: Payment, part: Part) -> HeldReceipt:
    return HeldReceipt(
        id=new_id(), payment_id=payment.id, member_id=payment.member_id, amount=part.amount, kept=str(part.kept)
    )


def _entry(written: _Written, payment: Payment, kind: PostingKind, lines: Sequence[Line], row: Row) -> None:
    draft = Draft(
        kind,
        day_in(written.policy.zone, payment.paid_at),
        lines,
        source=(row.__tablename__, row.id),
        note=payment.reference or None,
        subject=payment.member_id,
    )
    row.entry_id = draft.id
    written.drafts.append(draft)
    written.rows.append(row)


def _save(written: _Written, *, by: uuid.UUID | None, overdraft: bool) -> None:
    """Entries and payments first, since the other rows refer to them."""
    post_many(written.drafts, by=by, overdraft=overdraft)
    session().add_all(row for row in written.rows if isinstance(row, Payment))
    session().flush()
    session().add_all(row for row in written.rows if not isinstance(row, Payment))
    session().flush()
