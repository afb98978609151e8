"""Assignments: saying who is entitled from when, ending it, passing it on, and from which month turns are counted."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.periods import Month
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.registry.deeds import taking_part
from app.registry.errors import DaysBackwards, SentOtherwise, UnitInactive
from app.registry.once import said_the_same
from app.registry.queries import unit_row
from app.rentals.errors import (
    AnchorCounts,
    NobodyTakes,
    NoSuchAssignment,
    NotHeldThen,
    TakersDiffer,
    TakerTwice,
)
from app.rentals.models import Assignment, UnitCycle
from app.rentals.queries import anchors_of, assignments_of
from app.rentals.rules import ZERO, Alternation, first_month, plain
from app.rentals.stating import Turn, check_rows, check_share, check_turn

DAY = timedelta(days=1)
EVERY_MONTH = Turn()


@dataclass(frozen=True, slots=True)
class Taker:
    """A new owner, and how much of the row they take; None: what the row has."""

    owner_id: uuid.UUID
    share: Decimal | None = None


def assign(
    *,
    unit_id: uuid.UUID,
    owner_id: uuid.UUID,
    starts_on: date,
    by: uuid.UUID | None,
    key: str,
    share: Decimal | None = None,
    turn: Turn = EVERY_MONTH,
    ends_on: date | None = None,
    anchor: Month | None = None,
) -> Assignment:
    """Entitle an owner to a share of a unit's rent, in per cent, once for each key.

    Turns of a cycle are counted from the unit's anchor: the month given the first time, else that of the first day.
    Raises NoSuchUnit, UnitInactive, NoSuchParty, PartyInactive, BadShare, BadTurn, TurnNotAsked, DaysBackwards,
    AnchorCounts, PatternTooLong, OverWhole naming the months, SentOtherwise.
    """
    lock_group()
    check_share(share)
    turn = check_turn(turn)
    if (found := session().scalar(sa.select(Assignment).where(Assignment.idempotency_key == key))) is not None:
        said = {"alternation": turn.alternation, "cycle_length": turn.length, "cycle_position": turn.position}
        told = {"unit_id": unit_id, "owner_id": owner_id, "share_percent": share, "starts_on": starts_on}
        return said_the_same(found, **said, **told)
    taking_part({owner_id}, field="owner")
    unit = unit_row(unit_id)
    if not unit.active:
        raise UnitInactive(field="unit", unit=unit.code)
    if ends_on is not None and ends_on < starts_on:
        raise DaysBackwards(field="ends_on")
    if turn.alternation is Alternation.CYCLE:
        _keep_anchor(unit_id, anchor, starts_on, by=by)
    row = _add(unit_id, Taker(owner_id, share), turn, (starts_on, ends_on), by=by, key=key)
    _check(unit_id)
    record("create", "assignment", row.id, by=by, after=_told(row))
    return row


def _add(
    unit_id: uuid.UUID,
    taker: Taker,
    turn: Turn,
    days: tuple[date, date | None],
    *,
    by: uuid.UUID | None,
    key: str,
) -> Assignment:
    row = Assignment(
        id=new_id(),
        unit_id=unit_id,
        owner_id=taker.owner_id,
        share_percent=taker.share,
        alternation=turn.alternation.value,
        cycle_length=turn.length,
        cycle_position=turn.position,
        starts_on=days[0],
        ends_on=days[1],
        idempotency_key=key,
        recorded_by=by,
    )
    session().add(row)
    session().flush()
    return row


def _check(unit_id: uuid.UUID) -> None:
    check_rows(assignments_of([unit_id]).get(unit_id, []), anchors_of([unit_id]).get(unit_id))


def _told(row: Assignment) -> dict[str, object]:
    names = ("unit_id", "owner_id", "share_percent", "alternation", "cycle_length", "cycle_position")
    return {name: getattr(row, name) for name in (*names, "starts_on", "ends_on")}


def turn_of(row: Assignment) -> Turn:
    """When a row counts."""
    return Turn(Alternation(row.alternation), row.cycle_length, row.cycle_position)


def assignment_row(assignment_id: uuid.UUID) -> Assignment:
    """An assignment. Raises NoSuchAssignment."""
    found = session().scalar(sa.select(Assignment).where(Assignment.id == assignment_id))
    if found is None:
        raise NoSuchAssignment
    return found


def end_assignment(assignment_id: uuid.UUID, *, on: date | None, by: uuid.UUID) -> Assignment:
    """Say which day is the last of a row; None: it goes on. Raises NoSuchAssignment, DaysBackwards, OverWhole."""
    lock_group()
    row = assignment_row(assignment_id)
    session().refresh(row)
    if on is not None and on < row.starts_on:
        raise DaysBackwards(field="on")
    _end(row, on, by=by)
    _check(row.unit_id)
    return row


def withdraw_assignment(assignment_id: uuid.UUID, *, by: uuid.UUID) -> Assignment:
    """Put a mistyped row aside: it ends the day before it begins and counts for no month. Raises NoSuchAssignment."""
    lock_group()
    row = assignment_row(assignment_id)
    session().refresh(row)
    _end(row, row.starts_on - DAY, by=by)
    _check(row.unit_id)
    return row


def _end(row: Assignment, on: date | None, *, by: uuid.UUID | None) -> None:
    before = row.ends_on
    if before == on:
        return
    row.ends_on = on
    session().flush()
    record("update", "assignment", row.id, by=by, before={"ends_on": before}, after={"ends_on": on})


def change_ownership(
    assignment_id: uuid.UUID, *, takers: Sequence[Taker], from_on: date, by: uuid.UUID, key: str
) -> list[Assignment]:
    """Pass a row on: it ends the day before, and its takers have its turn from that day on, once for each key.

    One taker without a share takes all of it. Raises NoSuchAssignment, NotHeldThen, NobodyTakes, TakerTwice,
    TakersDiffer, BadShare, NoSuchParty, PartyInactive, OverWhole, SentOtherwise.
    """
    lock_group()
    if made := _made_under(key):
        if [(row.owner_id, row.starts_on) for row in made] != [(taker.owner_id, from_on) for taker in takers]:
            raise SentOtherwise
        return made
    old = assignment_row(assignment_id)
    session().refresh(old)
    if from_on < old.starts_on or (old.ends_on is not None and from_on > old.ends_on):
        raise NotHeldThen(field="from_on")
    shares = taken_over(old, takers)
    until = old.ends_on
    _end(old, from_on - DAY, by=by)
    rows = [
        _add(old.unit_id, taker, turn_of(old), (from_on, until), by=by, key=f"{key}:{number}")
        for number, taker in enumerate(shares)
    ]
    _check(old.unit_id)
    for row in rows:
        record("create", "assignment", row.id, by=by, after={**_told(row), "instead_of": old.id})
    return rows


def _made_under(key: str) -> list[Assignment]:
    wanted = sa.select(Assignment).where(Assignment.idempotency_key.startswith(f"{key}:", autoescape=True))
    return list(session().scalars(wanted.order_by(Assignment.id)))


def taken_over(old: Assignment, takers: Sequence[Taker]) -> list[Taker]:
    """Who takes how much of a row. Raises as `change_ownership` does."""
    if not takers:
        raise NobodyTakes(field="owners")
    people = taking_part({taker.owner_id for taker in takers}, field="owners")
    seen: set[uuid.UUID] = set()
    for taker in takers:
        if taker.owner_id in seen:
            raise TakerTwice(field="owners", party=people[taker.owner_id].name)
        seen.add(taker.owner_id)
        check_share(taker.share)
    if len(takers) == 1 and takers[0].share is None:
        return [Taker(takers[0].owner_id, old.share_percent)]
    told = sum((taker.share or ZERO for taker in takers), ZERO)
    if old.share_percent is not None and (told != old.share_percent or any(one.share is None for one in takers)):
        raise TakersDiffer(field="owners", taken=plain(told), share=plain(old.share_percent))
    return list(takers)


def set_anchor(unit_id: uuid.UUID, *, anchor: Month, by: uuid.UUID) -> UnitCycle:
    """Say from which month the turns of a unit are counted. Raises NoSuchUnit, AnchorCounts, OverWhole."""
    lock_group()
    unit_row(unit_id)
    row = _keep_anchor(unit_id, anchor, anchor.first, by=by)
    _check(unit_id)
    return row


def _keep_anchor(unit_id: uuid.UUID, anchor: Month | None, starts_on: date, *, by: uuid.UUID | None) -> UnitCycle:
    row = session().scalar(sa.select(UnitCycle).where(UnitCycle.unit_id == unit_id))
    if row is None:
        first = (anchor or first_month(starts_on)).first
        row = UnitCycle(id=new_id(), unit_id=unit_id, anchor=first, recorded_by=by)
        session().add(row)
        session().flush()
        record("create", "unit_cycle", row.id, by=by, after={"unit_id": unit_id, "anchor": first})
    elif anchor is not None and anchor.first != row.anchor:
        if turns_counted(unit_id):
            raise AnchorCounts(field="anchor", anchor=Month.of(row.anchor))
        before, row.anchor = row.anchor, anchor.first
        session().flush()
        record("update", "unit_cycle", row.id, by=by, before={"anchor": before}, after={"anchor": row.anchor})
    return row


def turns_counted(unit_id: uuid.UUID) -> bool:
    """Whether turns of the unit decided who was entitled in a month that has begun."""
    today = clock.today(group().time_zone)
    turns = sa.select(Assignment).where(Assignment.unit_id == unit_id, Assignment.alternation == Alternation.CYCLE)
    rows = session().scalars(turns).all()
    return any(
        (first := first_month(row.starts_on).first) <= today and (row.ends_on is None or row.ends_on >= first)
        for row in rows
    )
