"""Lists of this room: leases, assignments of a unit, and who is entitled in a month, page by page."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.periods import Month
from app.groups.models import Member
from app.registry.gathering import today
from app.registry.models import Party, Unit
from app.registry.queries import PartyNamed, parties_named
from app.rentals.assigning import turn_of
from app.rentals.errors import NoSuchAssignment, NoSuchLease
from app.rentals.models import Assignment, Lease
from app.rentals.queries import UnitMonth, in_force_on, let_in, months_of
from app.rentals.stating import share_words, turn_words
from app.web.keyset import Cursor, Slice, slice_of


@dataclass(frozen=True)
class LeaseLine:
    """A lease with its unit and client, on the day on which it is looked at."""

    lease: Lease
    unit: Unit
    client: PartyNamed
    seen_on: date

    @property
    def withdrawn(self) -> bool:
        """Whether it was mistyped and counts for no month."""
        return self.lease.ends_on is not None and self.lease.ends_on < self.lease.starts_on


@dataclass(frozen=True)
class AssignmentLine:
    """An assignment with its unit and owner, in words, on the day on which it is looked at."""

    assignment: Assignment
    unit: Unit
    owner: PartyNamed
    seen_on: date

    @property
    def share(self) -> str:
        """How much."""
        return share_words(self.assignment.share_percent)

    @property
    def turn(self) -> str:
        """When it counts."""
        return turn_words(turn_of(self.assignment))

    @property
    def withdrawn(self) -> bool:
        """Whether it was mistyped and counts for no month."""
        return self.assignment.ends_on is not None and self.assignment.ends_on < self.assignment.starts_on


def holds_on(row: Lease | Assignment, day: date) -> bool:
    """Whether a row holds on a day."""
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


def _leases() -> sa.Select[Any]:
    wanted: Any = sa.select(Lease, Unit).join(Unit, Unit.id == Lease.unit_id)
    return wanted  # type: ignore[no-any-return]  # joins are not typed


def _read(query: sa.Select[Any]) -> list[LeaseLine]:
    rows = session().execute(query).all()
    people = parties_named([lease.client_id for lease, _unit in rows])
    day = today()
    return [LeaseLine(lease, unit, people[lease.client_id], day) for lease, unit in rows]


def leases_page(
    *,
    on: date | None = None,
    search: str = "",
    unit_id: uuid.UUID | None = None,
    client_id: uuid.UUID | None = None,
    at: Cursor | None = None,
    size: int | None = None,
) -> Slice[LeaseLine]:
    """Leases by code of their unit, those that hold on a day or all; of a unit, of a client, or found by either."""
    wanted = _leases()
    if on is not None:
        wanted = wanted.where(in_force_on(Lease, on))
    if unit_id is not None:
        wanted = wanted.where(Lease.unit_id == unit_id)
    if client_id is not None:
        wanted = wanted.where(Lease.client_id == client_id)
    if search:
        wanted = wanted.join(Party, Party.id == Lease.client_id).outerjoin(Member, Member.id == Party.member_id)
        seen = (Unit.code, Party.code, Party.name, Member.display_name)
        wanted = wanted.where(sa.or_(*(column.icontains(search, autoescape=True) for column in seen)))
    by = (Unit.code, Lease.id)
    return slice_of(_read, wanted, by=by, key=lambda line: (line.unit.code, line.lease.id), at=at, size=size)


def lease_line(lease_id: uuid.UUID) -> LeaseLine:
    """A lease with its unit and client. Raises NoSuchLease."""
    found = _read(_leases().where(Lease.id == lease_id))
    if not found:
        raise NoSuchLease
    return found[0]


def leases_of_unit(unit_id: uuid.UUID) -> list[LeaseLine]:
    """Every lease of a unit, the latest first."""
    return _read(_leases().where(Lease.unit_id == unit_id).order_by(Lease.starts_on.desc(), Lease.id.desc()))


def _assignments() -> sa.Select[Any]:
    wanted: Any = sa.select(Assignment, Unit).join(Unit, Unit.id == Assignment.unit_id)
    return wanted.join(Party, Party.id == Assignment.owner_id)  # type: ignore[no-any-return]  # as above


def _read_assignments(query: sa.Select[Any]) -> list[AssignmentLine]:
    rows = session().execute(query).all()
    people = parties_named([row.owner_id for row, _unit in rows])
    day = today()
    return [AssignmentLine(row, unit, people[row.owner_id], day) for row, unit in rows]


def assignments_of_unit(unit_id: uuid.UUID) -> list[AssignmentLine]:
    """Every assignment of a unit, by owner's code, then by day."""
    wanted = _assignments().where(Assignment.unit_id == unit_id)
    return _read_assignments(wanted.order_by(Party.code, Assignment.starts_on, Assignment.id))


def assignment_line(assignment_id: uuid.UUID) -> AssignmentLine:
    """An assignment with its unit and owner. Raises NoSuchAssignment."""
    found = _read_assignments(_assignments().where(Assignment.id == assignment_id))
    if not found:
        raise NoSuchAssignment
    return found[0]


def assignments_page(
    *,
    on: date | None = None,
    unit_id: uuid.UUID | None = None,
    owner_id: uuid.UUID | None = None,
    at: Cursor | None = None,
    size: int | None = None,
) -> Slice[AssignmentLine]:
    """Assignments by code of their unit, those that hold on a day or all; of a unit, of an owner."""
    wanted = _assignments()
    if on is not None:
        wanted = wanted.where(in_force_on(Assignment, on))
    if unit_id is not None:
        wanted = wanted.where(Assignment.unit_id == unit_id)
    if owner_id is not None:
        wanted = wanted.where(Assignment.owner_id == owner_id)
    return slice_of(
        _read_assignments,
        wanted,
        by=(Unit.code, Assignment.id),
        key=lambda line: (line.unit.code, line.assignment.id),
        at=at,
        size=size,
    )


def entitlement_page(month: Month, *, at: Cursor | None = None) -> Slice[UnitMonth]:
    """The units that are let in a month, by code, each with who is entitled or why nobody is."""
    return slice_of(
        lambda query: months_of(session().execute(query).all(), month),
        let_in(month),
        by=(Unit.code, Unit.id),
        key=lambda row: (row.unit_code, row.unit_id),
        at=at,
    )


def owners_in(rows: Sequence[UnitMonth]) -> Mapping[uuid.UUID, PartyNamed]:
    """Whoever is entitled in these, by id."""
    return parties_named({owner_id for row in rows for _id, owner_id, _code, _percent in row.parts})
