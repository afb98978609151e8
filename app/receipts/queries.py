"""Reads of receipts: the list with its filters, one with all that belongs to it, and the log by number."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.periods import Month
from app.groups.queries import names
from app.ledgers.models import Entry
from app.receipts.models import Receipt, ReceiptReversal
from app.receipts.payment_models import ReceiptPart
from app.receipts.payments_queries import PaidLine, money_on, paid_so_far
from app.receipts.reversing import reason_of
from app.receipts.standing import not_reversed, receipt_row, reversal_of
from app.receipts.words import state_of
from app.registry.models import Party, Unit
from app.registry.queries import PartyNamed, parties_named
from app.web.keyset import Cursor, Slice, slice_of

STATES = ("due", "partial", "paid", "reversed")
NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True)
class Wanted:
    """Which receipts a list is about; what is None is not asked. Codes are those of units and parties."""

    period: Month | None = None
    unit: str | None = None
    owner: str | None = None
    client: str | None = None
    state: str | None = None
    batch_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = None
    owner_id: uuid.UUID | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything is asked at all."""
        return any((self.period, self.unit, self.owner, self.client, self.state, self.batch_id))


@dataclass(frozen=True)
class Line:
    """A receipt in a list: whose it is, who pays, how much was paid, and whether it was reversed."""

    receipt: Receipt
    unit_code: str
    owner: PartyNamed
    client: PartyNamed
    paid: Decimal
    reversed: bool

    @property
    def state(self) -> str:
        """due, partial, paid or reversed."""
        return state_of(self.receipt.owed, self.paid, is_reversed=self.reversed)


def receipts_page(wanted: Wanted, *, at: Cursor | None = None) -> Slice[Line]:
    """Receipts by number, the latest first."""
    return slice_of(
        _lines,
        _query(wanted),
        by=(Receipt.year, Receipt.number),
        key=lambda line: (line.receipt.year, line.receipt.number),
        at=at,
        newest_first=True,
    )


def all_receipts(wanted: Wanted, *, most: int, first: int = 0) -> list[Line]:
    """So many of them in the order of their numbers, for a file; `first` of them left out."""
    query = _query(wanted).order_by(Receipt.year, Receipt.number)
    return _lines(query.limit(most).offset(first))


def each_receipt(wanted: Wanted, *, at_once: int) -> Iterator[Line]:
    """All of them in the order of their numbers, so many held at once."""
    last = (0, 0)
    while True:
        after = sa.tuple_(Receipt.year, Receipt.number) > sa.tuple_(*map(sa.literal, last))
        lines = _lines(_query(wanted).where(after).order_by(Receipt.year, Receipt.number).limit(at_once))
        yield from lines
        if len(lines) < at_once:
            return
        last = (lines[-1].receipt.year, lines[-1].receipt.number)


def count(wanted: Wanted) -> int:
    """How many there are."""
    return session().scalar(sa.select(sa.func.count()).select_from(_query(wanted).subquery())) or 0


def _query(wanted: Wanted) -> Any:
    paid = paid_so_far()
    query: Any = (
        sa.select(Receipt, Unit.code, paid.c.paid, ~not_reversed())
        .join(Unit, Unit.id == Receipt.unit_id)
        .join(paid, sa.true())
    )
    for column, code in ((Receipt.owner_id, wanted.owner), (Receipt.client_id, wanted.client)):
        if code:
            query = query.where(column.in_(sa.select(Party.id).where(sa.func.lower(Party.code) == code.lower())))
    if wanted.unit:
        query = query.where(sa.func.lower(Unit.code) == wanted.unit.lower())
    if wanted.period:
        query = query.where(Receipt.period == str(wanted.period))
    same = {Receipt.batch_id: wanted.batch_id, Receipt.unit_id: wanted.unit_id, Receipt.owner_id: wanted.owner_id}
    query = query.where(*(column == value for column, value in same.items() if value))
    return query.where(*_state(wanted.state, paid.c.paid))


def _state(state: str | None, paid: Any) -> list[Any]:
    owed = Receipt.net + Receipt.charges
    match state:
        case "reversed":
            return [~not_reversed()]
        case "due":
            return [not_reversed(), paid <= 0]
        case "partial":
            return [not_reversed(), paid > 0, paid < owed]
        case "paid":
            return [not_reversed(), paid >= owed]
    return []


def _lines(query: Any) -> list[Line]:
    rows = session().execute(query).all()
    known = parties_named({party for row, *_rest in rows for party in (row.owner_id, row.client_id)})
    return [
        Line(row, code, known[row.owner_id], known[row.client_id], Decimal(paid), undone)
        for row, code, paid, undone in rows
    ]


@dataclass(frozen=True)
class Reversed:
    """What took a receipt back: its own number, why and by whom, and what stands in its place."""

    row: ReceiptReversal
    reason: str | None
    by: str | None
    entry_number: int
    next: Receipt | None


@dataclass(frozen=True)
class View:
    """Everything that the page of a receipt shows."""

    line: Line
    entry: Entry
    issued_by: str | None
    money: Sequence[PaidLine]
    undone: Reversed | None
    before: Receipt | None  # the reversed one that it follows

    @property
    def receipt(self) -> Receipt:
        """The receipt itself."""
        return self.line.receipt


