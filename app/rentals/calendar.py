"""The calendar of a unit: months across, owners down, and what each is entitled to, so that a wrong turn is seen."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.periods import Month
from app.registry.queries import PartyNamed, parties_named
from app.rentals.queries import YearOf, anchors_of, assignments_of, spans_of
from app.rentals.rules import YEAR, ZERO, Gap, Parts, Row, in_force

TONES = 5  # colours that tell owners apart; the sixth has the first one's again, and its name


@dataclass(frozen=True)
class Cell:
    """One month of one owner: the share in per cent, zero where nothing is theirs."""

    month: Month
    percent: Decimal


@dataclass(frozen=True)
class OwnerRow:
    """An owner's months, in a colour of their own."""

    owner: PartyNamed
    tone: int
    cells: Sequence[Cell]


@dataclass(frozen=True)
class MonthHead:
    """A month of the calendar: whether the unit is let, and why nobody can be said to be entitled."""

    month: Month
    let: bool
    gap: str | None


@dataclass(frozen=True)
class Calendar:
    """A year of a unit. `gaps` are the sentences of the months that have one, each once with its months."""

    year: int
    months: Sequence[MonthHead]
    rows: Sequence[OwnerRow]

    @property
    def let(self) -> bool:
        """Whether the unit is let in any month of it."""
        return any(head.let for head in self.months)

    @property
    def gaps(self) -> Mapping[str, Sequence[Month]]:
        """Each sentence with the months it is about."""
        found: dict[str, list[Month]] = {}
        for head in self.months:
            if head.gap:
                found.setdefault(head.gap, []).append(head.month)
        return found


def calendar_of(unit_id: uuid.UUID, year: int) -> Calendar:
    """The year of a unit as it stands."""
    rows, anchor = assignments_of([unit_id]).get(unit_id, []), anchors_of([unit_id]).get(unit_id)
    return drawn(rows, anchor, year, leases=spans_of(unit_id))


def drawn(
    rows: Sequence[Row], anchor: Month | None, year: int, *, leases: Sequence[tuple[date, date | None]]
) -> Calendar:
    """The calendar of these rows; owners by code, those alone that have a row in force in the year."""
    shares, months = YearOf(rows, anchor), [Month(year, number) for number in range(1, YEAR + 1)]
    answers = {month: shares.of(month) for month in months}
    live = {row.owner_id for row in rows for month in months if row.in_force(month)}
    people = sorted(parties_named(live).values(), key=lambda who: who.code)
    heads = [
        MonthHead(
            month,
            any(in_force(first, last, month) for first, last in leases),
            found.sentence if isinstance(found, Gap) else None,
        )
        for month, found in answers.items()
    ]
    return Calendar(year, heads, [_row(who, number, answers) for number, who in enumerate(people)])


def _row(who: PartyNamed, number: int, answers: Mapping[Month, Parts | Gap]) -> OwnerRow:
    cells = [Cell(month, _percent(found, who.id)) for month, found in answers.items()]
    return OwnerRow(who, number % TONES + 1, cells)


def _percent(found: Parts | Gap, owner_id: uuid.UUID) -> Decimal:
    if isinstance(found, Gap):
        return ZERO
    return sum((part.percent for part in found.parts if part.owner_id == owner_id), ZERO)
