"""Taking back a payment, a penalty or a waiver: every entry that came of it is mirrored, and a row says so."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_about
from app.groups.models import Member
from app.groups.queries import group
from app.ledgers import lots
from app.ledgers.books import reverse_many
from app.ledgers.entries import refuse_resting
from app.ledgers.models import Entry
from app.savings.errors import AlreadyTakenBack
from app.savings.lookups import payment_row, penalty_row, waiver_row
from app.savings.models import (
    Contribution,
    HeldReceipt,
    HeldReceiptEnd,
    Payment,
    Penalty,
    PenaltyNetting,
    PenaltyPayment,
    PenaltyWaiver,
    SavingsReversal,
)
from app.savings.planning import Receipt
from app.savings.recording import paid_under, record_receipts
from app.savings.standings import netted, penalties_of, taken_back
from app.savings.windows import lock_windows
from app.web.filters import money

# What is wrong is undone, and says what replaces it, before the payment that does can be assessed and exists.
_LATER = sa.text("SET CONSTRAINTS fk_savings_reversal_group_id_replaced_by DEFERRED")


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
    refuse_undoing("payment", payment.id)
    entries = entries_of(payment)
    if entries:
        reverse_many(entries, by=by, on=on, reason=reason, subject=payment.member_id, overdraft=overdraft)
    return _keep("payment", payment.id, payment.member_id, reason=reason, by=by, replaced_by=replaced_by)


def replace_payment(
    payment_id: uuid.UUID, receipt: Receipt, *, reason: str, on: date, by: uuid.UUID, overdraft: bool = False
) -> Payment:
    """Undo a payment and record at once what takes its place; the reversal names it. Once for the receipt's key.

    Raises as `reverse_payment` and `record_receipts` do.
    """
    lock_windows()
    if receipt.key in (known := paid_under([receipt])):
        return known[receipt.key]
    session().execute(_LATER, execution_options={"core_ok": True})  # a setting, no table
    right = replace(receipt, payment_id=new_id())
    reverse_payment(payment_id, reason=reason, on=on, by=by, replaced_by=right.payment_id, overdraft=overdraft)
    return record_receipts([right], by=by, overdraft=overdraft)[0]


def entries_of(payment: Payment) -> list[Entry]:
    """The entries that a payment made, its late fee's too unless undone before, in the order of their numbers."""
    tables = (Contribution, PenaltyPayment, HeldReceipt)
    own = [sa.select(table.entry_id).where(table.payment_id == payment.id) for table in tables]
    fees = sa.select(Penalty.entry_id).where(Penalty.payment_id == payment.id, Penalty.id.not_in(taken_back("penalty")))
    ids: sa.CompoundSelect[uuid.UUID] = sa.union_all(*own, fees)
    return list(session().scalars(sa.select(Entry).where(Entry.id.in_(ids)).order_by(Entry.number)))


def resting_on_payment(payment_id: uuid.UUID) -> list[str]:
    """What later records rest on it: a held receipt returned or allocated, a fee paid or waived, a waived remainder,
    an exit in which what it saved was counted.
    """
    payment = payment_row(payment_id)
    ended = session().scalars(
        sa.select(HeldReceipt)
        .join(HeldReceiptEnd, HeldReceiptEnd.held_receipt_id == HeldReceipt.id)
        .where(HeldReceipt.payment_id == payment.id)
        .where(sa.or_(HeldReceiptEnd.payment_id.is_(None), HeldReceiptEnd.payment_id.not_in(taken_back("payment"))))
    )
    found = [_("%(amount)s of it was returned or allocated", amount=_money(row.amount)) for row in ended]
    found += lots.resting([entry.id for entry in entries_of(payment)])
    found += [
        _("a waiver of %(amount)s of a penalty that it paid in part", amount=_money(amount))
        for amount in _waived(payment)
    ]
    found += [
        _("%(amount)s kept back for a penalty that it paid in part", amount=_money(amount))
        for part in session().scalars(sa.select(PenaltyPayment).where(PenaltyPayment.payment_id == payment.id))
        for amount in _kept_back(part.penalty_id)
    ]
    found += _counted_in_exit(payment)
    for standing in penalties_of([payment.member_id]):
        if standing.penalty.payment_id == payment.id and not standing.penalty.settled_at_once:
            found += resting_on_penalty(standing.penalty.id)
    return found


def _counted_in_exit(payment: Payment) -> list[str]:
    """Who has asked to leave was promised what they had then: it is not made less behind the queue's back."""
    asked = sa.select(Member.display_name).where(Member.id == payment.member_id, Member.leaving_since.is_not(None))
    saved = sa.exists().where(Contribution.payment_id == payment.id)
    name = session().scalar(asked.where(saved))
    sentence = _("%(name)s has asked to leave, and it is in the entitlement that was fixed then")
    return [sentence % {"name": name}] if name else []


