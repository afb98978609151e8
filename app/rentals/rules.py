"""Who is entitled to a unit's rent in a month: shares fixed and in turn, stated in two ways, and every gap named."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import lcm
from typing import Any

from flask_babel import lazy_gettext as _

from app.core.money import percentages, split
from app.core.periods import Month

ZERO, WHOLE = Decimal(0), Decimal(100)
YEAR = 12
LONGEST_CYCLE = 60
# Turns of 59 and 60 months repeat after three hundred years: nobody could look at such a calendar.
LONGEST_PATTERN = 1_200


class Alternation(StrEnum):
    """Whether a share counts every month, in odd or even months, or once in a cycle of months."""

    NONE = "none"
    ODD_EVEN = "odd_even"
    CYCLE = "cycle"


class GapKind(StrEnum):
    """Why nobody can be said to be entitled."""

    NOBODY = "nobody"  # no assignment is in force
    SHARES = "shares"  # they come to 100 neither by turn in every month nor by ownership
    ANCHOR = "anchor"  # turns of a cycle, and no month from which they are counted
    TOO_LONG = "too_long"  # the turns repeat only after more than LONGEST_PATTERN months


WHY: Mapping[GapKind, Any] = {
    GapKind.NOBODY: _("No owner is assigned to this unit in this month."),
    GapKind.SHARES: _(
        "The shares come to %(turn)s%% in this month and to %(all)s%% over all rows: "
        "neither adds up to 100%% in every month."
    ),
    GapKind.ANCHOR: _("The unit has turns by cycle but no month from which they are counted."),
    GapKind.TOO_LONG: _("The turns of this unit repeat only after more than a hundred years."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An assignment as entitlement sees it. `share` None: all that the fixed rows leave. `ends` is the last day."""

    id: uuid.UUID
    owner_id: uuid.UUID
    owner_code: str
    share: Decimal | None
    starts: date
    ends: date | None = None
    alternation: Alternation = Alternation.NONE
    length: int | None = None  # of the cycle, in months
    position: int | None = None  # 1 odd, 2 even; or the month of the cycle

    def in_force(self, month: Month) -> bool:
        """Whether it counts for a month: on its first day."""
        return in_force(self.starts, self.ends, month)

    def has_turn(self, place: int, anchor: int | None) -> bool:
        """Whether its turn has come in the month of this place; a cycle without an anchor has none."""
        if self.alternation is Alternation.ODD_EVEN:
            return place % 2 + 1 == self.position
        if self.alternation is Alternation.CYCLE and self.length:
            return anchor is not None and (place - anchor) % self.length + 1 == self.position
        return self.alternation is Alternation.NONE


@dataclass(frozen=True, slots=True)
class Part:
    """One assignment's part of a month: in per cent for people, and as the exact weight by which money is split."""

    assignment_id: uuid.UUID
    owner_id: uuid.UUID
    owner_code: str
    percent: Decimal  # four decimals; all parts of a month together exactly 100.0000
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Parts:
    """Who is entitled in a month, the lower owner code first."""

    parts: tuple[Part, ...]

    @property
    def percents(self) -> dict[uuid.UUID, Decimal]:
        """Per cent by assignment."""
        return {part.assignment_id: part.percent for part in self.parts}

    def amounts(self, total: Decimal, quantum: Decimal) -> dict[uuid.UUID, Decimal]:
        """An amount split among the assignments: largest remainder, ties to the lower owner code."""
        return split(total, {part.assignment_id: part.weight for part in self.parts}, quantum)


@dataclass(frozen=True, slots=True)
class Gap:
    """A month for which no part of a receipt can be made, and why."""

    kind: GapKind
    turn: Decimal = ZERO  # what the shares entitled this month come to
    all: Decimal = ZERO  # and those of all rows

    @property
    def sentence(self) -> str:
        """Why, for people, in the reader's language."""
        return str(WHY[self.kind]) % {"turn": plain(self.turn), "all": plain(self.all)}


