"""Paying owners what was received on their receipts, all in one run, and taking a payout back."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.credits.sealing import opened, sealed, sealed_or_none
from app.credits.services import entries_with
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, Posted, credit, debit, post_many, reverse_many
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.entries import refuse_resting
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.owners import queries
from app.owners.errors import NobodyChosen, NothingToPayOut, PaidBeforeReceived, PayoutTakenBack
from app.owners.models import OwnerPayout, OwnerPayoutPart, OwnerPayoutReversal, OwnerPayoutRun
from app.owners.received import Due, due, first_money
from app.owners.telling import tell_paid_out, tell_taken_back
from app.registry.queries import named
from app.web.filters import day

PAYOUT = "owner_payout"


@dataclass(frozen=True)
class Run:
    """Who is paid, out of which account, how and when, under the key of the deed."""

    owner_ids: Collection[uuid.UUID]
    cash_account_id: uuid.UUID
    method: Method
    on: date
    key: str
    reference: str | None = None


def pay_out(told: Run, *, by: uuid.UUID | None, overdraft: bool = False) -> OwnerPayoutRun:
    """Pay owners all that was received for them and not paid out yet: one payout and one entry for each. Once a key.

    Raises as `refuse_run` does, KeyUsed, CashAccountClosed, and what the books refuse (NeedsConfirmation).
    """
    lock_group()
    if (known := queries.run_under(told.key)) is not None:
        return _same(known, told)
    open_cash_account(told.cash_account_id, field="cash_account")
    found = refuse_run(told.owner_ids, on=told.on)
    run = OwnerPayoutRun(
        id=new_id(),
        cash_account_id=told.cash_account_id,
        method=Method(told.method).value,
        paid_on=told.on,
        idempotency_key=told.key,
        recorded_by=by,
    )
    run.reference_sealed = sealed_or_none(told.reference, queries.reference_place(run.id))
    rows = [OwnerPayout(id=new_id(), run_id=run.id, owner_id=one.owner.id, amount=one.amount) for one in found]
    posted = post_many([_draft(row, told) for row in rows], by=by, overdraft=overdraft)
    _keep(run, rows, posted, found)
    for row, one in zip(rows, found, strict=True):
        after = {"amount": row.amount, "method": run.method, "reference": told.reference}
        record("pay", PAYOUT, row.id, by=by, after=after, about=one.owner.member_id)
    tell_paid_out(run, rows, found)
    return run


def _keep(run: OwnerPayoutRun, rows: Sequence[OwnerPayout], posted: Sequence[Posted], found: Sequence[Due]) -> None:
    for row, entry in zip(rows, posted, strict=True):
        row.entry_id = entry.id
    session().add(run)
    session().flush()
    session().add_all(rows)
    session().flush()
    parts: list[dict[str, Any]] = [
        {"group_id": session().group_id, "id": new_id(), "payout_id": row.id, "receipt_id": id_, "amount": amount}
        for row, one in zip(rows, found, strict=True)
        for id_, amount in one.parts.items()
    ]
    # One statement for thousands of receipts; row-level security checks it as it would check objects.
    session().connection().execute(sa.insert(OwnerPayoutPart), parts)


def refuse_run(owner_ids: Collection[uuid.UUID], *, on: date) -> list[Due]:
    """What these owners are to be paid now. Raises DayInFuture, NobodyChosen, NothingToPayOut, PaidBeforeReceived."""
    if on > today():
        raise DayInFuture(day=on.isoformat(), field="on")
    wanted = set(owner_ids)
    if not wanted:
        raise NobodyChosen
    found = {one.owner.id: one for one in due(wanted) if one.amount > 0}
    for owner_id in wanted - found.keys():
        raise NothingToPayOut(name=named(owner_id).name)
    _refuse_before_received(list(found.values()), on)
    return list(found.values())


def _refuse_before_received(found: Sequence[Due], on: date) -> None:
    firsts = first_money(found) if on < today() else {}  # nothing comes in on a day that has not come
    for one in found:
        if (first := firsts.get(one.owner.id)) and on < first:
            raise PaidBeforeReceived(name=one.owner.name, day=day(first), field="on")


def _draft(row: OwnerPayout, told: Run) -> Draft:
    lines = [debit("owner_payable", row.amount, row.owner_id), credit("cash", row.amount, told.cash_account_id)]
    key = f"{told.key}/{row.owner_id}"
    return Draft(PostingKind.OWNER_PAID, told.on, lines, source=(PAYOUT, row.id), key=key)


def _same(known: OwnerPayoutRun, told: Run) -> OwnerPayoutRun:
    reference = opened(known.reference_sealed, queries.reference_place(known.id))
    said = (known.cash_account_id, known.method, known.paid_on, reference)
    if said != (told.cash_account_id, Method(told.method).value, told.on, told.reference or None):
        raise KeyUsed
    if queries.owners_in(known.id) != set(told.owner_ids):
        raise KeyUsed
    return known


def reverse_payout(payout_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID | None) -> OwnerPayoutReversal:
    """Take a payout back that did not reach the owner: it is owed again, and the next run pays it.

    `on` is an open day. Raises NoSuchPayout, PayoutTakenBack, SomethingRestsOnIt, PeriodClosed.
    """
    lock_group()
    row = queries.payout_row(payout_id)
    refuse_undoing(row.id)
    reverse_many(list(entries_with([row.entry_id]).values()), by=by, on=on, reason=reason)
    undone = OwnerPayoutReversal(id=new_id(), payout_id=row.id, recorded_by=by)
    undone.reason_sealed = sealed(reason, queries.reason_place(undone.id))
    session().add(undone)
    session().flush()
    owner = named(row.owner_id)
    after = {"reason": reason}
    record("reverse", PAYOUT, row.id, by=by, after=after, about=owner.member_id, severity="notice")
    tell_taken_back(row, owner)
    return undone


def refuse_undoing(payout_id: uuid.UUID) -> None:
    """Raises PayoutTakenBack, SomethingRestsOnIt: what stands against taking a payout back."""
    if session().scalar(sa.select(OwnerPayoutReversal.id).where(OwnerPayoutReversal.payout_id == payout_id)):
        raise PayoutTakenBack
    refuse_resting(PAYOUT, payout_id)
