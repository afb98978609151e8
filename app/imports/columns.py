"""Which column is which: header names as groups write them, found below whatever stands above the table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString

from app.imports.errors import ColumnMissing, ColumnTwice
from app.imports.tables import Row, Table
from app.imports.titles import title_of

# Statements begin with the account's name and period; no honest preamble is longer than a screen.
_PREAMBLE_ROWS = 40

_MOST_TITLES, _LONGEST_TITLE = 8, 30

Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """The header of a table: where each known column stands, and the titles of those that are not read."""

    header: Row
    positions: Mapping[str, int]
    ignored: tuple[str, ...]

    def __contains__(self, column: str) -> bool:
        return column in self.positions

    def cell(self, row: Row, column: str) -> str:
        """Text of a row in one of our columns, '' where the file has no such column."""
        return row.cell(self.positions[column]) if column in self.positions else ""


def find(table: Table, names: Names, needed: Sequence[Sequence[str]]) -> Columns:
    """The first row that names the needed columns, one of each sequence in `needed`.

    `names` gives for each of our columns the other names it goes by. Raises `ColumnMissing` and `ColumnTwice`.
    """
    known = {plain(name): column for column, others in names.items() for name in (column, *others)}
    fewest: tuple[Sequence[str], Row] | None = None
    for row in table.rows[:_PREAMBLE_ROWS]:
        found = [known.get(plain(cell)) for cell in row.cells]
        missing = [choices[0] for choices in needed if not set(choices) & set(found)]
        if not missing:
            return _columns(row, found)
        if fewest is None or len(missing) < len(fewest[0]):
            fewest = missing, row
    lacks, nearest = fewest or ((), table.rows[0])
    needs = [choices[0] for choices in needed]
    raise ColumnMissing(columns=_titles(needs), missing=_titles(lacks), found=_shortly(nearest))


def _titles(columns: Sequence[str]) -> LazyString:
    return LazyString(lambda: ", ".join(str(title_of(column)) for column in columns))


def _shortly(row: Row) -> str:
    """What stands in a row, as far as it fits a sentence."""
    cells = [cell[:_LONGEST_TITLE] for cell in row.cells if cell]
    return ", ".join(cells[:_MOST_TITLES]) + (" …" if len(cells) > _MOST_TITLES else "")


def body(table: Table, columns: Columns) -> list[Row]:
    """The rows below the header; a header printed again at a page break is none of them."""
    return [row for row in table.rows if row.number > columns.header.number and row.cells != columns.header.cells]


def _columns(header: Row, found: Sequence[str | None]) -> Columns:
    positions: dict[str, int] = {}
    for position, column in enumerate(found):
        if column in positions:
            raise ColumnTwice(column=title_of(column))
        if column:
            positions[column] = position
    ignored = tuple(cell for cell, column in zip(header.cells, found, strict=True) if cell and not column)
    return Columns(header, positions, ignored)


def plain(title: str) -> str:
    """`Paid In (KES)` and `paid_in` are one: letters and digits alone, without what stands in brackets."""
    letters = unicodedata.normalize("NFKD", re.sub(r"\(.*?\)", "", title)).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c))))
