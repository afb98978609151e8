"""Contributions of the past as a group lists them: who, when, how much and, if it says so, for which window."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from app.imports.columns import Columns, body, find
from app.imports.errors import RowError
from app.imports.rows import RowReader
from app.imports.tables import Row, Table

NAMES = {
    "identifier": ("member", "member no", "member number", "member id", "membership no", "id"),
    "paid_at": ("paid", "paid on", "date", "payment date", "date paid", "day"),
    "amount": ("contribution", "paid in", "sum"),
    "reference": ("ref", "receipt", "receipt no", "transaction", "transaction id"),
    "window": ("month", "period", "for"),
}
NEEDED = (("identifier",), ("paid_at",), ("amount",))


@dataclass(frozen=True, slots=True)
class PastContribution:
    """One contribution; `window` is '' where the day of payment decides.

    `key` is the same whenever this line of this file is read, so that it can count once.
    """

    row: int
    identifier: str
    paid_at: datetime
    amount: Decimal
    reference: str
    window: str
    key: str


@dataclass(frozen=True, slots=True)
class ContributionsFile:
    """What a list of past contributions says, and the columns that were not read."""

    rows: tuple[PastContribution, ...]
    errors: tuple[RowError, ...]
    ignored: tuple[str, ...]


def read_contributions(table: Table, *, currency: str, zone: ZoneInfo, now: datetime) -> ContributionsFile:
    """The contributions in a table, times in the group's zone; raises an `UnreadableFile`."""
    columns = find(table, NAMES, NEEDED)
    found: list[PastContribution] = []
    errors: list[RowError] = []
    for row in body(table, columns):
        contribution, faults = _contribution(row, columns, currency, zone, now)
        found += [contribution] if contribution else []
        errors += faults
    errors += _repeated(found)
    return ContributionsFile(tuple(_keyed(found)), tuple(sorted(errors, key=lambda e: e.row)), columns.ignored)


def _contribution(
    row: Row, columns: Columns, currency: str, zone: ZoneInfo, now: datetime
) -> tuple[PastContribution | None, list[RowError]]:
    reader = RowReader(row, columns)
    for column in ("identifier", "paid_at", "amount"):
        reader.text(column, needed=True)
    paid_at = reader.instant("paid_at", zone)
    if paid_at and paid_at > now:
        reader.wrong("paid_at", _("This day is in the future."))
    amount = reader.amount("amount", currency)
    if amount is not None and amount <= 0:
        reader.wrong("amount", _("A contribution is more than zero."))
    reference, window = reader.text("reference", longest=64), reader.text("window", longest=32)
    if reader.errors or paid_at is None or amount is None:
        return None, reader.errors
    identifier = columns.cell(row, "identifier")
    return PastContribution(row.number, identifier, paid_at, amount, reference, window, ""), []


def _repeated(found: Sequence[PastContribution]) -> list[RowError]:
    """Lines with a reference that stands before: two payments never share one, so one of them is a slip."""
    first: dict[tuple[str, str], int] = {}
    errors = []
    for line in found:
        seen = first.setdefault((line.identifier.casefold(), line.reference.casefold()), line.row)
        if line.reference and seen != line.row:
            errors.append(RowError(line.row, "reference", _("Row %(row)s has the same reference.", row=seen)))
    return errors


def _keyed(found: Sequence[PastContribution]) -> Iterator[PastContribution]:
    """Each line with its key: two equal ones without a reference are two payments, told apart by their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    for line in found:
        said = (
            line.identifier.casefold(),
            line.paid_at.isoformat(),
            format(line.amount, "f"),
            line.reference.casefold(),
            line.window,
        )
        seen[said] += 1
        digest = hashlib.sha256("\x1f".join((*said, str(seen[said]))).encode()).hexdigest()
        yield replace(line, key=digest)
