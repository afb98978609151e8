"""Credits: using them for what is owed, undoing a use, freeing what must be taken back, and paying credit back.

A room that takes money keeps what is over by a line `kept(party_id, amount)` of its own entry. Every verb here begins
under the group's lock, as does whoever calls `use` and `undo`.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import exact, lazily
from app.core.rooms import rooms
from app.credits import queries
from app.credits.errors import BadRefund, CreditGone, MoreThanCredit, RefundTakenBack
from app.credits.models import CreditRefund, CreditRefundReversal, CreditUse, CreditUseEnd
from app.credits.rules import Purpose, Using
from app.credits.sealing import opened, sealed, sealed_or_none
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, Line, credit, debit, post, post_many, reverse_many
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.entries import refuse_resting
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.ledgers.models import Entry
from app.registry.queries import named

POSTED = {
    Purpose.RENT: (PostingKind.RENT_PAID, "rent_receivable"),
    Purpose.DUES: (PostingKind.DUES_PAID, "dues_receivable"),
}


def kept(party_id: uuid.UUID, amount: Decimal) -> Line:
    """The line of an entry that keeps an amount as a party's credit."""
    return credit("credit", amount, party_id)


def use(uses: Sequence[Using], *, on: date, by: uuid.UUID | None) -> list[CreditUse]:
    """Use credits for what is owed: one entry for each, in the order given; any number at once.

    The caller holds the group's lock, asks for no more than `credit_of` says, and notes what was paid. Raises
    NotEnough where a credit is too small.
    """
    rows = [
        CreditUse(
            id=new_id(),
            party_id=one.party_id,
            purpose=one.purpose.value,
            target_id=one.target_id,
            amount=one.amount,
            used_on=on,
            recorded_by=by,
        )
        for one in uses
    ]
    for row, entry in zip(rows, post_many([_use_draft(row) for row in rows], by=by), strict=True):
        row.entry_id = entry.id
    session().add_all(rows)
    session().flush()
    return rows


def _use_draft(row: CreditUse) -> Draft:
    kind, receivable = POSTED[Purpose(row.purpose)]
    lines = [debit("credit", row.amount, row.party_id), credit(receivable, row.amount, row.party_id)]
    return Draft(kind, row.used_on, lines, source=("credit_use", row.id), key=f"credit_use:{row.id}")


def undo(uses: Sequence[CreditUse], *, on: date, by: uuid.UUID | None, reason: str) -> None:
    """Undo uses: the credit is there again, and what they paid is owed again. The rooms whose they are are told."""
    if not uses:
        return
    entries = entries_with([row.entry_id for row in uses])
    posted = reverse_many([entries[row.entry_id] for row in uses], by=by, on=on, reason=reason)
    undone = {row.id: entry.id for row, entry in zip(uses, posted, strict=True)}
    session().add_all(
        CreditUseEnd(id=new_id(), use_id=use_id, entry_id=entry_id, recorded_by=by)
        for use_id, entry_id in undone.items()
    )
    session().flush()
    for purpose in sorted({row.purpose for row in uses}):
        own = {row.id: undone[row.id] for row in uses if row.purpose == purpose}
        for room in rooms():
            if purpose in room.credit_returned:
                room.credit_returned[purpose](own)


def free(party_id: uuid.UUID, needed: Decimal, *, on: date, by: uuid.UUID | None, reason: str) -> bool:
    """See to it that so much of a party's credit is there to be taken back, undoing its latest uses where it is not.

    Returns whether uses were undone: what they paid is owed again. Raises CreditGone when too much was paid back.
    """
    missing = needed - queries.credit_of([party_id])[party_id]
    chosen: list[CreditUse] = []
    for row in queries.uses_of(party_id) if missing > 0 else ():
        if missing <= 0:
            break
        chosen.append(row)
        missing -= row.amount
    if missing > 0:
        name = named(party_id).name
        raise CreditGone(missing=lazily(missing, group().currency), name=name)
    undo(chosen, on=on, by=by, reason=reason)
    return bool(chosen)


