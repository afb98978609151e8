"""What every bank file becomes: the lines of a statement, each known by something that stays the same in every file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.core.money import NotAnAmount, exact
from app.core.periods import instant_of
from app.imports import values
from app.imports.statement_lines import BANK_KEY, PENDING, Kind, StatementLine, payer_of
from app.imports.tables import tidy

_CHARGE = re.compile(r"\b(?:charges?|fees?|commission|levy|excise)\b", re.IGNORECASE)
_REVERSED = re.compile(r"\brevers", re.IGNORECASE)
_PLAIN_AMOUNT = re.compile(r"[+-]?\d{1,18}(?:[.,]\d{1,10})?", re.ASCII)
LONGEST = 500


@dataclass(frozen=True, slots=True)
class BankLine:
    """One booking as its bank prints it; '' and None are what the file does not say.

    `reference` names the booking for ever; without one its day, amount and words do. `charge` and `reversal` are the
    bank's own words for it, `pending` lines are not booked yet. `nth` counts the lines before it of the same reference,
    day and amount, in files whose references are not the bank's own.
    """

    row: int
    day: date
    amount: Decimal
    reference: str = ""
    value_day: date | None = None
    payer: str = ""
    details: str = ""
    balance: Decimal | None = None
    charge: bool = False
    reversal: bool = False
    pending: bool = False
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an account in a file: what it stood at before and after, and the bookings between."""

    lines: tuple[BankLine, ...]
    opening: Decimal | None = None
    closing: Decimal | None = None
    closed_on: date | None = None

    @property
    def moved(self) -> Decimal:
        """The sum of what is booked."""
        return sum((line.amount for line in self.lines if not line.pending), Decimal(0))

    @property
    def adds_up(self) -> bool | None:
        """Whether the bookings lead from one balance to the other; None where one of them is not told."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + self.moved == self.closing


def plain_amount(text: str, currency: str) -> Decimal:
    """An amount as machines write it, `-1234.50`. Raises a BadAmount."""
    if not _PLAIN_AMOUNT.fullmatch(text):
        raise NotAnAmount
    return exact(Decimal(text.replace(",", ".")), currency)


def plain_day(text: str) -> date:
    """The day at the beginning of `20260131…` or `2026-01-31…`, as the bank wrote it. Raises BadDay."""
    digits = text[:10].replace("-", "") if text[4:5] == "-" else text[:8]
    if not (len(digits) == 8 and digits.isascii() and digits.isdigit()):
        raise values.BadDay
    try:
        return values.checked_day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise values.BadDay from None


def words(*texts: str | None) -> str:
    """Texts of a file as one line, each once; raises BadCharacters or CellTooLong."""
    told: list[str] = []
    for text in texts:
        clean = " ".join(tidy(text or "", 0).split())
        if clean and not any(clean in other for other in told):
            told.append(clean)
    return " / ".join(told)[:LONGEST]


def with_day_ends(span: Span) -> list[BankLine]:
    """The booked lines, the last of each day with the balance after it where the file's own balances prove it."""
    booked = sorted((line for line in span.lines if not line.pending), key=lambda line: line.day)
    if span.closing is None or span.adds_up is False or not booked:
        return booked
    if span.closed_on is not None and span.closed_on < booked[-1].day:
        return booked
    after, done = span.closing, list[BankLine]()
    for place in range(len(booked) - 1, -1, -1):
        line = booked[place]
        ends = place == len(booked) - 1 or (span.adds_up and booked[place + 1].day > line.day)
        done.append(replace(line, balance=after) if ends and line.balance is None else line)
        after -= line.amount
    return done[::-1]


def statement_lines(lines: Sequence[BankLine], zone: ZoneInfo) -> list[StatementLine]:
    """The lines in the form that every statement has, each with its key."""
    seen: Counter[tuple[object, ...]] = Counter()
    made = []
    for line in lines:
        known_by: tuple[object, ...] = (line.reference, line.day, line.amount)
        if not line.reference:
            known_by = ("", line.day, line.amount, line.details, line.payer)
            seen[known_by] += 1  # two equal lines without a reference are two payments
        made.append(_line(line, zone, _key(known_by, seen[known_by] or line.nth)))
    return made


def _key(known_by: tuple[object, ...], which: int) -> str:
    """A digest: references that people type hold names, and the key of a line stays when a person is erased."""
    parts = [f"{part.normalize():f}" if isinstance(part, Decimal) else str(part) for part in known_by]
    return BANK_KEY + hashlib.sha256("\x1f".join([*parts, str(which)]).encode()).hexdigest()[:32]


def _line(line: BankLine, zone: ZoneInfo, key: str) -> StatementLine:
    phone, name, account = payer_of(line.details, "", "")
    return StatementLine(
        row=line.row,
        receipt=line.reference,
        at=instant_of(line.day, zone).astimezone(zone),
        details=line.details,
        status=PENDING if line.pending else "",
        paid_in=max(line.amount, Decimal(0)),
        withdrawn=max(-line.amount, Decimal(0)),
        balance=line.balance,
        payer_phone_mask=phone,
        payer_name=line.payer or name,
        account_ref=account,
        kind=_kind(line),
        own_key=key,
        value_day=line.value_day,
    )


def _kind(line: BankLine) -> Kind:
    if line.reversal or _REVERSED.search(line.details):
        return Kind.REVERSAL
    if line.amount > 0:
        return Kind.PAID_IN
    return Kind.CHARGE if line.charge or _CHARGE.search(line.details) else Kind.OTHER
