"""The lists of a register: units, parties, leases and assignments as groups keep them in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

from app.core.errors import DomainError
from app.core.periods import Month
from app.imports.columns import Columns, Names, body, find
from app.imports.errors import RowError, TooManyRows
from app.imports.rows import RowReader
from app.imports.tables import Row, Table
from app.registry.rules import KINDS, TYPES, Kind, UnitType
from app.rentals.rules import Alternation
from app.rentals.stating import ALTERNATIONS

MOST_ROWS = 2_000  # each is tried out before it is shown; more go in another file
_NUMBER = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,6})?) ?%?", re.ASCII)
_YES, _NO = frozenset({"yes", "true", "1", "x", "y", "oui", "ja", "si"}), frozenset({"no", "false", "0", "n", "non"})
_DAYS = {
    "starts_on": ("start date", "start", "from", "starts", "begin", "since"),
    "ends_on": ("end date", "end", "to", "ends", "until", "last day"),
}


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of one of these lists: what it says, by our columns."""

    row: int
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """What one of these lists says, and the columns that were not read."""

    rows: tuple[RegisterRow, ...]
    errors: tuple[RowError, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """How one kind of list is read: its titles, which of them it must have, and a row of it."""

    names: Names
    needed: Sequence[Sequence[str]]
    row: Callable[[RegisterReader], dict[str, Any]]


class RegisterReader(RowReader):
    """One row, with the values that only a register has."""

    def __init__(self, row: Row, columns: Columns, currency: str) -> None:
        super().__init__(row, columns)
        self.currency = currency

    def number(self, column: str) -> Decimal | None:
        """A plain number, with or without a per cent sign."""
        text = self.text(column, longest=20)
        if not text:
            return None
        if not (found := _NUMBER.fullmatch(text)):
            self.wrong(column, _("This is not a number such as 33.3333."))
            return None
        return Decimal(found[1].replace(",", "."))

    def whole(self, column: str) -> int | None:
        """A whole number."""
        found = self.number(column)
        if found is not None and found != int(found):
            self.wrong(column, _("This is not a whole number."))
            return None
        return None if found is None else int(found)

    def money(self, column: str, *, needed: bool = False) -> Decimal | None:
        """An amount that is not below zero."""
        self.text(column, needed=needed)
        found = self.amount(column, self.currency)
        if found is not None and found < 0:
            self.wrong(column, _("This cannot be below zero."))
        return found

    def one_of(self, column: str, words: Mapping[Any, Any], usual: str) -> str:
        """One of these words, in ours or in the reader's language."""
        text = self.text(column, longest=60).casefold().replace(" ", "_")
        if not text:
            return usual
        said = {str(word).casefold().replace(" ", "_"): name for name, word in words.items()}
        found = text if text in words else said.get(text)
        if found is None:
            self.wrong(column, _("Write one of: %(words)s.", words=", ".join(words)))
        return str(found or usual)

    def yes(self, column: str) -> bool:
        """Yes or no; empty is no."""
        text = self.text(column, longest=20).casefold()
        if text and text not in _YES | _NO:
            self.wrong(column, _("Write yes or no."))
        return text in _YES

    def month(self, column: str) -> Month | None:
        """A month such as 2026-01."""
        text = self.text(column, longest=10)
        try:
            return Month.parse(text[:7]) if text else None
        except DomainError as error:
            self.wrong(column, error)
            return None


def _unit(reader: RegisterReader) -> dict[str, Any]:
    return {
        "code": reader.text("code", longest=40, needed=True),
        "type_": UnitType(reader.one_of("type", TYPES, UnitType.APARTMENT)),
        "area": reader.number("area"),
        "asset": reader.text("asset"),
        "address": reader.text("address", longest=300),
    }


def _party(reader: RegisterReader) -> dict[str, Any]:
    return {
        "code": reader.text("code", longest=40),
        "name": reader.text("name", longest=120),
        "member": reader.text("member", longest=254),
        "kind": Kind(reader.one_of("kind", KINDS, Kind.PERSON)),
        "professional": reader.yes("professional"),
        "family_count": reader.whole("family_count") or 0,
        "tax_id": reader.text("tax_id", longest=64),
        "email": reader.text("email", longest=254),
        "phone": reader.text("phone", longest=40),
        "address": reader.text("address", longest=300),
    }


def _lease(reader: RegisterReader) -> dict[str, Any]:
    reader.text("starts_on", needed=True)
    return {
        "unit": reader.text("unit", longest=60, needed=True),
        "client": reader.text("client", longest=180, needed=True),
        "rent": reader.money("rent", needed=True),
        "charges": reader.money("charges") or Decimal(0),
        "deposit": reader.money("deposit") or Decimal(0),
        "starts_on": reader.day("starts_on"),
        "ends_on": reader.day("ends_on"),
        "day_due": reader.whole("day_due") or 1,
        "first_amount": reader.money("first_amount"),
        "last_amount": reader.money("last_amount"),
    }


def _assignment(reader: RegisterReader) -> dict[str, Any]:
    reader.text("starts_on", needed=True)
    return {
        "unit": reader.text("unit", longest=60, needed=True),
        "owner": reader.text("owner", longest=180, needed=True),
        "share": reader.number("share"),
        "alternation": Alternation(reader.one_of("alternation", ALTERNATIONS, Alternation.NONE)),
        "cycle_length": reader.whole("cycle_length"),
        "cycle_position": reader.whole("cycle_position"),
        "anchor": reader.month("anchor"),
        "starts_on": reader.day("starts_on"),
        "ends_on": reader.day("ends_on"),
    }


READINGS: Mapping[str, Reading] = {
    "units": Reading(
        {
            "code": ("unit", "unit code", "unit id", "no", "number"),
            "type": ("kind", "unit type"),
            "area": ("area m2", "surface", "m2", "square metres"),
            "asset": ("building", "property"),
            "address": ("street",),
        },
        (("code",),),
        _unit,
    ),
    "parties": Reading(
        {
            "code": ("party", "party code", "id", "no"),
            "name": ("full name", "party name", "owner", "client"),
            "member": ("member no", "member number", "identifier"),
            "kind": ("type", "person or company"),
            "professional": ("business", "pays as a business"),
            "family_count": ("family", "dependants", "persons in the family"),
            "tax_id": ("tax number", "tax no", "pin", "if"),
            "email": ("e mail", "e mail address", "email address"),
            "phone": ("phone number", "mobile", "telephone", "tel"),
            "address": ("street",),
        },
        (("name", "member"),),
        _party,
    ),
    "leases": Reading(
        {
            "unit": ("unit code", "unit id"),
            "client": ("tenant", "renter", "client code", "client id"),
            "rent": ("amount", "monthly rent"),
            "charges": ("service charge",),
            "deposit": (),
            "day_due": ("due day", "due", "due on day"),
            "first_amount": ("first month",),
            "last_amount": ("last month",),
            **_DAYS,
        },
        (("unit",), ("client",), ("rent",), ("starts_on",)),
        _lease,
    ),
    "assignments": Reading(
        {
            "unit": ("unit code", "unit id"),
            "owner": ("owner code", "owner id", "party"),
            "share": ("share percent", "share_percent", "percent"),
            "alternation": ("alternation type", "alternation_type", "turn"),
            "cycle_length": ("length",),
            "cycle_position": ("position",),
            "anchor": ("counted from", "cycle anchor"),
            **_DAYS,
        },
        (("unit",), ("owner",), ("starts_on",)),
        _assignment,
    ),
}


def read_register(kind: str, table: Table, *, currency: str) -> RegisterFile:
    """The rows of a list of this kind. Raises an `UnreadableFile`."""
    reading = READINGS[kind]
    columns = find(table, reading.names, reading.needed)
    found = body(table, columns)
    if len(found) > MOST_ROWS:
        raise TooManyRows(limit=MOST_ROWS)
    rows: list[RegisterRow] = []
    errors: list[RowError] = []
    for row in found:
        reader = RegisterReader(row, columns, currency)
        told = reading.row(reader)
        errors += reader.errors
        rows += [] if reader.errors else [RegisterRow(row.number, told)]
    return RegisterFile(tuple(rows), tuple(errors), columns.ignored)
