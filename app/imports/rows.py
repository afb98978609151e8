"""Take typed values out of one row; what is wrong with it is noted, so that a preview can show every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.errors import DomainError
from app.imports import values
from app.imports.columns import Columns
from app.imports.errors import RowError
from app.imports.tables import Row

T = TypeVar("T")
# How ledgers and spreadsheets print nothing.
_DASHES = frozenset({"-", "–", "—"})


class RowReader:
    """One row under its columns; `errors` fills while values are taken."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self.row = row
        self.columns = columns
        self.errors: list[RowError] = []

    def wrong(self, column: str, fault: LazyString | DomainError) -> None:
        """Note that the value in a column cannot be used."""
        self.errors.append(RowError(self.row.number, column, fault))

    def text(self, column: str, *, longest: int = 200, needed: bool = False) -> str:
        """The text of a cell; '' and a fault where it is too long, or needed and missing."""
        text = self.columns.cell(self.row, column)
        if needed and not text:
            self.wrong(column, _("This is missing."))
        if len(text) > longest:
            self.wrong(column, _("This is longer than %(limit)s characters.", limit=longest))
            return ""
        return text

    def amount(self, column: str, currency: str) -> Decimal | None:
        """The signed amount in a cell; a dash is 0; None where it is empty or, with a fault, no amount."""
        if self.columns.cell(self.row, column) in _DASHES:
            return Decimal(0)
        return self._read(column, lambda text: values.amount(text, currency))

    def day(self, column: str) -> date | None:
        """The day in a cell; None where it is empty or, with a fault, no day."""
        return self._read(column, values.day)

    def instant(self, column: str, zone: ZoneInfo) -> datetime | None:
        """The aware instant in a cell; None where it is empty or, with a fault, none."""
        return self._read(column, lambda text: values.instant(text, zone))

    def _read(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self.columns.cell(self.row, column)
        if not text:
            return None
        try:
            return read(text)
        except DomainError as error:
            self.wrong(column, error)
            return None