def refund(
    party_id: uuid.UUID,
    *,
    amount: Decimal,
    cash_account_id: uuid.UUID,
    method: Method,
    reference: str | None = None,
    on: date,
    by: uuid.UUID | None,
    key: str,
    overdraft: bool = False,
) -> CreditRefund:
    """Pay a credit back, in part or wholly. Once for each key.

    Raises as `refuse_refund` does, KeyUsed, CashAccountClosed, and what the books refuse (NeedsConfirmation).
    """
    lock_group()
    if (known := queries.refund_under(key)) is not None:
        return _same(known, (party_id, amount, cash_account_id, Method(method).value, on, reference or None))
    open_cash_account(cash_account_id, field="cash_account")
    refuse_refund(party_id, amount=amount, on=on)
    row = CreditRefund(
        id=new_id(),
        party_id=party_id,
        amount=amount,
        cash_account_id=cash_account_id,
        method=Method(method).value,
        paid_on=on,
        idempotency_key=key,
        recorded_by=by,
    )
    row.reference_sealed = sealed_or_none(reference, queries.reference_place(row.id))
    lines = [debit("credit", amount, party_id), credit("cash", amount, cash_account_id)]
    draft = Draft(PostingKind.CREDIT_BACK, on, lines, source=("credit_refund", row.id), key=key)
    row.entry_id = post(draft, by=by, overdraft=overdraft).id
    session().add(row)
    session().flush()
    after = {"amount": amount, "method": row.method, "reference": reference}
    record("pay", "credit_refund", row.id, by=by, after=after)
    return row


def _same(known: CreditRefund, told: tuple[Any, ...]) -> CreditRefund:
    reference = opened(known.reference_sealed, queries.reference_place(known.id))
    if (known.party_id, known.amount, known.cash_account_id, known.method, known.paid_on, reference) != told:
        raise KeyUsed
    return known


def refuse_refund(party_id: uuid.UUID, *, amount: Decimal, on: date) -> None:
    """What stands against paying so much back. Raises DayInFuture, BadRefund, MoreThanCredit."""
    if on > today():
        raise DayInFuture(day=on.isoformat(), field="on")
    if amount <= 0:
        raise BadRefund(field="amount")
    exact(amount, currency := group().currency)
    if amount > (there := queries.credit_of([party_id])[party_id]):
        name = named(party_id).name
        raise MoreThanCredit(name=name, credit=lazily(there, currency), field="amount")


def reverse_refund(refund_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID | None) -> CreditRefundReversal:
    """Take a repayment back that did not reach the party: the credit is there again.

    `on` is an open day. Raises NoSuchRefund, RefundTakenBack, PeriodClosed.
    """
    lock_group()
    row = queries.refund_row(refund_id)
    refuse_undoing(row.id)
    reverse_many(list(entries_with([row.entry_id]).values()), by=by, on=on, reason=reason)
    undone = CreditRefundReversal(id=new_id(), refund_id=row.id, recorded_by=by)
    undone.reason_sealed = sealed(reason, queries.reason_place(undone.id))
    session().add(undone)
    session().flush()
    record("reverse", "credit_refund", row.id, by=by, after={"reason": reason}, severity="notice")
    return undone


def refuse_undoing(refund_id: uuid.UUID) -> None:
    """Raises RefundTakenBack, SomethingRestsOnIt: what stands against taking a repayment back."""
    if session().scalar(sa.select(CreditRefundReversal.id).where(CreditRefundReversal.refund_id == refund_id)):
        raise RefundTakenBack
    refuse_resting("credit_refund", refund_id)


def entries_with(entry_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Entry]:
    """Entries with their lines, by id, in two statements however many they are."""
    wanted = sa.select(Entry).where(Entry.id.in_(entry_ids)).options(selectinload(Entry.postings))
    return {row.id: row for row in session().scalars(wanted)}
