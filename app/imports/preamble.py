"""What stands above the table of a statement: whose account it is, its number, and the period."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.errors import DomainError
from app.imports import values
from app.imports.tables import Row

_NAME = re.compile(r"(customer|account|organi[sz]ation|business|group) name\b", re.IGNORECASE)
_NUMBER = re.compile(r"(account (no|number)|short ?code|pay ?bill|till|mobile number)\b", re.IGNORECASE)
_PERIOD = re.compile(r"(statement )?period\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+(?:-|–|to|until)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Preamble:
    """'' and None stand for what the file does not say."""

    account_name: str
    account_number: str
    period: tuple[date, date] | None


def read_preamble(rows: Iterable[Row]) -> Preamble:
    """What labelled rows say, the label in a cell of its own or before a colon; the first of each kind counts."""
    name = number = ""
    period = None
    for row in rows:
        label, value = _split(row)
        if _NAME.match(label):
            name = name or value
        elif _NUMBER.match(label):
            number = number or value
        elif _PERIOD.match(label):
            period = period or _period(value)
    return Preamble(name, number, period)


def _split(row: Row) -> tuple[str, str]:
    filled = [cell for cell in row.cells if cell]
    label, _colon, value = filled[0].partition(":")
    return label, value.strip() or " ".join(filled[1:])


def _period(text: str) -> tuple[date, date] | None:
    days = _BETWEEN.split(text)
    if len(days) != 2:
        return None
    try:
        return values.day(days[0]), values.day(days[1])
    except DomainError:
        return None  # it is shown to people and decides nothing
