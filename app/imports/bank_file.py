"""A bank file as its format tells it, and the one statement of it that belongs to a cash account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.imports.bank_lines import BankLine, Span, statement_lines, with_day_ends
from app.imports.errors import RowError, SeveralStatements, StatementCurrency
from app.imports.preamble import Preamble
from app.imports.statements_file import BalanceGap, Statement, assemble

_LEAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class BankAccount:
    """What a file tells of one account; '' and None are what it does not say."""

    number: str
    currency: str
    spans: tuple[Span, ...]
    errors: tuple[RowError, ...] = ()
    period: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file: which format it was (ofx, camt, mapped), and its accounts, one for each statement in it."""

    form: str
    accounts: tuple[BankAccount, ...]


def same_number(printed: str, known: str) -> bool:
    """Whether two writings of an account's number can be one: banks mask the beginning, people leave it out."""
    one, other = (re.sub(r"[^0-9A-Z]", "", text.upper()) for text in (printed, known))
    masked = bool(re.search(r"[*xX•]{2,}", printed))
    if masked:
        one = re.split(r"[*xX•]+", printed)[-1].strip().upper()
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _LEAST_DIGITS and longer.endswith(shorter)


def statement_of(file: BankFile, *, currency: str, zone: ZoneInfo, number: str | None) -> Statement:
    """The statement of the account with this number, or of the only one in the file.

    Raises StatementCurrency, SeveralStatements.
    """
    chosen = _chosen(file.accounts, number)
    for account in chosen:
        if account.currency and account.currency != currency:
            raise StatementCurrency(found=account.currency, currency=currency)
    spans = _in_order([span for account in chosen for span in account.spans])
    booked = [line for span in spans for line in with_day_ends(span)]
    pending = [line for span in spans for line in span.lines if line.pending]
    errors = [error for account in chosen for error in account.errors]
    periods = [account.period for account in chosen if account.period]
    period = (min(first for first, _last in periods), max(last for _first, last in periods)) if periods else None
    lines = statement_lines(_numbered([*booked, *pending]), zone)
    found = assemble(Preamble("", chosen[0].number, period), lines, errors)
    return _with_balances(replace(found, form=file.form), spans)


def _chosen(accounts: Sequence[BankAccount], number: str | None) -> list[BankAccount]:
    numbers = {account.number for account in accounts}
    if len(numbers) == 1:
        return list(accounts)
    found = {told for told in numbers if number and told and same_number(told, number)}
    if len(found) != 1:
        raise SeveralStatements(numbers=", ".join(sorted(f"…{told[-4:]}" for told in numbers)))
    return [account for account in accounts if account.number in found]


def _in_order(spans: Sequence[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: span.closed_on or max((line.day for line in span.lines), default=date.min))


def _numbered(lines: Sequence[BankLine]) -> list[BankLine]:
    """Rows of several statements in one file would have the same numbers."""
    rows = [line.row for line in lines]
    if len(set(rows)) == len(rows):
        return list(lines)
    return [replace(line, row=place) for place, line in enumerate(lines, start=1)]


def _with_balances(found: Statement, spans: Sequence[Span]) -> Statement:
    """Opening and closing balance of the file, and where its bookings do not lead from one to the other."""
    gap = next((_gap(span) for span in spans if span.adds_up is False), None) or _between(spans)
    first, last = spans[0], spans[-1]
    opening = first.opening
    if opening is None and first.closing is not None and len(spans) == 1:
        opening = first.closing - first.moved
    closing = found.closing if last.closing is None else last.closing  # else what the lines themselves print
    return replace(found, opening=found.opening if opening is None else opening, closing=closing, gap=gap)


def _gap(span: Span) -> BalanceGap | None:
    if span.opening is None or span.closing is None:
        return None
    return BalanceGap(span.opening, span.closing, span.moved)


def _between(spans: Sequence[Span]) -> BalanceGap | None:
    """Two statements in one file of which the second does not begin where the first ended."""
    for before, after in pairwise(spans):
        if None not in (before.closing, after.opening) and before.closing != after.opening:
            assert before.closing is not None and after.opening is not None  # noqa: S101, PT018  # just looked
            return BalanceGap(before.closing, after.opening, type(before.closing)(0))
    return None
