"""Sets of deeds that costs are shared out over: making and naming them, putting deeds in and taking them out."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.groups.services.members import lock_group
from app.registry.errors import SetNameTaken
from app.registry.models import AllocationSet, AllocationSetDeed
from app.registry.once import said_the_same
from app.registry.queries import deed_row, set_row
from app.registry.rules import LONGEST_SET_NAME, name_of


def make_set(*, name: str, by: uuid.UUID | None, key: str, deeds: Collection[uuid.UUID] = ()) -> AllocationSet:
    """Make a set, once for each key. Raises NameMissing, SetNameTaken, NoSuchDeed, SentOtherwise."""
    lock_group()
    if (found := session().scalar(sa.select(AllocationSet).where(AllocationSet.idempotency_key == key))) is not None:
        return said_the_same(found, name=name_of(name, longest=LONGEST_SET_NAME))
    row = AllocationSet(id=new_id(), name=_free(name, None), active=True, idempotency_key=key, recorded_by=by)
    session().add(row)
    session().flush()
    record("create", "allocation_set", row.id, by=by, after={"name": row.name})
    for deed_id in deeds:
        put_deed(row.id, deed_id, by=by)
    return row


def edit_set(set_id: uuid.UUID, *, name: str, active: bool, by: uuid.UUID) -> AllocationSet:
    """Call a set otherwise, put it aside or take it up again. Raises NoSuchSet, NameMissing, SetNameTaken."""
    lock_group()
    row = set_row(set_id)
    before = {"name": row.name, "active": row.active}
    row.name, row.active = _free(name, row.id), active
    session().flush()
    record("update", "allocation_set", row.id, by=by, before=before, after={"name": row.name, "active": active})
    return row


def put_deed(set_id: uuid.UUID, deed_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Put a deed into a set; there already, nothing happens. Raises NoSuchSet, NoSuchDeed."""
    lock_group()
    set_row(set_id)
    deed_row(deed_id)
    if session().scalar(sa.select(AllocationSetDeed.id).where(*_pair(set_id, deed_id))) is not None:
        return
    session().add(AllocationSetDeed(id=new_id(), set_id=set_id, deed_id=deed_id))
    session().flush()
    record("update", "allocation_set", set_id, by=by, before={"deed": None}, after={"deed": deed_id})


def take_deed(set_id: uuid.UUID, deed_id: uuid.UUID, *, by: uuid.UUID) -> None:
    """Take a deed out of a set; not there, nothing happens. Raises NoSuchSet, NoSuchDeed."""
    lock_group()
    set_row(set_id)
    deed_row(deed_id)
    found = session().scalar(sa.select(AllocationSetDeed).where(*_pair(set_id, deed_id)))
    if found is not None:
        session().delete(found)
        session().flush()
        record("update", "allocation_set", set_id, by=by, before={"deed": deed_id}, after={"deed": None})


def sets_of(deed_id: uuid.UUID) -> list[uuid.UUID]:
    """The sets that a deed belongs to."""
    return list(session().scalars(sa.select(AllocationSetDeed.set_id).where(AllocationSetDeed.deed_id == deed_id)))


def _pair(set_id: uuid.UUID, deed_id: uuid.UUID) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return AllocationSetDeed.set_id == set_id, AllocationSetDeed.deed_id == deed_id


def _free(text: str, own: uuid.UUID | None) -> str:
    name = name_of(text, longest=LONGEST_SET_NAME)
    same = sa.select(AllocationSet.id).where(sa.func.lower(AllocationSet.name) == name.lower())
    if session().scalar(same if own is None else same.where(AllocationSet.id != own)) is not None:
        raise SetNameTaken(field="name", name=name)
    return name
