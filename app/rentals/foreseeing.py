"""What the year of a unit would look like with an assignment or a change of ownership; nothing is recorded."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.core.errors import DomainError
from app.core.ids import new_id
from app.core.periods import Month
from app.registry.deeds import taking_part
from app.registry.models import Unit
from app.rentals.assigning import Taker, taken_over, turn_of, turns_counted
from app.rentals.calendar import Calendar, drawn
from app.rentals.errors import AnchorCounts
from app.rentals.lists import AssignmentLine
from app.rentals.queries import anchors_of, assignments_of, spans_of
from app.rentals.rules import Alternation, Row, first_month
from app.rentals.stating import Turn, check_rows, check_share, check_turn

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Foreseen:
    """A unit's year as it would be, and why it cannot be so."""

    calendar: Calendar
    fault: str | None = None


def thought_of(*, owner_id: uuid.UUID, turn: Turn, share: object, starts: date, ends: date | None) -> Row:
    """A row that is only being thought of. Raises BadTurn, TurnNotAsked, BadShare, NoSuchParty, PartyInactive."""
    turn, told = check_turn(turn), check_share(share)  # type: ignore[arg-type]  # it is checked here
    code = taking_part({owner_id}, field="owner")[owner_id].code
    return Row(new_id(), owner_id, code, told, starts, ends, turn.alternation, turn.length, turn.position)


def assigned(unit: Unit, row: Row, anchor: Month | None) -> Foreseen:
    """The year of the row's first day with it; `anchor` is asked of turns of a cycle alone."""
    kept = anchors_of([unit.id]).get(unit.id)
    if row.alternation is not Alternation.CYCLE or anchor is None or kept is None or anchor == kept:
        return _drawn(unit, [row], row.starts, kept or anchor)
    if turns_counted(unit.id):
        return replace(_drawn(unit, [row], row.starts, kept), fault=str(AnchorCounts(anchor=kept)))
    return _drawn(unit, [row], row.starts, anchor)


def changed(line: AssignmentLine, takers: Sequence[Taker], from_on: date) -> Foreseen:
    """The year of a change of ownership with the new owners. Raises what `change_ownership` raises of them."""
    old, turn = line.assignment, turn_of(line.assignment)
    taken = taken_over(old, takers)
    people = taking_part({one.owner_id for one in taken})
    rows = [
        Row(
            id=new_id(),
            owner_id=one.owner_id,
            owner_code=people[one.owner_id].code,
            share=one.share,
            starts=from_on,
            ends=old.ends_on,
            alternation=turn.alternation,
            length=turn.length,
            position=turn.position,
        )
        for one in taken
    ]
    return _drawn(line.unit, rows, from_on, anchors_of([line.unit.id]).get(line.unit.id), without=old.id)


def _drawn(
    unit: Unit, also: Sequence[Row], day: date, anchor: Month | None, without: uuid.UUID | None = None
) -> Foreseen:
    counted = anchor or first_month(day)
    standing = assignments_of([unit.id]).get(unit.id, [])
    rows = [*(replace(row, ends=day - DAY) if row.id == without else row for row in standing), *also]
    found = drawn(rows, counted, day.year, leases=spans_of(unit.id))
    try:
        check_rows(rows, counted)
    except DomainError as error:
        return Foreseen(found, str(error))
    return Foreseen(found)
