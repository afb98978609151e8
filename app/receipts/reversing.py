"""Taking a receipt back by a reversing one with a number of its own, and putting in its place what is entitled now."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import open_for, seal_for
from app.core.outbox import later
from app.core.periods import Month
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import reverse_many
from app.ledgers.entries import refuse_resting
from app.ledgers.models import Entry
from app.receipts.errors import AlreadyTakenBack, NothingInItsPlace, NotReplaceable
from app.receipts.issuing import SETTLE, issue, next_number
from app.receipts.models import Receipt, ReceiptReversal
from app.receipts.paying import release, settle
from app.receipts.planning import UnitPlan, plan
from app.receipts.rules import Due, fingerprint
from app.receipts.standing import receipt_row, reversal_of, standing
from app.receipts.telling import tell_reversed
from app.receipts.writing import add_rows
from app.rentals.queries import entitlements

RECEIPT = "receipt"


@dataclass(frozen=True)
class Replacement:
    """What would take the place of a receipt: those of its unit's month that go, and what is issued instead."""

    gone: Sequence[Receipt]
    plan: UnitPlan

    def keeps_owner(self, receipt: Receipt) -> bool:
        """Whether an owner of a receipt that goes has one again."""
        return any(due.owner_id == receipt.owner_id for due in self.plan.dues)


def reverse_receipt(
    receipt_id: uuid.UUID,
    *,
    reason: str,
    on: date,
    by: uuid.UUID,
    replaced: bool = False,
    approved_by: uuid.UUID | None = None,
) -> list[ReceiptReversal]:
    """Reverse a receipt with its tax; with `replaced`, all of its unit's month that say otherwise than what is now so.

    What was paid on it becomes the client's credit, which pays what takes its place, or by the worker what else is
    open. `on` is an open day. Raises NoSuchReceipt, AlreadyTakenBack, SomethingRestsOnIt (its owner was paid out, and
    gets no other one), NothingInItsPlace, NotReplaceable, and what the books refuse.
    """
    lock_group()
    receipt, instead = refuse_undoing(receipt_id, replaced=replaced)
    gone = instead.gone if instead else [receipt]
    for one in gone:
        release(one, on=on, by=by, reason=reason)
    made = _reverse(gone, reason=reason, on=on, by=by, approved_by=approved_by)
    if instead:
        issue([instead.plan], Month.parse(receipt.period), by=by)
        settle({one.client_id for one in gone})
    else:
        later(SETTLE, key=f"{SETTLE}:undone:{receipt.id}")
    tell_reversed(gone)
    return made


def refuse_undoing(receipt_id: uuid.UUID, *, replaced: bool) -> tuple[Receipt, Replacement | None]:
    """The receipt, and what would take its place. Raises what stands against it."""
    receipt = receipt_row(receipt_id)
    if reversal_of(receipt.id) is not None:
        raise AlreadyTakenBack
    instead = replacement(receipt) if replaced else None
    for one in instead.gone if instead else [receipt]:
        if instead is None or not instead.keeps_owner(one):
            refuse_resting(RECEIPT, one.id)
    return receipt, instead


def replacement(receipt: Receipt) -> Replacement:
    """What is entitled now of a receipt's unit and month, in place of what says otherwise.

    Raises NotReplaceable where nobody can be said to be entitled, NothingInItsPlace where all would stay as it is.
    """
    month = Month.parse(receipt.period)
    planned = plan(entitlements(month, unit_id=receipt.unit_id), month)[0]
    if planned.skip is not None:
        raise NotReplaceable(why=planned.why, field="replaced")
    wanted = {due.assignment_id: due for due in planned.dues}
    query = standing().where(Receipt.unit_id == receipt.unit_id, Receipt.period == receipt.period)
    there = session().scalars(query.order_by(Receipt.number)).all()
    gone = [one for one in there if not _same(one, wanted.get(one.assignment_id))]
    if receipt not in gone:
        raise NothingInItsPlace(field="replaced")
    return Replacement(gone, planned)


def _same(receipt: Receipt, due: Due | None) -> bool:
    """Whether a receipt would be issued just so again, tax included."""
    if due is None:
        return False
    names = ("client_id", "lease_id", "percent", "rent", "amount", "charges", "rate", "final", "withheld")
    return all(getattr(receipt, name) == getattr(due, name) for name in names)


def _reverse(
    gone: Sequence[Receipt], *, reason: str, on: date, by: uuid.UUID, approved_by: uuid.UUID | None
) -> list[ReceiptReversal]:
    undone = reverse_many(_entries(gone), by=by, on=on, reason=reason)
    year, now = clock.today(group().time_zone).year, clock.now()
    given = {"year": year, "effective_on": on, "reversed_by": by, "approved_by": approved_by, "reversed_at": now}
    rows = [
        _row(one, {**given, "number": number, "entry_id": posted.id}, reason)
        for number, (one, posted) in enumerate(zip(gone, undone, strict=True), next_number(year))
    ]
    add_rows(ReceiptReversal, rows)
    for row in rows:
        after = {"reason": reason, "number": row["number"]}
        record("reverse", RECEIPT, row["receipt_id"], by=by, after=after, severity="notice")
    return list(session().scalars(sa.select(ReceiptReversal).where(ReceiptReversal.id.in_(row["id"] for row in rows))))


def _entries(gone: Sequence[Receipt]) -> list[Entry]:
    wanted = sa.select(Entry).where(Entry.id.in_(one.entry_id for one in gone)).options(selectinload(Entry.postings))
    found = {entry.id: entry for entry in session().scalars(wanted)}
    return [found[one.entry_id] for one in gone]


def _row(receipt: Receipt, given: Mapping[str, Any], reason: str) -> dict[str, Any]:
    id_ = new_id()
    about = {"id": id_, "receipt_id": receipt.id, "assignment_id": receipt.assignment_id, "period": receipt.period}
    row = {**about, **given, "reason_sealed": seal_for(session().group_id, reason, place_of_reason(id_))}
    return row | {"hash": hash_of_reversal(row, receipt.hash)}


HASHED = ("number", "year", "receipt_id", "assignment_id", "period", "effective_on", "reversed_at")


def hash_of_reversal(row: Mapping[str, Any], reverses: bytes) -> bytes:
    """The hash of a reversing receipt, by the names of its columns, and of the hash of what it takes back."""
    named = {name: row[name] for name in HASHED}
    return fingerprint({"group": session().group_id, "reverses": reverses, **named})


def is_intact_reversal(row: ReceiptReversal) -> bool:
    """Whether a reversing receipt still says what its hash says."""
    return hash_of_reversal({name: getattr(row, name) for name in HASHED}, receipt_row(row.receipt_id).hash) == row.hash


def reason_of(row: ReceiptReversal) -> str | None:
    """Why a receipt was taken back; None once that cannot be opened any more."""
    return open_for(session().group_id, row.reason_sealed, place_of_reason(row.id))


def place_of_reason(row_id: uuid.UUID) -> str:
    """What the sealed reason of a reversal is bound to."""
    return f"receipt_reversal|{row_id}"
