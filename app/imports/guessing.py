"""What the columns of an unknown table seem to be: proposed to a person, never decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.imports.columns import plain
from app.imports.mapping import AMOUNTS, HEADER_WITHIN
from app.imports.tables import Row, Table
from app.imports.written import CREDIT, DEBIT, NOTHING, decimal_of, is_amount, is_day, order_of

_SAMPLE = 300
_LEAST_TITLES = 2
_MOST_HEADERS = 20
_TITLES = (
    ("value_day", ("value date", "value day", "value dt", "val date")),
    (
        "at",
        ("date", "transaction date", "posting date", "booking date", "booked", "trans date", "tran date", "txn date",
         "entry date", "day"),
    ),
    (
        "paid_in",
        ("paid in", "money in", "credit", "credits", "deposit", "deposits", "credit amount", "credit amt", "lodgement",
         "in"),
    ),
    (
        "withdrawn",
        ("paid out", "money out", "debit", "debits", "withdrawal", "withdrawals", "debit amount", "debit amt", "out"),
    ),
    ("mark", ("cr dr", "dr cr", "d c", "c d", "type", "credit debit", "debit credit", "indicator", "sign")),
    ("amount", ("amount", "transaction amount", "sum", "value")),
    ("balance", ("balance", "running balance", "available balance", "book balance", "closing balance")),
    (
        "reference",
        ("reference", "ref", "transaction id", "reference number", "ref no", "reference no", "transaction reference",
         "cheque no"),
    ),
    ("payer", ("payer", "name", "counterparty", "sender", "beneficiary", "payee", "from")),
    (
        "details",
        ("details", "description", "narration", "narrative", "particulars", "memo", "remarks", "text",
         "transaction details"),
    ),
)  # fmt: skip
_MONEY = ("amount", "paid_in", "withdrawn", "balance")


@dataclass(frozen=True, slots=True)
class Guess:
    """The header and what it seems to say; `decimal` and `order` are '' where the file does not decide them."""

    header: Row
    rows: Sequence[Row]
    columns: dict[str, int]
    decimal: str
    order: str

    @property
    def complete(self) -> bool:
        """Whether it names a day and an amount."""
        return "at" in self.columns and any(name in self.columns for name in AMOUNTS)


def headers(table: Table) -> list[Row]:
    """The rows that may be the header: several titles, and no amount or day among them."""
    return [row for row in table.rows[:HEADER_WITHIN] if _may_head(row)][:_MOST_HEADERS]


def guess(table: Table, header_number: int | None = None) -> Guess | None:
    """What a table seems to be, with this row as its header; None where it holds no days with amounts below titles."""
    found = [_guessed(table, row) for row in headers(table) if header_number in (None, row.number)]
    likely = [one for one in found if _holds_bookings(one.rows)]
    # Of several rows of words the header is the one that names most of what a statement has.
    return max(likely, key=lambda one: (len(one.columns), len(one.header.cells)), default=None)


def _may_head(row: Row) -> bool:
    filled = [cell for cell in row.cells if cell]
    return len(filled) >= _LEAST_TITLES and not any(_is_value(cell) for cell in filled)


def _is_value(cell: str) -> bool:
    return bool(re.search(r"\d", cell)) and (is_day(cell) or is_amount(cell))


def _holds_bookings(rows: Sequence[Row]) -> bool:
    """Whether some row has a day in one cell and an amount in another."""
    return any(
        any(is_day(cell) and any(is_amount(other) for other in row.cells if other is not cell) for cell in row.cells)
        for row in rows[:20]
    )


def _guessed(table: Table, header: Row) -> Guess:
    below = [row for row in table.rows if row.number > header.number][:_SAMPLE]
    columns = _named(header, below)
    days = [row.cell(columns["at"]) for row in below] if "at" in columns else []
    money = [row.cell(columns[name]) for name in _MONEY if name in columns for row in below]
    return Guess(header, below, columns, decimal_of(money), order_of(days))


def _named(header: Row, below: Sequence[Row]) -> dict[str, int]:
    titles = [plain(cell) for cell in header.cells]
    found: dict[str, int] = {}
    for column, names in _TITLES:
        places = [place for name in names for place, title in enumerate(titles) if title == name]
        free = [place for place in places if place not in found.values() and _agrees(column, place, below)]
        if free:
            found[column] = free[0]
    if "at" not in found and "value_day" in found:
        found["at"] = found.pop("value_day")
    if "amount" in found and not {"paid_in", "withdrawn"} & found.keys():
        return found
    # Both writings at once: columns of their own say more than an amount without a sign.
    return {column: place for column, place in found.items() if column not in ("amount", "mark")}


def _agrees(column: str, place: int, below: Sequence[Row]) -> bool:
    """Whether what stands below a title is what the title says; one odd row in ten is a footer."""
    told = [cell for row in below if (cell := row.cell(place)) not in NOTHING]
    if column == "mark":
        fits = [cell for cell in told if cell.rstrip(".").casefold() in CREDIT | DEBIT]
    elif column in ("at", "value_day"):
        fits = [cell for cell in told if is_day(cell)]
    elif column in _MONEY:
        fits = [cell for cell in told if is_amount(cell)]
    else:
        return True
    return len(fits) * 10 >= len(told) * 9 or len(told) - len(fits) <= 2
