"""Statements of mobile-money accounts: every export of them that we have seen, as lines in the order they happened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from app.imports.columns import Columns, body, find
from app.imports.errors import RowError
from app.imports.preamble import Preamble, read_preamble
from app.imports.statement_lines import PENDING, StatementLine, read_line
from app.imports.tables import Row, Table

NAMES = {
    "receipt": ("receipt no", "receipt number", "transaction id", "transaction code", "transaction no", "reference"),
    "at": ("completion time", "completed", "date", "date time", "time", "transaction date", "transaction time"),
    "details": ("description", "narration", "narrative", "particulars"),
    "status": ("transaction status",),
    "paid_in": ("money in", "credit", "credits", "deposit", "deposits"),
    "withdrawn": ("paid out", "money out", "withdrawal", "withdrawals", "debit", "debits"),
    "balance": ("running balance", "available balance"),
    "other_party": ("other party info", "other party", "payer", "sender"),
    "account_ref": ("a c no", "account no", "account number", "account reference", "account"),
}
NEEDED = (("receipt",), ("at",), ("details",), ("paid_in",), ("withdrawn",))

_TOTALS = re.compile(r"(?:sub|grand )?total|(?:opening|closing) balance|disclaimer|page \d", re.IGNORECASE)


class Why(StrEnum):
    """Why a line of a statement does not count."""

    FAILED = "failed"
    REPEATED = "repeated"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that stands in the file and does not count."""

    why: Why
    line: StatementLine


@dataclass(frozen=True, slots=True)
class BalanceFault:
    """The first line whose printed balance is not the one before it, plus paid in, less withdrawn."""

    row: int
    receipt: str
    computed: Decimal
    printed: Decimal


@dataclass(frozen=True, slots=True)
class BalanceGap:
    """Bookings that do not lead from the opening to the closing balance that the file prints."""

    opening: Decimal
    closing: Decimal
    moved: Decimal

    @property
    def missing(self) -> Decimal:
        """What is not explained by the bookings."""
        return self.closing - self.opening - self.moved


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement read: completed lines, oldest first, each once; what was skipped; whether its balances run.

    `form` says what kind of file it was.
    """

    account_name: str
    account_number: str
    period: tuple[date, date] | None
    lines: tuple[StatementLine, ...]
    skipped: tuple[Skipped, ...]
    errors: tuple[RowError, ...]
    opening: Decimal | None
    closing: Decimal | None
    fault: BalanceFault | None
    form: str = "mobile"
    gap: BalanceGap | None = None


def read_statement(table: Table, *, currency: str, zone: ZoneInfo) -> Statement:
    """The statement in a table, times in the group's zone; raises an `UnreadableFile`.

    What is wrong with single rows is in `errors`; whether balances run is only said of a file without them.
    """
    columns = find(table, NAMES, NEEDED)
    above = read_preamble(row for row in table.rows if row.number < columns.header.number)
    printed: list[StatementLine] = []
    errors: list[RowError] = []
    for row in body(table, columns):
        if _is_remark(row, columns):
            continue
        line, faults = read_line(row, columns, currency, zone)
        printed += [line] if line else []
        errors += faults
    return assemble(above, printed, errors)


def assemble(above: Preamble, printed: Sequence[StatementLine], errors: Sequence[RowError]) -> Statement:
    """The statement that these lines are, in whatever order they stand in their file."""
    once, skipped, clashes = _once(printed)
    return _statement(above, _oldest_first(once), skipped, sorted([*errors, *clashes], key=lambda error: error.row))


def _statement(
    above: Preamble, lines: Sequence[StatementLine], skipped: Sequence[Skipped], errors: Sequence[RowError]
) -> Statement:
    first, last = (lines[0], lines[-1]) if lines else (None, None)
    return Statement(
        account_name=above.account_name,
        account_number=above.account_number,
        period=above.period,
        lines=tuple(lines),
        skipped=tuple(skipped),
        errors=tuple(errors),
        opening=first.balance - first.amount if first and first.balance is not None else None,
        closing=last.balance if last else None,
        fault=None if errors else balance_fault(lines),
    )


def balance_fault(lines: Sequence[StatementLine]) -> BalanceFault | None:
    """The first line, oldest first, at which the printed balances do not run; lines without one are carried along."""
    balance: Decimal | None = None
    for line in lines:
        computed = None if balance is None else balance + line.amount
        if line.balance is not None and computed is not None and line.balance != computed:
            return BalanceFault(line.row, line.receipt, computed, line.balance)
        balance = computed if line.balance is None else line.balance
    return None


def _is_remark(row: Row, columns: Columns) -> bool:
    """Totals, disclaimers and page footers, but never a line that was cut off after its receipt number."""
    filled = [cell for cell in row.cells if cell]
    if _TOTALS.match(filled[0]):
        return True
    return len(filled) == 1 and (" " in filled[0] or not columns.cell(row, "receipt"))


def _once(
    printed: Sequence[StatementLine],
) -> tuple[list[StatementLine], list[Skipped], list[RowError]]:
    """Completed lines, each once; failed and repeated ones; and those that contradict a line of the same receipt."""
    first: dict[str, StatementLine] = {}
    skipped: list[Skipped] = []
    clashes: list[RowError] = []
    for line in printed:
        seen = first.get(line.key)
        if not line.completed:
            skipped.append(Skipped(Why.PENDING if line.status == PENDING else Why.FAILED, line))
        elif seen is None:
            first[line.key] = line
        elif (seen.at, seen.amount) == (line.at, line.amount):
            skipped.append(Skipped(Why.REPEATED, line))
        else:
            fault = _("Row %(row)s has the same receipt number with another time or amount.", row=seen.row)
            clashes.append(RowError(line.row, "receipt", fault))
    return list(first.values()), skipped, clashes


def _oldest_first(lines: Sequence[StatementLine]) -> list[StatementLine]:
    """The file's own order or its reverse, so that lines of one second stay as they were printed."""
    earlier = sum(a.at > b.at for a, b in pairwise(lines))
    later = sum(a.at < b.at for a, b in pairwise(lines))
    newest_first = earlier > later or (earlier == later and balance_fault(lines) is not None)
    return sorted(reversed(lines) if newest_first else lines, key=lambda line: line.at)
