"""Making lines into entries and tying them to their records: what an import and an officer's allocation share."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.imports.models import ImportedLine, LineAllocation
from app.imports.standing import RELEASE, WAITS, numbers
from app.ledgers import chart
from app.ledgers.books import Draft, Line, post_many, reverse_many
from app.ledgers.chart import PostingKind
from app.ledgers.closing import is_open
from app.ledgers.heads import today
from app.ledgers.models import Entry

UNALLOCATED = chart.Account("unallocated")


@dataclass(frozen=True)
class Booking:
    """A line, what it is, the account on its other side, and why the entry exists.

    `waited` says that the money stands among the unallocated receipts already.
    """

    line: ImportedLine
    what: str
    against: chart.Account | uuid.UUID
    kind: PostingKind
    note: str | None = None
    waited: bool = False


def waiting(line: ImportedLine) -> Booking:
    """Money that came in and is nobody's yet."""
    return Booking(line, WAITS, UNALLOCATED, PostingKind.RECEIPT_UNALLOCATED)


def charge(line: ImportedLine, note: str | None = None) -> Booking:
    """What the bank or provider took."""
    return Booking(line, "charge", chart.Account("bank_charges"), PostingKind.BANK_CHARGE, note)


def transfer(line: ImportedLine, target_id: uuid.UUID, note: str | None = None, *, waited: bool = False) -> Booking:
    """Money that went to, or came from, another cash account of the group."""
    return Booking(line, "transfer", chart.Account("cash", target_id), PostingKind.TRANSFER, note, waited)


def book(bookings: Sequence[Booking], *, by: uuid.UUID | None, overdraft: bool = False) -> list[LineAllocation]:
    """Post an entry for each line and say so, all or none. Raises what the books refuse (NeedsConfirmation)."""
    before = numbers([booking.line.id for booking in bookings])
    rows, drafts = [], []
    for booking in bookings:
        row = _row(booking.line, booking.what, before, by)
        draft = _draft(booking, row)
        row.entry_id = draft.id
        rows.append(row)
        drafts.append(draft)
    post_many(drafts, by=by, overdraft=overdraft)
    session().add_all(rows)
    session().flush()
    return rows


def _draft(booking: Booking, row: LineAllocation) -> Draft:
    line = booking.line
    own = UNALLOCATED if booking.waited else chart.Account("cash", line.cash_account_id)
    kind = PostingKind.RECEIPT_ALLOCATED if booking.waited else booking.kind
    return Draft(
        kind,
        line.day,
        [Line(own, line.amount), Line(booking.against, -line.amount)],
        source=("line_allocation", row.id),
        key=f"line:{line.id}:{row.number}",
        note=booking.note,
    )


def tie_payments(
    payments: Mapping[uuid.UUID, uuid.UUID], lines: Sequence[ImportedLine], *, by: uuid.UUID | None
) -> None:
    """Say of lines that they became these payments (by line)."""
    before = numbers(list(payments))
    for line in lines:
        if line.id in payments:
            row = _row(line, "payment", before, by)
            row.payment_id = payments[line.id]
            session().add(row)
    session().flush()


def tie_recorded(
    found: Sequence[tuple[ImportedLine, uuid.UUID | None, uuid.UUID | None]], *, by: uuid.UUID | None
) -> None:
    """Say of lines that a payment, else an entry, was in the books before."""
    before = numbers([line.id for line, _payment, _entry in found])
    for line, payment_id, entry_id in found:
        row = _row(line, "entry", before, by)
        row.payment_id, row.entry_id = payment_id, None if payment_id else entry_id
        session().add(row)
    session().flush()


def tie_made(line: ImportedLine, what: str, entry_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Say of a line that another room made it into a record of this kind, with this entry."""
    row = _row(line, what, numbers([line.id]), by)
    row.entry_id = entry_id
    session().add(row)
    session().flush()


def release(line: ImportedLine, allocation: LineAllocation, *, by: uuid.UUID | None) -> None:
    """Say that an allocation does not count any more."""
    row = _row(line, RELEASE, numbers([line.id]), by)
    row.reverses_id = allocation.id
    session().add(row)
    session().flush()


def undo_entries(entry_ids: Sequence[uuid.UUID], *, reason: str, by: uuid.UUID | None, overdraft: bool = False) -> None:
    """Reverse entries on their own days, or today where a day is closed."""
    entries = session().scalars(sa.select(Entry).where(Entry.id.in_(entry_ids)).order_by(Entry.number)).all()
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.effective_on if is_open(entry.effective_on) else today(), []).append(entry)
    for day, group in by_day.items():
        reverse_many(group, by=by, on=day, reason=reason, overdraft=overdraft)


def _row(line: ImportedLine, what: str, before: Mapping[uuid.UUID, int], by: uuid.UUID | None) -> LineAllocation:
    number = before.get(line.id, 0) + 1
    return LineAllocation(id=new_id(), line_id=line.id, number=number, what=what, recorded_by=by)