def _waived(payment: Payment) -> sa.ScalarResult[Decimal]:
    # What was waived is what this payment had left open: else its own part would be owed in the books and by nobody.
    return session().scalars(
        sa.select(PenaltyWaiver.amount)
        .join(PenaltyPayment, PenaltyPayment.penalty_id == PenaltyWaiver.penalty_id)
        .where(PenaltyPayment.payment_id == payment.id)
        .where(PenaltyWaiver.id.not_in(taken_back("penalty_waiver")))
    )


def _kept_back(penalty_id: uuid.UUID) -> sa.ScalarResult[Decimal]:
    rows = sa.select(PenaltyNetting.amount).where(PenaltyNetting.penalty_id == penalty_id, netted())
    return session().scalars(rows)


def _money(amount: Decimal) -> str:
    return money(amount, group().currency)  # an import or a command has no page that says the currency


def reverse_penalty(penalty_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> SavingsReversal:
    """Undo a penalty that was levied by mistake. Raises as `reverse_payment` does."""
    lock_windows()
    penalty = penalty_row(penalty_id)
    refuse_undoing("penalty", penalty.id)
    reverse_many([_entry(penalty.entry_id)], by=by, on=on, reason=reason, subject=penalty.member_id)
    return _keep("penalty", penalty.id, penalty.member_id, reason=reason, by=by)


def resting_on_penalty(penalty_id: uuid.UUID) -> list[str]:
    """The payments of a penalty and its waiver, as far as they count; of one paid at once, the money itself."""
    penalty = penalty_row(penalty_id)
    paid = session().scalars(
        sa.select(PenaltyPayment.amount)
        .where(PenaltyPayment.penalty_id == penalty_id)
        .where(PenaltyPayment.payment_id.not_in(taken_back("payment")))
    )
    waived = session().scalars(
        sa.select(PenaltyWaiver.amount)
        .where(PenaltyWaiver.penalty_id == penalty_id)
        .where(PenaltyWaiver.id.not_in(taken_back("penalty_waiver")))
    )
    found = [_("a payment of %(amount)s for the penalty", amount=_money(amount)) for amount in paid]
    found += [_("a waiver of %(amount)s of the penalty", amount=_money(amount)) for amount in waived]
    found += [_("%(amount)s that was kept back for it", amount=_money(amount)) for amount in _kept_back(penalty_id)]
    if penalty.settled_at_once:  # the money came with it, so the payment is what is undone
        found.append(_("the payment that it was taken from; reverse that one"))
    return found


def reverse_waiver(waiver_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> SavingsReversal:
    """Ask for a waived penalty again. Raises NoSuchPenalty, AlreadyTakenBack and what the books refuse."""
    lock_windows()
    waiver = waiver_row(waiver_id)
    refuse_undoing("penalty_waiver", waiver.id)
    penalty = penalty_row(waiver.penalty_id)
    reverse_many([_entry(waiver.entry_id)], by=by, on=on, reason=reason, subject=penalty.member_id)
    return _keep("penalty_waiver", waiver.id, penalty.member_id, reason=reason, by=by)


def refuse_undoing(kind: str, record_id: uuid.UUID) -> None:
    """Raises AlreadyTakenBack, SomethingRestsOnIt: what stands against undoing a record of this room."""
    done = sa.select(SavingsReversal.id).where(
        SavingsReversal.original_kind == kind, SavingsReversal.original_id == record_id
    )
    if session().scalar(done) is not None:
        raise AlreadyTakenBack
    refuse_resting(kind, record_id)


def entries_behind(kind: str, record_id: uuid.UUID) -> list[Entry]:
    """What undoing a payment, a penalty or a penalty_waiver mirrors. Raises NoSuchPayment, NoSuchPenalty."""
    if kind == "payment":
        return entries_of(payment_row(record_id))
    row = penalty_row(record_id) if kind == "penalty" else waiver_row(record_id)
    return [_entry(row.entry_id)]


def _entry(entry_id: uuid.UUID) -> Entry:
    return session().scalars(sa.select(Entry).where(Entry.id == entry_id)).one()


def _keep(
    kind: str,
    record_id: uuid.UUID,
    member_id: uuid.UUID,
    *,
    reason: str,
    by: uuid.UUID,
    replaced_by: uuid.UUID | None = None,
) -> SavingsReversal:
    row = SavingsReversal(
        id=new_id(), original_kind=kind, original_id=record_id, replaced_by=replaced_by, recorded_by=by
    )
    row.reason_sealed = seal_about(member_id, reason, f"savings_reversal|{row.id}")
    session().add(row)
    session().flush()
    record("reverse", kind, record_id, by=by, after={"reason": reason}, about=member_id, severity="notice")
    return row