def entitled(rows: Sequence[Row], anchor: Month | None, month: Month) -> Parts | Gap:
    """Who is entitled to the rent of a unit in a month. `rows` are all assignments of the unit; `anchor` its cycle's.

    By turn, where the shares entitled add to 100 in every month; else by ownership, where all rows add to 100 and
    someone's turn comes every month: those who alternate pool their shares for whoever has the turn. Else a gap.
    """
    return shared(ordered(row for row in rows if row.in_force(month)), anchor, month)


def shared(rows: Sequence[Row], anchor: Month | None, month: Month) -> Parts | Gap:
    """The same of rows that are in force, the lower owner code first."""
    if fault := _unanswerable(rows, anchor):
        return Gap(fault)
    start, counted = place_of(month), None if anchor is None else place_of(anchor)
    every = [turns_of(rows, start + step, counted) for step in range(pattern_length(rows))]
    now = every[0]
    if all(_by_turn(rows, having) == WHOLE for having in every):
        return parts_of({row: _asked(rows, row) for row in now})
    if _by_ownership(rows, every):
        return parts_of(_pooled(rows, now))
    return Gap(GapKind.SHARES, _by_turn(rows, now), sum((row.share or ZERO for row in rows), ZERO))


def _unanswerable(rows: Sequence[Row], anchor: Month | None) -> GapKind | None:
    if not rows:
        return GapKind.NOBODY
    if anchor is None and any(row.alternation is Alternation.CYCLE for row in rows):
        return GapKind.ANCHOR
    return GapKind.TOO_LONG if pattern_length(rows) > LONGEST_PATTERN else None


def pattern_length(rows: Sequence[Row]) -> int:
    """After how many months the turns of these rows repeat."""
    lengths = {row.length for row in rows if row.alternation is Alternation.CYCLE and row.length}
    return lcm(*lengths, 2 if any(row.alternation is Alternation.ODD_EVEN for row in rows) else 1)


def _asked(rows: Sequence[Row], row: Row) -> Decimal:
    """What a row claims when its turn has come; an empty share is all that the fixed rows leave."""
    if row.share is not None:
        return row.share
    fixed = (other.share for other in rows if other.alternation is Alternation.NONE and other.share is not None)
    return max(WHOLE - sum(fixed, ZERO), ZERO)


def _by_turn(rows: Sequence[Row], having: Sequence[Row]) -> Decimal:
    return sum((_asked(rows, row) for row in having), ZERO)


def _by_ownership(rows: Sequence[Row], every: Sequence[Sequence[Row]]) -> bool:
    if any(row.share is None for row in rows) or sum((row.share or ZERO for row in rows), ZERO) != WHOLE:
        return False
    return all(any(row.alternation is not Alternation.NONE for row in having) for having in every)


def _pooled(rows: Sequence[Row], now: Sequence[Row]) -> dict[Row, Decimal]:
    """Exact weights: the fixed rows have their shares, those whose turn it is the pool in proportion."""
    pool = sum((row.share or ZERO for row in rows if row.alternation is not Alternation.NONE), ZERO)
    turns = sum((row.share or ZERO for row in now if row.alternation is not Alternation.NONE), ZERO)
    # Multiplied by the turns' sum instead of divided by it, so that nothing is rounded.
    return {row: (row.share or ZERO) * (turns if row.alternation is Alternation.NONE else pool) for row in now}


def parts_of(weights: Mapping[Row, Decimal]) -> Parts:
    """Parts by weight, without the rows that weigh nothing."""
    heavy = {row: weight for row, weight in weights.items() if weight}
    shares = percentages(heavy)
    return Parts(tuple(Part(row.id, row.owner_id, row.owner_code, shares[row], heavy[row]) for row in heavy))


