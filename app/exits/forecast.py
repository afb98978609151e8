"""When a request may be met: an estimate from what was set aside in past months, and never a promise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from app.core.periods import Month

MONTHS = 12  # looked back at most
HORIZON = 120  # months ahead: who would wait longer than ten years is told so, and no year
SLOWER = 2  # the cautious estimate: only half as much comes in


@dataclass(frozen=True)
class Basis:
    """What an estimate rests on: so much was set aside from one month to another, both whole and included."""

    total: Decimal
    first: Month
    last: Month

    @property
    def months(self) -> int:
        """How many months were looked at."""
        return _number(self.last) - _number(self.first) + 1

    @property
    def a_month(self) -> Fraction:
        """The average of a month, exactly."""
        return Fraction(self.total) / self.months

    @property
    def average(self) -> Decimal:
        """The same as it is shown; not rounded to coins yet."""
        return self.total / self.months


@dataclass(frozen=True)
class Estimate:
    """When a request may be met, in the group's currency and its months.

    `need` is what must still come in first: all that is ahead and the request itself, less what is set aside already.
    `month` is when the pace of the past brings it, `slower` when half that pace does; None where there is no pace, or
    beyond the horizon.
    """

    need: Decimal
    month: Month | None
    slower: Month | None


def basis(set_aside: Iterable[tuple[date, Decimal]], *, since: date, today: date) -> Basis:
    """The last twelve whole months, or those since the first request or event when that is less long ago.

    `set_aside` are days and amounts of the money set aside; days outside these months do not count. Where no month is
    whole yet, the one that runs counts as one.
    """
    this = Month.of(today)
    last = max(this.previous, min(Month.of(since), this))
    first = max(Month.of(since), this.plus(-MONTHS)) if last < this else this
    total = sum((amount for day, amount in set_aside if first <= Month.of(day) <= last), Decimal(0))
    return Basis(max(total, Decimal(0)), first, last)


def estimate(need: Decimal, resting: Basis, *, today: date) -> Estimate:
    """When so much has come in, at the pace of the past and at half of it."""
    pace = resting.a_month
    return Estimate(max(need, Decimal(0)), _reached(need, pace, today), _reached(need, pace / SLOWER, today))


def estimates(opened: Sequence[Decimal], unspent: Decimal, resting: Basis, *, today: date) -> list[Estimate]:
    """The same for a queue: what each request has open, the head first, and what is set aside and not spent yet."""
    found, need = [], -unspent
    for amount in opened:
        need += amount
        found.append(estimate(need, resting, today=today))
    return found


def _reached(need: Decimal, pace: Fraction, today: date) -> Month | None:
    this = Month.of(today)
    if need <= 0:
        return this
    if not pace:
        return None
    months = ceil(Fraction(need) / pace)
    return this.plus(months) if months <= HORIZON else None


def _number(month: Month) -> int:
    return month.year * 12 + month.month
