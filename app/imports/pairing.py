"""Which entry of the books a line of a statement is: the same amount within days, and only where nothing else fits."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

NEAR = timedelta(days=3)  # banks book a day or two later, and people write it down when they get to it


@dataclass(frozen=True)
class Point:
    """Something that moved an account, on paper or in the books, and whose it is where that is known."""

    id: uuid.UUID
    day: date
    amount: Decimal
    member_id: uuid.UUID | None = None


def pairs(lines: Sequence[Point], movements: Sequence[Point]) -> Mapping[uuid.UUID, uuid.UUID]:
    """By line, the one movement that it is: each the only one for the other, first on the same day, then nearby."""
    found: dict[uuid.UUID, uuid.UUID] = {}
    for distance in (timedelta(0), NEAR):
        taken = set(found.values())
        found |= _only(
            [line for line in lines if line.id not in found], [m for m in movements if m.id not in taken], distance
        )
    return found


def _only(lines: Sequence[Point], movements: Sequence[Point], distance: timedelta) -> dict[uuid.UUID, uuid.UUID]:
    by_amount: dict[Decimal, list[Point]] = defaultdict(list)
    for movement in movements:
        by_amount[movement.amount].append(movement)
    fits = {line.id: [m for m in by_amount[line.amount] if _fit(line, m, distance)] for line in lines}
    wanted: dict[uuid.UUID, int] = defaultdict(int)
    for candidates in fits.values():
        for candidate in candidates:
            wanted[candidate.id] += 1
    return {
        line: candidates[0].id
        for line, candidates in fits.items()
        if len(candidates) == 1 and wanted[candidates[0].id] == 1
    }


def _fit(line: Point, movement: Point, distance: timedelta) -> bool:
    """A line that names a member is only a movement of that member: a near miss is never guessed."""
    return abs(line.day - movement.day) <= distance and line.member_id in (None, movement.member_id)