def over(rows: Sequence[Row], anchor: Month | None) -> list[Month]:
    """The months in which the shares entitled come to more than 100, of each span between changes one pattern at most.

    Empty when none do; the refusal names them.
    """
    counted, found = None if anchor is None else place_of(anchor), []
    for span, live in _spans(rows):
        found += [place for place in span if _by_turn(live, turns_of(live, place, counted)) > WHOLE]
    return [month_at(place) for place in found]


def too_long(rows: Sequence[Row]) -> bool:
    """Whether the turns of rows that are in force together repeat only after more than LONGEST_PATTERN months."""
    return any(pattern_length(live) > LONGEST_PATTERN for _edge, _next, live in _stretches(rows))


def turns_of(rows: Sequence[Row], place: int, anchor: int | None) -> list[Row]:
    """Those of the rows whose turn it is."""
    return [row for row in rows if row.has_turn(place, anchor)]


def _spans(rows: Sequence[Row]) -> Iterator[tuple[range, list[Row]]]:
    """Months in which the same rows are in force, with these; of each stretch as many as a pattern and a year have."""
    for edge, until, live in _stretches(rows):
        length = min(lcm(pattern_length(live), YEAR), LONGEST_PATTERN)
        yield range(edge, edge + length if until is None else min(edge + length, until)), live


def _stretches(rows: Sequence[Row]) -> Iterator[tuple[int, int | None, list[Row]]]:
    """Where the rows in force change: from which month, until which (None: without an end), and which they are."""
    edges = sorted({edge for row in rows for edge in _edges(row)})
    for number, edge in enumerate(edges):
        until = edges[number + 1] if number + 1 < len(edges) else None
        yield edge, until, [row for row in rows if row.in_force(month_at(edge))]


def _edges(row: Row) -> Iterator[int]:
    first = place_of(first_month(row.starts))
    yield first
    if row.ends is not None and place_of(Month.of(row.ends)) >= first:
        yield place_of(Month.of(row.ends)) + 1


def ordered(rows: Iterator[Row] | Sequence[Row]) -> list[Row]:
    """The lower owner code first: the order in which ties are decided."""
    return sorted(rows, key=lambda row: (row.owner_code, row.starts, str(row.id)))


def in_force(starts: date, ends: date | None, month: Month) -> bool:
    """Whether something counts for a month: if its first day lies between these days, both inclusive."""
    return starts <= month.first and (ends is None or ends >= month.first)


def first_month(starts: date) -> Month:
    """The first month for which something that starts on this day is in force."""
    month = Month.of(starts)
    return month if starts.day == 1 else month.next


def last_month(ends: date | None) -> Month | None:
    """The last month for which it is in force; None when it has no end."""
    return None if ends is None else Month.of(ends)


def meet(one: tuple[date, date | None], other: tuple[date, date | None]) -> Month | None:
    """The first month for which both spans of days are in force, or None."""
    month = max(first_month(one[0]), first_month(other[0]))
    return month if all(end is None or Month.of(end) >= month for end in (one[1], other[1])) else None


def place_of(month: Month) -> int:
    """Where a month stands when all are counted through: even places are odd months, January first."""
    return month.year * YEAR + month.month - 1


def month_at(place: int) -> Month:
    """The month that stands there."""
    return Month(place // YEAR, place % YEAR + 1)


def plain(share: Decimal) -> str:
    """A percentage without superfluous zeros."""
    return f"{share:.4f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a lease asks for each month, and otherwise in its first or last."""

    rent: Decimal
    charges: Decimal
    starts: date
    ends: date | None
    due_day: int
    first_amount: Decimal | None = None
    last_amount: Decimal | None = None

    def rent_of(self, month: Month) -> Decimal:
        """The rent of a month for which it is in force; of a month that is both first and last, the first's."""
        if self.first_amount is not None and month == first_month(self.starts):
            return self.first_amount
        if self.last_amount is not None and month == last_month(self.ends):
            return self.last_amount
        return self.rent

    def due_on(self, month: Month) -> date:
        """The day by which the rent of a month is to be paid."""
        return month.day(self.due_day)