def receipt_view(receipt_id: uuid.UUID) -> View:
    """A receipt with all that belongs to it. Raises NoSuchReceipt."""
    row = receipt_row(receipt_id)
    return View(
        line=line_of(row.id),
        entry=_entry(row.entry_id),
        issued_by=names([row.issued_by]).get(row.issued_by),
        money=money_on([row.id]).get(row.id, ()),
        undone=_undone(row),
        before=_before(row),
    )


def line_of(receipt_id: uuid.UUID) -> Line:
    """A receipt as a list shows it."""
    return _lines(_query(Wanted()).where(Receipt.id == receipt_id))[0]


def lines_of(receipt_ids: Sequence[uuid.UUID]) -> list[Line]:
    """These receipts, in the order of their numbers."""
    return _lines(_query(Wanted()).where(Receipt.id.in_(receipt_ids)).order_by(Receipt.year, Receipt.number))


def _entry(entry_id: uuid.UUID) -> Entry:
    return session().scalars(sa.select(Entry).where(Entry.id == entry_id)).one()


def _undone(row: Receipt) -> Reversed | None:
    found = reversal_of(row.id)
    if found is None:
        return None
    following = session().scalar(sa.select(Receipt).where(Receipt.after_id == found.id))
    by, entry = names([found.reversed_by]).get(found.reversed_by), _entry(found.entry_id)
    return Reversed(found, reason_of(found), by, entry.number, following)


def _before(row: Receipt) -> Receipt | None:
    if row.after_id is None:
        return None
    earlier = sa.select(ReceiptReversal.receipt_id).where(ReceiptReversal.id == row.after_id)
    return session().scalar(sa.select(Receipt).where(Receipt.id == earlier.scalar_subquery()))


@dataclass(frozen=True)
class Logged:
    """A number given out: a receipt, or the reversal of one."""

    year: int
    number: int
    at: datetime
    receipt: Line
    is_reversal: bool


def log_page(wanted: Wanted, *, at: Cursor | None = None) -> Slice[Logged]:
    """Every number given out for a unit or an owner, receipts and their reversals, the latest first."""
    mine = [column == id_ for column, id_ in _whose(wanted) if id_]
    columns = (Receipt.year, Receipt.number, Receipt.issued_at.label("at"), Receipt.id)
    issued = sa.select(*columns, sa.false().label("undo")).where(*mine)
    own = (ReceiptReversal.year, ReceiptReversal.number, ReceiptReversal.reversed_at, Receipt.id)
    undone = sa.select(*own, sa.true()).join(Receipt, Receipt.id == ReceiptReversal.receipt_id).where(*mine)
    both = sa.union_all(issued, undone).subquery()
    return slice_of(
        _logged,
        sa.select(both),
        by=(both.c.year, both.c.number),
        key=lambda row: (row.year, row.number),
        at=at,
        newest_first=True,
    )


def _whose(wanted: Wanted) -> tuple[tuple[Any, uuid.UUID | None], ...]:
    return ((Receipt.unit_id, wanted.unit_id), (Receipt.owner_id, wanted.owner_id))


def _logged(query: Any) -> list[Logged]:
    rows = session().execute(query, execution_options={"core_ok": True}).all()  # its parts are filtered by the wall
    known = {line.receipt.id: line for line in lines_of([row.id for row in rows])}
    return [Logged(row.year, row.number, row.at, known[row.id], row.undo) for row in rows]


def units_with(ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Unit]:
    """Units by id."""
    return {unit.id: unit for unit in session().scalars(sa.select(Unit).where(Unit.id.in_(set(ids))))}


def is_theirs(receipt: Receipt, member_id: uuid.UUID) -> bool:
    """Whether a member owns or pays a receipt."""
    mine = sa.select(Party.id).where(Party.member_id == member_id, Party.id.in_([receipt.owner_id, receipt.client_id]))
    return session().scalar(mine.limit(1)) is not None


@dataclass(frozen=True)
class MonthSums:
    """What stands of a month: receipts that count, and their sums."""

    receipts: int
    amount: Decimal
    withheld: Decimal
    owed: Decimal
    paid: Decimal

    @property
    def open(self) -> Decimal:
        """What is unpaid of it."""
        return self.owed - self.paid


def month_sums(month: Month) -> MonthSums:
    """The sums of a month's receipts that count."""
    counts, owed = (Receipt.period == str(month), not_reversed()), Receipt.net + Receipt.charges
    sums = (sa.func.coalesce(sa.func.sum(column), 0) for column in (Receipt.amount, Receipt.withheld, owed))
    row = session().execute(sa.select(sa.func.count(), *sums).select_from(Receipt).where(*counts)).one()
    parts = sa.select(sa.func.coalesce(sa.func.sum(ReceiptPart.amount), 0))
    paid = session().scalar(parts.join(Receipt, Receipt.id == ReceiptPart.receipt_id).where(*counts))
    amount, withheld, asked = (Decimal(value) for value in row[1:])
    return MonthSums(row[0], amount, withheld, asked, Decimal(paid or 0))
