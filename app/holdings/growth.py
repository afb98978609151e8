"""How cost and worth went over time: pure, from moves and valuations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.holdings.rules import ZERO, roi, worth


@dataclass(frozen=True)
class Moved:
    """Units and cost that came to an investment on a day, or left it."""

    on: date
    units: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Valued:
    """What that many units were worth on a day."""

    on: date
    units: Decimal
    value: Decimal


@dataclass(frozen=True)
class Moment:
    """What was held on a day: what it cost and what it was worth, in the group's currency."""

    on: date
    cost: Decimal
    worth: Decimal

    @property
    def growth(self) -> Decimal:
        """Worth less cost."""
        return self.worth - self.cost

    @property
    def roi(self) -> Decimal:
        """The same as a percentage of the cost; nothing where nothing was held."""
        return roi(self.worth, self.cost) or ZERO


@dataclass(frozen=True)
class Course:
    """The moves and the valuations of one investment, each in the order of their days."""

    moves: Sequence[Moved]
    values: Sequence[Valued]

    def at(self, on: date, currency: str) -> Moment:
        """What was held at the end of a day, by the last value known then; before the first one, at cost."""
        units = sum((move.units for move in self.moves if move.on <= on), ZERO)
        cost = sum((move.cost for move in self.moves if move.on <= on), ZERO)
        known = [value for value in self.values if value.on <= on]
        if not known or not units:
            return Moment(on, cost, cost)
        return Moment(on, cost, worth(units, value=known[-1].value, of_units=known[-1].units, currency=currency))

    def days(self, through: date) -> list[date]:
        """The days on which something changed, and the last one."""
        changed = {move.on for move in self.moves} | {value.on for value in self.values}
        return sorted({day for day in changed if day <= through} | {through})


def together(courses: Sequence[Course], on: date, currency: str) -> Moment:
    """What several investments cost and were worth at the end of a day."""
    found = [course.at(on, currency) for course in courses]
    return Moment(on, sum((one.cost for one in found), ZERO), sum((one.worth for one in found), ZERO))
