"""Deeds: entering one, saying who answers for it, ending it, passing it on, withdrawing what was mistyped."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.groups.services.members import lock_group
from app.registry.errors import (
    DaysBackwards,
    DeedEnded,
    DeedsOverlap,
    NoOwners,
    NoSuchParty,
    OwnerTwice,
    PartyInactive,
    SentOtherwise,
    UnitInactive,
)
from app.registry.models import Deed, DeedOwner
from app.registry.once import said_the_same
from app.registry.queries import PartyNamed, deed_row, owners_of, parties_named, unit_row
from app.registry.rules import Share, Usage, check_shares, meet, percent_of
from app.registry.sets import put_deed, sets_of


def make_deed(
    *,
    unit_id: uuid.UUID,
    owners: Sequence[Share],
    indiviso: Decimal,
    starts_on: date,
    by: uuid.UUID | None,
    key: str,
    responsible_id: uuid.UUID | None = None,
    usage: Usage = Usage.OWNER_OCCUPIED,
    ends_on: date | None = None,
    sets: Collection[uuid.UUID] = (),
) -> Deed:
    """Enter a deed, once for each key; who answers for it is its first owner unless another is named.

    Raises NoSuchUnit, UnitInactive, NoSuchParty, PartyInactive, NoOwners, OwnerTwice, BadPercent, SharesNotWhole,
    DaysBackwards, DeedsOverlap, NoSuchSet, SentOtherwise.
    """
    lock_group()
    if (found := session().scalar(sa.select(Deed).where(Deed.idempotency_key == key))) is not None:
        return _same(found, owners, unit_id=unit_id, indiviso=indiviso, starts_on=starts_on)
    _check_owners(owners, responsible_id)
    percent_of(indiviso, field="indiviso", zero=True)
    _check_days(unit_id, starts_on, ends_on)
    row = Deed(
        id=new_id(),
        unit_id=unit_id,
        responsible_party_id=responsible_id or owners[0].party_id,
        indiviso=indiviso,
        usage=usage.value,
        starts_on=starts_on,
        ends_on=ends_on,
        active=True,
        idempotency_key=key,
        recorded_by=by,
    )
    return _kept(row, owners, sets, by=by)


def _same(found: Deed, owners: Sequence[Share], **told: Any) -> Deed:
    before = {one.party_id: one.share for one in owners_of([found.id]).get(found.id, ())}
    if before != {one.party_id: one.share for one in owners}:
        raise SentOtherwise
    return said_the_same(found, **told)


def _kept(row: Deed, owners: Sequence[Share], sets: Collection[uuid.UUID], *, by: uuid.UUID | None) -> Deed:
    session().add(row)
    session().flush()
    session().add_all(DeedOwner(id=new_id(), deed_id=row.id, party_id=one.party_id, share=one.share) for one in owners)
    session().flush()
    for set_id in sets:
        put_deed(set_id, row.id, by=by)
    record("create", "deed", row.id, by=by, after=_told(row, owners))
    return row


def _told(row: Deed, owners: Sequence[Share]) -> dict[str, object]:
    names = ("unit_id", "responsible_party_id", "indiviso", "usage", "starts_on", "ends_on", "active")
    shares = {str(one.party_id): str(one.share) for one in owners}
    return {name: getattr(row, name) for name in names} | {"owners": shares}


def _check_owners(owners: Sequence[Share], responsible_id: uuid.UUID | None) -> None:
    if not owners:
        raise NoOwners(field="owners")
    people = taking_part({one.party_id for one in owners} | ({responsible_id} if responsible_id else set()))
    seen: set[uuid.UUID] = set()
    for one in owners:
        if one.party_id in seen:
            raise OwnerTwice(field="owners", party=people[one.party_id].name)
        seen.add(one.party_id)
    check_shares(owners)


def taking_part(party_ids: Collection[uuid.UUID], *, field: str = "owners") -> dict[uuid.UUID, PartyNamed]:
    """These parties by id. Raises NoSuchParty, PartyInactive."""
    people = dict(parties_named(party_ids))
    for party_id in party_ids:
        if party_id not in people:
            raise NoSuchParty
        if not people[party_id].active:
            raise PartyInactive(field=field, party=people[party_id].name)
    return people


def _check_days(unit_id: uuid.UUID, starts_on: date, ends_on: date | None) -> None:
    unit = unit_row(unit_id)
    if not unit.active:
        raise UnitInactive(field="unit", unit=unit.code)
    if ends_on is not None and ends_on < starts_on:
        raise DaysBackwards(field="ends_on")
    others = session().scalars(sa.select(Deed).where(Deed.unit_id == unit_id, Deed.active))
    for other in others:
        month = meet((starts_on, ends_on), (other.starts_on, other.ends_on))
        if month is not None:
            raise DeedsOverlap(field="starts_on", unit=unit.code, month=month)


def end_deed(deed_id: uuid.UUID, *, on: date, by: uuid.UUID) -> Deed:
    """Say which day is the last of a deed. Raises NoSuchDeed, DeedEnded, DaysBackwards."""
    lock_group()
    row = _open(deed_id)
    if on < row.starts_on:
        raise DaysBackwards(field="on")
    row.ends_on = on
    session().flush()
    record("update", "deed", row.id, by=by, before={"ends_on": None}, after={"ends_on": on})
    return row


def _open(deed_id: uuid.UUID) -> Deed:
    row = deed_row(deed_id)
    session().refresh(row)
    if not row.active or row.ends_on is not None:
        raise DeedEnded
    return row


def pass_on(
    deed_id: uuid.UUID,
    *,
    owners: Sequence[Share],
    from_on: date,
    by: uuid.UUID,
    key: str,
    responsible_id: uuid.UUID | None = None,
    usage: Usage | None = None,
) -> Deed:
    """A sale: the deed ends the day before, another begins with the same weight in the same sets.

    Raises what `end_deed` and `make_deed` raise.
    """
    lock_group()
    if (found := session().scalar(sa.select(Deed).where(Deed.idempotency_key == key))) is not None:
        return _same(found, owners, starts_on=from_on)
    old = _open(deed_id)
    if from_on <= old.starts_on:
        raise DaysBackwards(field="from_on")
    end_deed(deed_id, on=from_on - timedelta(days=1), by=by)
    return make_deed(
        unit_id=old.unit_id,
        owners=owners,
        indiviso=old.indiviso,
        starts_on=from_on,
        by=by,
        key=key,
        responsible_id=responsible_id,
        usage=usage or Usage(old.usage),
        sets=sets_of(old.id),
    )


def edit_deed(deed_id: uuid.UUID, *, responsible_id: uuid.UUID, usage: Usage, by: uuid.UUID) -> Deed:
    """Say who answers for a deed and what its unit is used for. Raises NoSuchDeed, NoSuchParty, PartyInactive."""
    lock_group()
    row = deed_row(deed_id)
    if responsible_id != row.responsible_party_id:
        taking_part({responsible_id}, field="responsible")
    before = {"responsible_party_id": row.responsible_party_id, "usage": row.usage}
    row.responsible_party_id, row.usage = responsible_id, usage.value
    session().flush()
    after = {"responsible_party_id": responsible_id, "usage": usage.value}
    record("update", "deed", row.id, by=by, before=before, after=after)
    return row


def withdraw_deed(deed_id: uuid.UUID, *, by: uuid.UUID) -> Deed:
    """Put a mistyped deed aside: it counts for no month. Withdrawn already, it stays so. Raises NoSuchDeed."""
    lock_group()
    row = deed_row(deed_id)
    session().refresh(row)
    if row.active:
        row.active = False
        session().flush()
        record("withdraw", "deed", row.id, by=by, severity="notice")
    return row
