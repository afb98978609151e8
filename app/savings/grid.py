"""The month in one grid: what was typed, what will come of it, and the batch that one confirm records."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from wtforms import HiddenField

from app.core import clock
from app.core.money import digits
from app.groups.queries import group
from app.ledgers.heads import today
from app.savings.approvables import Batch
from app.savings.forms import MoneyInForm
from app.savings.month import MonthRow, month_of
from app.savings.penalty_money import PenaltyMoney
from app.savings.planning import PAYS, Receipt
from app.savings.receiving import state_of
from app.savings.rules import PartKind, Plan, Window

COLUMNS = ("amount", "paid_on", "method", "reference", "penalty")
LONGEST = {"amount": 64, "paid_on": 10, "method": 20, "reference": 100, "penalty": 64}


class GridForm(MoneyInForm):
    """What the rows of a grid have in common; the rows themselves are inputs named after their member.

    `version` is the state of the window that the page showed.
    """

    version = HiddenField()

    @property
    def digits(self) -> int:
        """The decimals of the group's currency, for the running totals."""
        return digits(group().currency)

    @property
    def place(self) -> str:
        """The name of the account that the money of all rows went into."""
        return next((row.name for row in self.places if str(row.id) == self.cash_account.data), "")


@dataclass
class Row:
    """A member's row: where they stand, what was typed, and what will come of it."""

    month: MonthRow
    owed: Decimal
    typed: Mapping[str, str]
    receipt: Receipt | None = None
    penalty: PenaltyMoney | None = None
    plan: Plan | None = None
    faults: dict[str, str] = field(default_factory=dict)  # by column; "" concerns the whole row
    told: list[str] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        """Whether its member is in the exit queue and so pays in nothing; a penalty may still be paid."""
        return self.month.member.leaving_since is not None

    @property
    def missing(self) -> Decimal:
        """What may still be paid in."""
        return Decimal(0) if self.closed else self.month.standing.missing

    @property
    def key(self) -> str:
        """What the names of its inputs end with."""
        return self.month.member.id.hex

    @property
    def filled(self) -> bool:
        """Whether there is money in it."""
        return bool(self.typed["amount"] or self.typed["penalty"])

    @property
    def money(self) -> Receipt | PenaltyMoney | None:
        """What the row says of the money that came in: both parts of a row share the day, the way and the reference."""
        return self.receipt or self.penalty

    @property
    def state(self) -> str:
        """The one word that the row is coloured by; empty for a row without anything new."""
        if self.faults:
            return "error"
        if self.plan is not None:
            return state_of(self.plan)
        return "paid" if self.penalty else ""


@dataclass(frozen=True)
class Sums:
    """What a grid comes to."""

    rows: int
    savings: Decimal
    penalties: Decimal
    fees: Decimal
    waiting: Decimal
    faults: int

    @property
    def money(self) -> Decimal:
        """All the money that comes in."""
        return self.savings + self.penalties + self.waiting


@dataclass
class Grid:
    """A window's rows, and what they come to."""

    window: Window
    rows: Sequence[Row]

    @property
    def filled(self) -> Sequence[Row]:
        """The rows with money in them."""
        return [row for row in self.rows if row.filled]

    @property
    def has_faults(self) -> bool:
        """Whether any row cannot be recorded as it stands."""
        return any(row.faults for row in self.rows)

    @property
    def sums(self) -> Sums:
        """The totals at the foot."""
        plans = [row.plan for row in self.rows if row.plan]
        paid = sum((row.penalty.amount for row in self.rows if row.penalty), Decimal(0))
        taken = (PartKind.PENALTY, PartKind.PENALTY_PAYMENT)
        return Sums(
            rows=len(self.filled),
            savings=sum((plan.total(PartKind.SAVINGS) for plan in plans), Decimal(0)),
            penalties=paid + sum((plan.total(kind) for plan in plans for kind in taken), Decimal(0)),
            fees=sum((plan.fee.amount for plan in plans if plan.fee), Decimal(0)),
            waiting=sum((plan.total(PartKind.UNALLOCATED) for plan in plans), Decimal(0)),
            faults=sum(bool(row.faults) for row in self.rows),
        )

    def batch(self) -> Batch:
        """Everything that is recorded at once."""
        return Batch(
            receipts=[row.receipt for row in self.rows if row.receipt],
            penalties=[row.penalty for row in self.rows if row.penalty],
            window_id=self.window.id,
        )

    def names(self) -> Iterator[str]:
        """The names of all inputs of its rows."""
        return (f"{column}-{row.key}" for row in self.rows for column in COLUMNS)


def grid_of(window: Window, told: Mapping[str, str], owed: Mapping[uuid.UUID, Decimal]) -> Grid:
    """The grid of a window with what was typed in it."""
    members = [row for row in month_of(window, with_leaving=True) if row.member.status in PAYS]
    rows = [Row(row, owed.get(row.member.id, Decimal(0)), _typed(row, told)) for row in members]
    rows.sort(key=lambda row: not row.missing and not row.owed)  # who owes nothing comes last
    return Grid(window, rows)


def _typed(row: MonthRow, told: Mapping[str, str]) -> dict[str, str]:
    names = {column: f"{column}-{row.member.id.hex}" for column in COLUMNS}
    return {column: told.get(name, "")[: LONGEST[column] + 1].strip() for column, name in names.items()}


def usual_day(window: Window) -> date | None:
    """The day most payments of a grid came in: today while the window is open. Afterwards it must be said."""
    return today() if window.contains(clock.now()) else None
