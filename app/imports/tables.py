"""What every uploaded table becomes: numbered rows of clean text, within stated limits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.imports.errors import BadCharacters, CellTooLong, FileEmpty, TooManyColumns, TooManyRows

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 30 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 2_000

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Invisible marks that phones and spreadsheets put around numbers, and that make two equal names differ.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_QUOTED_FORMULA = re.compile(r"'(?=[=+\-@])")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank; `number` is the one a spreadsheet program shows beside it."""

    number: int
    cells: tuple[str, ...]

    def cell(self, position: int) -> str:
        """Text of a cell, '' where the row is too short."""
        return self.cells[position] if position < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table read from bytes: what it was (`csv` or `xlsx`) and its rows."""

    kind: str
    rows: tuple[Row, ...]


def tidy(text: str, row: int) -> str:
    """The cell as a person sees it; raises `BadCharacters` or `CellTooLong`."""
    if len(text) > MAX_CELL:
        raise CellTooLong(row=row, limit=MAX_CELL)
    if _CONTROL.search(text):
        raise BadCharacters
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).replace("\u00a0", " "))
    # Our own downloads guard +254… with an apostrophe; what was written by us is read back unchanged.
    return _QUOTED_FORMULA.sub("", text.strip(), count=1) if text.lstrip().startswith("'") else text.strip()


def table(kind: str, records: Iterable[tuple[int, list[str]]]) -> Table:
    """Clean and bound the numbered records; raises an `UnreadableFile` when there is none or too much."""
    rows = []
    for number, record in records:
        cells = [tidy(cell, number) for cell in record]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if number > MAX_ROWS:
            raise TooManyRows(limit=MAX_ROWS)
        if len(cells) > MAX_COLUMNS:
            raise TooManyColumns(row=number, limit=MAX_COLUMNS)
        rows.append(Row(number, tuple(cells)))
    if not rows:
        raise FileEmpty
    return Table(kind, tuple(rows))
