"""Who is entitled to which rent in a month, and what a year gives an owner from a payer: read in a few statements."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.money import quantum
from app.core.periods import Month
from app.groups.queries import group
from app.registry.models import Party, Unit
from app.rentals.models import Assignment, Lease, UnitCycle
from app.rentals.rules import (
    ZERO,
    Alternation,
    Gap,
    Parts,
    Row,
    Terms,
    in_force,
    ordered,
    pattern_length,
    place_of,
    shared,
)

Pair = tuple[uuid.UUID, uuid.UUID]  # an owner, and the client who pays
MOST = 1_000


@dataclass(frozen=True)
class UnitMonth:
    """A unit in a month: its lease, what is asked, and who is entitled to it or why nobody can be said to be.

    `gap` is a sentence for people, or None. Without a lease there is nothing to split, and no gap is looked for.
    """

    unit_id: uuid.UUID
    unit_code: str
    lease_id: uuid.UUID | None
    client_id: uuid.UUID | None
    client_professional: bool
    rent: Decimal
    charges: Decimal
    due_on: date | None
    shares: Parts | None
    gap: str | None

    @property
    def parts(self) -> tuple[tuple[uuid.UUID, uuid.UUID, str, Decimal], ...]:
        """(assignment, owner, owner's code, per cent) of each who is entitled, the lower code first."""
        found = self.shares.parts if self.shares else ()
        return tuple((part.assignment_id, part.owner_id, part.owner_code, part.percent) for part in found)

    def amounts(self, total: Decimal, smallest: Decimal) -> dict[uuid.UUID, Decimal]:
        """The rent or the charges split by assignment: largest remainder, ties to the lower owner code."""
        return self.shares.amounts(total, smallest) if self.shares else {}


def entitlements(
    month: Month, *, unit_id: uuid.UUID | None = None, after: str | None = None, limit: int = MOST
) -> list[UnitMonth]:
    """The units that are let in a month, by code, each with who is entitled; the next ones `after` a code.

    Always three statements, however many units. A unit that is asked for by itself is told of without a lease too.
    """
    wanted = let_in(month, unit_id).order_by(Unit.code, Unit.id).limit(limit)
    return months_of(session().execute(wanted if after is None else wanted.where(Unit.code > after)).all(), month)


# Columns and no objects: those would take most of the time of a run of a hundred thousand units.
ASKED = (Lease.rent, Lease.charges, Lease.starts_on, Lease.ends_on, Lease.day_due)
OTHERWISE = (Lease.first_amount, Lease.last_amount)


def let_in(month: Month, unit_id: uuid.UUID | None = None) -> sa.Select[Any]:
    """The units that are let in a month with lease and payer; one that is named comes without a lease too."""
    held = sa.and_(Lease.unit_id == Unit.id, in_force_on(Lease, month.first))
    told = (Unit.id, Unit.code, Lease.id, Lease.client_id, Party.professional)
    wanted: Any = sa.select(*told, *ASKED, *OTHERWISE)
    wanted = wanted.outerjoin(Lease, held) if unit_id else wanted.join(Lease, held)
    wanted = wanted.outerjoin(Party, Party.id == Lease.client_id)
    return wanted if unit_id is None else wanted.where(Unit.id == unit_id)  # type: ignore[no-any-return]  # joins are not typed


def months_of(rows: Sequence[Any], month: Month) -> list[UnitMonth]:
    """What `let_in` found, each with who is entitled; in two statements."""
    assigned = assignments_of([row[0] for row in rows], during=(month.first, month.first))
    anchors = anchors_of(assigned)
    return [_unit_month(row, month, assigned, anchors) for row in rows]


def _unit_month(
    row: Any, month: Month, assigned: Mapping[uuid.UUID, Sequence[Row]], anchors: Mapping[uuid.UUID, Month]
) -> UnitMonth:
    unit_id, code, lease_id, client_id, professional, *asked = row
    if lease_id is None:
        return UnitMonth(unit_id, code, None, None, False, ZERO, ZERO, None, None, None)  # noqa: FBT003  # no lease, no payer
    terms = Terms(*asked)
    found = shared(ordered(assigned.get(unit_id, ())), anchors.get(unit_id), month)
    return UnitMonth(
        unit_id=unit_id,
        unit_code=code,
        lease_id=lease_id,
        client_id=client_id,
        client_professional=bool(professional),
        rent=terms.rent_of(month),
        charges=terms.charges,
        due_on=terms.due_on(month),
        shares=found if isinstance(found, Parts) else None,
        gap=found.sentence if isinstance(found, Gap) else None,
    )


def in_force_on(table: type[Lease] | type[Assignment], first: date, last: date | None = None) -> sa.ColumnElement[bool]:
    """Rows that hold on a day, or on one of these days."""
    return sa.and_(table.starts_on <= (last or first), sa.or_(table.ends_on.is_(None), table.ends_on >= first))


def assignments_of(
    unit_ids: Collection[uuid.UUID] | sa.Select[Any], *, during: tuple[date, date] | None = None
) -> dict[uuid.UUID, list[Row]]:
    """The assignments of units as entitlement sees them, by unit; those that hold on one of these days, or all."""
    told = (Assignment.id, Assignment.owner_id, Party.code, Assignment.share_percent)
    days = (Assignment.starts_on, Assignment.ends_on)
    turn = (Assignment.alternation, Assignment.cycle_length, Assignment.cycle_position)
    wanted: Any = sa.select(Assignment.unit_id, *told, *days, *turn).join(Party, Party.id == Assignment.owner_id)
    wanted = wanted.where(Assignment.unit_id.in_(unit_ids))
    if during is not None:
        wanted = wanted.where(in_force_on(Assignment, *during))
    found: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for unit_id, id_, owner_id, code, share, starts, ends, alternation, length, position in session().execute(wanted):
        found[unit_id].append(Row(id_, owner_id, code, share, starts, ends, Alternation(alternation), length, position))
    return found


def spans_of(unit_id: uuid.UUID) -> list[tuple[date, date | None]]:
    """The days between which a unit is let."""
    rows = session().execute(sa.select(Lease.starts_on, Lease.ends_on).where(Lease.unit_id == unit_id))
    return [(first, last) for first, last in rows]


def anchors_of(unit_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Month]:
    """From which month the turns of units are counted, of those that have one."""
    rows = session().execute(sa.select(UnitCycle.unit_id, UnitCycle.anchor).where(UnitCycle.unit_id.in_(unit_ids)))
    return {unit_id: Month.of(anchor) for unit_id, anchor in rows}


def annual_gross(pairs: Collection[Pair], year: int) -> dict[Pair, Decimal]:
    """What the assignments and leases known now give each owner from each client from January to December of a year.

    Without charges, split as receipts are; months that are past, and those with a gap, as they stand now. Pairs
    without anything come to zero. Three statements, however many pairs.
    """
    found = dict.fromkeys(pairs, ZERO)
    if not found:
        return found
    span = Month(year, 1).first, Month(year, 12).first
    leases = _leases_between(found, span)
    assigned = assignments_of({lease[0] for lease in leases}, during=span)
    anchors, smallest = anchors_of(assigned), quantum(group().currency)
    for unit_id, client_id, *asked in leases:
        shares = YearOf(assigned.get(unit_id, ()), anchors.get(unit_id))
        for owner_id, amount in _given(Terms(*asked), shares, year, smallest):
            if (owner_id, client_id) in found:
                found[owner_id, client_id] += amount
    return found


def _leases_between(pairs: Collection[Pair], span: tuple[date, date]) -> Sequence[Any]:
    owners, clients = {owner for owner, _client in pairs}, {client for _owner, client in pairs}
    theirs = sa.select(Assignment.unit_id).where(Assignment.owner_id.in_(owners), in_force_on(Assignment, *span))
    wanted: Any = sa.select(Lease.unit_id, Lease.client_id, *ASKED, *OTHERWISE)
    wanted = wanted.where(Lease.client_id.in_(clients), Lease.unit_id.in_(theirs))
    return session().execute(wanted.where(in_force_on(Lease, *span))).all()


class YearOf:
    """The entitlement of one unit, reckoned once for months that are alike."""

    def __init__(self, rows: Sequence[Row], anchor: Month | None) -> None:
        self.rows, self.anchor = ordered(rows), anchor
        self.known: dict[tuple[int, ...], Parts | Gap] = {}
        self.lengths: dict[tuple[int, ...], int] = {}

    def of(self, month: Month) -> Parts | Gap:
        """Who is entitled in a month; for months that are alike the same object."""
        live = tuple(number for number, row in enumerate(self.rows) if row.in_force(month))
        if live not in self.lengths:
            self.lengths[live] = pattern_length([self.rows[number] for number in live])
        alike = (*live, place_of(month) % self.lengths[live])
        if alike not in self.known:
            self.known[alike] = shared([self.rows[number] for number in live], self.anchor, month)
        return self.known[alike]


def _given(terms: Terms, shares: YearOf, year: int, smallest: Decimal) -> Iterator[tuple[uuid.UUID, Decimal]]:
    """What the months of a year give the owners; those that are alike at once."""
    alike: dict[tuple[int, Decimal], tuple[Parts, int]] = {}  # how many months have these parts and this rent
    for month in (Month(year, number) for number in range(1, 13)):
        parts = shares.of(month) if in_force(terms.starts, terms.ends, month) else None
        if isinstance(parts, Parts):
            which = (id(parts), terms.rent_of(month))
            alike[which] = (parts, alike[which][1] + 1 if which in alike else 1)
    for (_id, rent), (parts, months) in alike.items():
        amounts = parts.amounts(rent, smallest)
        yield from ((part.owner_id, amounts[part.assignment_id] * months) for part in parts.parts)
