"""Reads of the register for every room: parties by name, units, and the deeds in force in a month."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.groups.models import Member
from app.groups.queries import group
from app.registry.details import details_of_all
from app.registry.errors import NoDeed, NoSuchDeed, NoSuchParty, NoSuchSet, NoSuchUnit
from app.registry.models import AllocationSet, AllocationSetDeed, Deed, DeedOwner, Party, Unit
from app.registry.rules import Share


@dataclass(frozen=True)
class PartyNamed:
    """A party as other rooms show it: its code, what it is called, and what of it matters for tax."""

    id: uuid.UUID
    code: str
    name: str
    kind: str
    professional: bool
    family_count: int
    member_id: uuid.UUID | None
    is_group: bool
    active: bool


@dataclass(frozen=True)
class DeedStanding:
    """A deed in force, with what dues and votes ask of it."""

    id: uuid.UUID
    unit_id: uuid.UUID
    unit_code: str
    area: Decimal | None
    indiviso: Decimal
    usage: str
    responsible_id: uuid.UUID
    owners: Sequence[Share]


def party(party_id: uuid.UUID) -> Party:
    """A party of the group. Raises NoSuchParty."""
    found = session().scalar(sa.select(Party).where(Party.id == party_id))
    if found is None:
        raise NoSuchParty
    return found


def unit_row(unit_id: uuid.UUID) -> Unit:
    """A unit of the group. Raises NoSuchUnit."""
    found = session().scalar(sa.select(Unit).where(Unit.id == unit_id))
    if found is None:
        raise NoSuchUnit
    return found


def deed_row(deed_id: uuid.UUID) -> Deed:
    """A deed. Raises NoSuchDeed."""
    found = session().scalar(sa.select(Deed).where(Deed.id == deed_id))
    if found is None:
        raise NoSuchDeed
    return found


def set_row(set_id: uuid.UUID) -> AllocationSet:
    """A set of deeds. Raises NoSuchSet."""
    found = session().scalar(sa.select(AllocationSet).where(AllocationSet.id == set_id))
    if found is None:
        raise NoSuchSet
    return found


def naming() -> sa.Select[Any]:
    """Parties with the names of those that are members; `read_named` reads them."""
    wanted: Any = sa.select(Party, Member.display_name).outerjoin(Member, Member.id == Party.member_id)
    return wanted  # type: ignore[no-any-return]  # joins are not typed


def read_named(query: sa.Select[Any]) -> list[PartyNamed]:
    """Parties with what each is called."""
    own = group().name
    return [
        PartyNamed(
            row.id,
            row.code,
            row.name or member or own,
            row.kind,
            row.professional,
            row.family_count,
            row.member_id,
            row.is_group,
            row.active,
        )
        for row, member in session().execute(query)
    ]


def parties_named(party_ids: Collection[uuid.UUID | None]) -> Mapping[uuid.UUID, PartyNamed]:
    """These parties by id, in one read; what there is not is left out."""
    wanted = {party_id for party_id in party_ids if party_id}
    return {row.id: row for row in read_named(naming().where(Party.id.in_(wanted)))} if wanted else {}


def named(party_id: uuid.UUID) -> PartyNamed:
    """One party with its name. Raises NoSuchParty."""
    found = parties_named([party_id])
    if party_id not in found:
        raise NoSuchParty
    return found[party_id]


def parties_of_member(member_id: uuid.UUID) -> list[PartyNamed]:
    """What a member is in the register: one party, or none."""
    return read_named(naming().where(Party.member_id == member_id))


def emails_of(party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, uuid.UUID | None]]:
    """Where parties get their mail, with the member it is about: their own address here, else the member's."""
    rows = session().execute(
        sa.select(Party, Member.email).outerjoin(Member, Member.id == Party.member_id).where(Party.id.in_(party_ids))
    )
    emails = {row: email for row, email in rows}  # noqa: C416  # dict(rows) is not typed as one
    details = details_of_all(list(emails))
    found = {row.id: (details[row.id].get("email") or email or "", row.member_id) for row, email in emails.items()}
    return {party_id: told for party_id, told in found.items() if told[0]}


def active_parties() -> list[PartyNamed]:
    """Every party that takes part, by code, for a choice."""
    return read_named(naming().where(Party.active).order_by(Party.code, Party.id))


def active_units() -> list[Unit]:
    """Every unit that takes part, by code, for a choice."""
    return list(session().scalars(sa.select(Unit).where(Unit.active).order_by(Unit.code, Unit.id)))


def units_with(unit_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Unit]:
    """These units by id."""
    return {row.id: row for row in session().scalars(sa.select(Unit).where(Unit.id.in_(unit_ids)))}


def in_force_on(day: date) -> sa.ColumnElement[bool]:
    """Deeds that were not withdrawn and hold on a day."""
    return sa.and_(Deed.active, Deed.starts_on <= day, sa.or_(Deed.ends_on.is_(None), Deed.ends_on >= day))


def deeds_in_force(first_of_month: date, set_id: uuid.UUID | None = None) -> list[DeedStanding]:
    """The deeds in force on a day, of a set or all, by code of their unit; always in two statements."""
    # Columns and no objects: of ten thousand deeds those would take most of the time.
    told = (Deed.id, Deed.unit_id, Unit.code, Unit.area, Deed.indiviso, Deed.usage, Deed.responsible_party_id)
    wanted: Any = sa.select(*told).join(Unit, Unit.id == Deed.unit_id)
    wanted = wanted.where(in_force_on(first_of_month)).order_by(Unit.code, Deed.id)
    if set_id is not None:
        inside = sa.select(AllocationSetDeed.deed_id).where(AllocationSetDeed.set_id == set_id)
        wanted = wanted.where(Deed.id.in_(inside))
    rows: Any = session().execute(wanted).all()
    owners = owners_of(sa.select(Deed.id).where(in_force_on(first_of_month)))
    return [
        DeedStanding(deed_id, unit_id, code, area, indiviso, usage, responsible_id, owners.get(deed_id, ()))
        for deed_id, unit_id, code, area, indiviso, usage, responsible_id in rows
    ]


def owners_of(deed_ids: sa.Select[Any] | Collection[uuid.UUID]) -> dict[uuid.UUID, list[Share]]:
    """The owners of deeds, the lower code first."""
    rows = session().execute(
        sa.select(DeedOwner.deed_id, DeedOwner.party_id, DeedOwner.share)
        .join(Party, Party.id == DeedOwner.party_id)
        .where(DeedOwner.deed_id.in_(deed_ids))
        .order_by(Party.code, Party.id)
    )
    found: dict[uuid.UUID, list[Share]] = {}
    for deed_id, party_id, share in rows:
        found.setdefault(deed_id, []).append(Share(party_id, share))
    return found


def group_party_id() -> uuid.UUID | None:
    """The party that is the group itself; None while it is in no register."""
    return session().scalar(sa.select(Party.id).where(Party.is_group))


def group_stands() -> bool:
    """Whether the group itself is in the register."""
    return group_party_id() is not None


def deed_of_unit(unit: Unit) -> Deed:
    """The latest deed of a unit that was not withdrawn. Raises NoDeed."""
    wanted = sa.select(Deed).where(Deed.unit_id == unit.id, Deed.active)
    found = session().scalar(wanted.order_by(Deed.starts_on.desc(), Deed.id.desc()).limit(1))
    if found is None:
        raise NoDeed(field="unit", unit=unit.code)
    return found
