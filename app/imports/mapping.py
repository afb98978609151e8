"""What the columns of a table of bookings are, as a person said it, and reading the table by that."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping as Told
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from app.core.errors import DomainError
from app.imports import values
from app.imports.bank_file import BankAccount, BankFile
from app.imports.bank_lines import BankLine, Span, words
from app.imports.columns import plain
from app.imports.errors import RowError
from app.imports.mapping_errors import BothWays, MappingRefused, NeedsMapping
from app.imports.preamble import read_preamble
from app.imports.tables import MAX_COLUMNS, Row, Table
from app.imports.written import COMMA, NOTHING, ORDERS, POINT, day_in, directed

COLUMNS = ("at", "amount", "mark", "paid_in", "withdrawn", "balance", "reference", "details", "payer", "value_day")
AMOUNTS = ("amount", "paid_in", "withdrawn")
HEADER_WITHIN = 40
FORM = "mapped"

_TOTALS = re.compile(
    r"(?:sub|grand )?totals?\b|(?:opening|closing) balance|balance (?:brought|carried|b/?f|c/?f)|b/?f\b|c/?f\b|"
    r"brought forward|carried forward|disclaimer|page \d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column is what (by position), how its decimals and days are written, and the digest of its header."""

    header: bytes
    columns: Told[str, int]
    decimal: str
    order: str

    def __post_init__(self) -> None:
        """Raises MappingRefused where it does not make a statement."""
        told = self.columns
        split = "paid_in" in told or "withdrawn" in told
        known = told.keys() <= set(COLUMNS) and self.decimal in (POINT, COMMA) and self.order in ORDERS
        places = all(0 <= place < MAX_COLUMNS for place in told.values()) and len(set(told.values())) == len(told)
        if "at" not in told or ("amount" in told) == split or not known or not places:
            raise MappingRefused
        if "mark" in told and split:
            raise MappingRefused

    def cell(self, row: Row, column: str) -> str:
        """Text of a row in one of our columns, '' where the file has none."""
        return row.cell(self.columns[column]) if column in self.columns else ""


def header_digest(row: Row) -> bytes:
    """What a header is recognised by: its titles in their order, as people read them."""
    return hashlib.sha256("\x1f".join(plain(cell) for cell in row.cells).encode()).digest()


def header_row(table: Table, digest: bytes) -> Row | None:
    """The row with these titles, if the table has it near its top."""
    return next((row for row in table.rows[:HEADER_WITHIN] if header_digest(row) == digest), None)


def read_mapped(table: Table, mapping: Mapping, currency: str) -> BankFile:
    """The account that the table is about. Raises NeedsMapping where it has another header."""
    header = header_row(table, mapping.header)
    if header is None:
        raise NeedsMapping
    lines: list[BankLine] = []
    errors: list[RowError] = []
    for row in table.rows:
        if row.number > header.number and row.cells != header.cells and not is_remark(row, mapping):
            line = read_row(row, mapping, currency, errors)
            lines += [line] if line else []
    above = read_preamble(row for row in table.rows if row.number < header.number)
    span = Span(tuple(_told_apart(_oldest_first(lines))))
    return BankFile(FORM, (BankAccount(above.account_number, "", (span,), tuple(errors), above.period),))


def is_remark(row: Row, mapping: Mapping) -> bool:
    """Rows that move nothing: totals, balances brought forward, footers. A booking without its day is none."""
    if all(mapping.cell(row, column) in NOTHING for column in AMOUNTS):
        return True
    return not re.search(r"\d", mapping.cell(row, "at")) and any(_TOTALS.match(cell) for cell in row.cells)


def read_row(row: Row, mapping: Mapping, currency: str, errors: list[RowError]) -> BankLine | None:
    """The booking in a row; None where it moves nothing or, with an error, cannot be read."""
    column = "at"
    try:
        day = day_in(mapping.cell(row, "at"), mapping.order)
        column = next(name for name in AMOUNTS if name in mapping.columns)
        amount = _moved(row, mapping, currency)
        column = "balance"
        balance = _optional(mapping.cell(row, "balance"), mapping, currency)
        column = "details"
        payer = words(mapping.cell(row, "payer"))[:120]
        details = words(payer, mapping.cell(row, "details"))
        reference = words(mapping.cell(row, "reference"))[:255]
    except DomainError as error:
        errors.append(RowError(row.number, column, error))
        return None
    if not amount:
        return None
    value_day = _maybe_day(mapping.cell(row, "value_day"), mapping.order)
    return BankLine(row.number, day, amount, reference, value_day, payer if amount > 0 else "", details, balance)


def _moved(row: Row, mapping: Mapping, currency: str) -> Decimal:
    if "amount" in mapping.columns:
        return directed(mapping.cell(row, "amount"), mapping.cell(row, "mark"), mapping.decimal, currency)
    paid_in = _optional(mapping.cell(row, "paid_in"), mapping, currency) or Decimal(0)
    withdrawn = abs(_optional(mapping.cell(row, "withdrawn"), mapping, currency) or Decimal(0))
    if paid_in < 0 or (paid_in and withdrawn):
        raise BothWays
    return paid_in - withdrawn


def _optional(text: str, mapping: Mapping, currency: str) -> Decimal | None:
    return None if text in NOTHING else directed(text, "", mapping.decimal, currency)


def _maybe_day(text: str, order: str) -> date | None:
    try:
        return day_in(text, order)
    except values.BadDay:
        return None  # shown beside the line, never counted with


def _oldest_first(lines: Sequence[BankLine]) -> list[BankLine]:
    """The file's own order or its reverse, so that the lines of one day stay as they were printed."""
    earlier = sum(a.day > b.day for a, b in pairwise(lines))
    later = sum(a.day < b.day for a, b in pairwise(lines))
    backwards = earlier > later or (earlier == later and _runs(lines[::-1]) > _runs(lines))
    return list(reversed(lines)) if backwards else list(lines)


def _runs(lines: Sequence[BankLine]) -> int:
    """How many balances follow from the one before."""
    pairs = [(a, b) for a, b in pairwise(lines) if a.balance is not None and b.balance is not None]
    return sum(a.balance + b.amount == b.balance for a, b in pairs if a.balance is not None)


def _told_apart(lines: Sequence[BankLine]) -> list[BankLine]:
    """Lines numbered among those of one reference, day and amount: people type references, and type them twice."""
    seen: Counter[tuple[str, date, Decimal]] = Counter()
    made = []
    for line in lines:
        known_by = (line.reference, line.day, line.amount)
        made.append(replace(line, nth=seen[known_by]))
        seen[known_by] += 1
    return made
