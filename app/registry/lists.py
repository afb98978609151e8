"""The lists and pages of the register: parties, units, deeds with who holds them, and sets with their totals."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.groups.models import Member
from app.registry.errors import NoSuchDeed, NoSuchSet
from app.registry.models import AllocationSet, AllocationSetDeed, Deed, DeedOwner, Party, Unit
from app.registry.queries import PartyNamed, in_force_on, naming, owners_of, parties_named, read_named
from app.registry.rules import ZERO
from app.web.keyset import Cursor, Slice, slice_of

MOST_OFFERED = 1_000  # members in one choice


@dataclass(frozen=True)
class DeedLine:
    """A deed in a list, with its unit and who holds it."""

    deed: Deed
    unit: Unit
    owners: Sequence[tuple[PartyNamed, Decimal]]
    responsible: PartyNamed


@dataclass(frozen=True)
class SetLine:
    """A set with how many of its deeds are in force on a day, and what their indivisos come to."""

    set: AllocationSet
    deeds: int
    total: Decimal


def parties_page(
    *, search: str = "", kind: str = "", at: Cursor | None = None, size: int | None = None
) -> Slice[PartyNamed]:
    """Parties by code, those whose code or name holds the search."""
    wanted = naming()
    if kind:
        wanted = wanted.where(Party.kind == kind)
    if search:
        seen = (Party.code, Party.name, Member.display_name)
        wanted = wanted.where(sa.or_(*(column.icontains(search, autoescape=True) for column in seen)))
    by = (Party.code, Party.id)
    return slice_of(read_named, wanted, by=by, key=lambda row: (row.code, row.id), at=at, size=size)


def units_page(
    *,
    search: str = "",
    type_: str = "",
    asset_id: uuid.UUID | None = None,
    at: Cursor | None = None,
    size: int | None = None,
) -> Slice[Unit]:
    """Units by code, those whose code or address holds the search; of an asset, or all."""
    wanted = sa.select(Unit) if asset_id is None else sa.select(Unit).where(Unit.asset_id == asset_id)
    if type_:
        wanted = wanted.where(Unit.type == type_)
    if search:
        wanted = wanted.where(
            sa.or_(*(column.icontains(search, autoescape=True) for column in (Unit.code, Unit.address)))
        )
    return slice_of(
        lambda query: session().scalars(query).all(),
        wanted,
        by=(Unit.code, Unit.id),
        key=lambda row: (row.code, row.id),
        at=at,
        size=size,
    )


def _lines(query: sa.Select[Any]) -> list[DeedLine]:
    rows = session().execute(query).all()
    owners = owners_of([deed.id for deed, _unit in rows])
    ids = {share.party_id for shares in owners.values() for share in shares}
    people = parties_named(ids | {deed.responsible_party_id for deed, _unit in rows})
    return [
        DeedLine(
            deed,
            unit,
            [(people[share.party_id], share.share) for share in owners.get(deed.id, ())],
            people[deed.responsible_party_id],
        )
        for deed, unit in rows
    ]


def _deeds() -> sa.Select[Any]:
    wanted: Any = sa.select(Deed, Unit).join(Unit, Unit.id == Deed.unit_id)
    return wanted  # type: ignore[no-any-return]  # joins are not typed


def deeds_page(
    *,
    on: date | None = None,
    search: str = "",
    set_id: uuid.UUID | None = None,
    party_id: uuid.UUID | None = None,
    at: Cursor | None = None,
    size: int | None = None,
) -> Slice[DeedLine]:
    """Deeds by code of their unit, those in force on a day or all that were not withdrawn; of a set, or of a party
    that holds or answers for them."""
    wanted = _deeds().where(Deed.active if on is None else in_force_on(on))
    if search:
        wanted = wanted.where(Unit.code.icontains(search, autoescape=True))
    if set_id is not None:
        inside = sa.select(AllocationSetDeed.deed_id).where(AllocationSetDeed.set_id == set_id)
        wanted = wanted.where(Deed.id.in_(inside))
    if party_id is not None:
        held = sa.select(DeedOwner.deed_id).where(DeedOwner.party_id == party_id)
        wanted = wanted.where(sa.or_(Deed.id.in_(held), Deed.responsible_party_id == party_id))
    by = (Unit.code, Deed.id)
    return slice_of(_lines, wanted, by=by, key=lambda line: (line.unit.code, line.deed.id), at=at, size=size)


def deed_line(deed_id: uuid.UUID) -> DeedLine:
    """A deed with its unit and owners. Raises NoSuchDeed."""
    found = _lines(_deeds().where(Deed.id == deed_id))
    if not found:
        raise NoSuchDeed
    return found[0]


def deeds_of_unit(unit_id: uuid.UUID) -> list[DeedLine]:
    """Every deed of a unit, the latest first."""
    return _lines(_deeds().where(Deed.unit_id == unit_id).order_by(Deed.starts_on.desc(), Deed.id.desc()))


def set_lines(on: date) -> list[SetLine]:
    """The sets by name, with what the indivisos in force on a day come to."""
    counted = sa.func.count(Deed.id), sa.func.coalesce(sa.func.sum(Deed.indiviso), 0)
    rows = session().execute(
        sa.select(AllocationSet, *counted)
        .outerjoin(AllocationSetDeed, AllocationSetDeed.set_id == AllocationSet.id)
        .outerjoin(Deed, sa.and_(Deed.id == AllocationSetDeed.deed_id, in_force_on(on)))
        .group_by(AllocationSet.group_id, AllocationSet.id)
        .order_by(sa.func.lower(AllocationSet.name), AllocationSet.id)
    )
    return [SetLine(row, count, Decimal(total or ZERO)) for row, count, total in rows]


def set_line(set_id: uuid.UUID, on: date) -> SetLine:
    """One set with its total. Raises NoSuchSet."""
    found = next((line for line in set_lines(on) if line.set.id == set_id), None)
    if found is None:
        raise NoSuchSet
    return found


def sets_of_deed(deed_id: uuid.UUID) -> list[AllocationSet]:
    """The sets that a deed belongs to, by name."""
    inside = sa.select(AllocationSetDeed.set_id).where(AllocationSetDeed.deed_id == deed_id)
    wanted = sa.select(AllocationSet).where(AllocationSet.id.in_(inside))
    return list(session().scalars(wanted.order_by(sa.func.lower(AllocationSet.name))))


def counts() -> dict[str, int]:
    """How many parties, units, deeds and sets there are."""
    tables: tuple[Any, ...] = (Party, Unit, Deed, AllocationSet)
    asked = (sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in tables)
    row = session().execute(sa.select(*asked)).one()
    return dict(zip(("parties", "units", "deeds", "sets"), row, strict=True))


def members_outside() -> list[Member]:
    """The members who are not in the register yet, by number."""
    here = sa.select(Party.member_id).where(Party.member_id.is_not(None))
    wanted = sa.select(Member).where(Member.id.not_in(here), Member.status != "left")
    return list(session().scalars(wanted.order_by(Member.identifier, Member.id).limit(MOST_OFFERED)))


def holds_on(deed: Deed, day: date) -> bool:
    """Whether a deed is in force on a day."""
    return deed.active and deed.starts_on <= day and (deed.ends_on is None or deed.ends_on >= day)
