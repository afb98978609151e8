"""What a statement is, and the text that its hash covers: pure, so the same books give the same statement for ever."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.rooms import StatementLine

FOUR_PLACES = Decimal("0.0001")


class Part(StrEnum):
    """The accounts of a member that a statement tells of, in the order of the sheet."""

    SAVINGS = "savings"
    PENALTIES = "penalties"
    HOLDINGS = "holdings"
    ASSET_SHARES = "asset_share"
    GROWTH = "realised_growth"
    EXIT = "exit"
    PAYABLE = "member_payable"


ALWAYS = (Part.SAVINGS, Part.PENALTIES)  # on every statement, whether there is anything on them or not


@dataclass(frozen=True)
class Account:
    """One account over the days of a statement; amounts are positive where the member has, or owes, more of it."""

    part: Part
    opening: Decimal
    lines: Sequence[StatementLine]

    @property
    def added(self) -> Decimal:
        """What was added in these days."""
        return sum((line.amount for line in self.lines if line.amount > 0), Decimal(0))

    @property
    def taken(self) -> Decimal:
        """What was taken away in these days, as a positive amount."""
        return -sum((line.amount for line in self.lines if line.amount < 0), Decimal(0))

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the last day."""
        return self.opening + sum((line.amount for line in self.lines), Decimal(0))

    @property
    def tells(self) -> bool:
        """Whether there was anything on it in these days or at their beginning."""
        return bool(self.lines or self.opening)

    @property
    def balances(self) -> list[Decimal]:
        """The balance after each line."""
        found, balance = [], self.opening
        for line in self.lines:
            balance += line.amount
            found.append(balance)
        return found


@dataclass(frozen=True)
class Statement:
    """A member's accounts from `first` through `last`, both included.

    `others` are what the member has beside savings: those that tell something, so that a statement is the same for ever
    however many kinds of accounts there will be. `entry_hash` is that of the last entry in it, and so covers all of the
    books before.
    """

    group_id: uuid.UUID
    member_id: uuid.UUID
    currency: str
    first: date
    last: date
    savings: Account
    penalties: Account
    entry_hash: str
    others: tuple[Account, ...] = ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Savings first."""
        return self.savings, self.penalties, *(account for account in self.others if account.tells)

    @property
    def hash(self) -> bytes:
        """SHA-256 over everything that the statement says, in no language, and over the books' own hash."""
        return hashlib.sha256(self._canonical().encode()).digest()

    def _canonical(self) -> str:
        accounts = [
            [account.part, _plain(account.opening), [_line(line) for line in account.lines], _plain(account.closing)]
            for account in self.accounts
        ]
        said = [self.group_id, self.member_id, self.currency, self.first, self.last, self.entry_hash]
        return json.dumps([*map(str, said), accounts], separators=(",", ":"))


def _line(line: StatementLine) -> list[object]:
    return [line.number, line.on.isoformat(), str(line.entry_id), _plain(line.amount)]


def _plain(amount: Decimal) -> str:
    return f"{amount.quantize(FOUR_PLACES):f}"


def in_fours(text: str) -> str:
    """A hash in groups of four, for people who compare it."""
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))
