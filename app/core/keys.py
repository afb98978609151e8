"""A key for each person whose text stands in append-only rows, so that erasing a person is destroying a key."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import CannotOpen, KeyRing, new_data_key, open_sealed, seal
from app.core.db import session
from app.core.errors import Refused
from app.core.ids import new_id
from app.core.tenancy import Base, Tenant


class DataKey(Tenant, Base):
    """The key of one subject (a member, or the group itself) inside a group, wrapped by the key ring."""

    __tablename__ = "data_key"
    __table_args__ = (sa.UniqueConstraint("group_id", "subject_id"),)

    subject_id: Mapped[uuid.UUID]
    wrapped: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    destroyed_at: Mapped[datetime | None]


class KeyDestroyed(Refused):
    """The person was erased: what was sealed with that key is gone for good, and nothing is sealed with it again."""

    code = "person_erased"
    sentence = _("This person was erased. Nothing can be written about them any more.")
    permanent = True  # a job need not try again


def ring() -> KeyRing:
    """The key ring of this process."""
    found: KeyRing = current_app.extensions["key_ring"]
    return found


def _place(group_id: uuid.UUID, row_id: uuid.UUID) -> str:
    return f"data_key|{group_id}|{row_id}|wrapped"


def key_of(subject_id: uuid.UUID) -> bytes:
    """The data key of a member (or, by the group's own id, of the group), made at first use.

    Raises KeyDestroyed when the person was erased.
    """
    wanted = sa.select(DataKey).where(DataKey.subject_id == subject_id)
    row = session().scalar(wanted)
    if row is None:
        _make_key(subject_id)
        row = session().scalars(wanted).one()
    if row.wrapped is None:
        raise KeyDestroyed
    return ring().open(row.wrapped, _place(row.group_id, row.id))


def keys_of(subject_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes | None]:
    """The data keys of several subjects in one read, made where they are missing; None of whoever was erased."""
    wanted = set(subject_ids)
    found = {row.subject_id: row for row in _data_keys(wanted)}
    for subject_id in wanted - found.keys():
        _make_key(subject_id)
    if len(found) < len(wanted):
        found = {row.subject_id: row for row in _data_keys(wanted)}
    return {
        subject_id: ring().open(row.wrapped, _place(row.group_id, row.id)) if row.wrapped else None
        for subject_id, row in found.items()
    }


def _data_keys(subject_ids: Iterable[uuid.UUID]) -> Sequence[DataKey]:
    return session().scalars(sa.select(DataKey).where(DataKey.subject_id.in_(subject_ids))).all()


def _make_key(subject_id: uuid.UUID) -> None:
    row_id, group_id = new_id(), session().group_id
    wrapped = ring().seal(new_data_key(), _place(group_id, row_id))
    values = {"group_id": group_id, "id": row_id, "subject_id": subject_id, "wrapped": wrapped}
    made = (
        postgresql.insert(DataKey).values(values).on_conflict_do_nothing()
    )  # another request may make it at this moment
    session().connection().execute(made)


def seal_for(subject_id: uuid.UUID, text: str, place: str) -> bytes:
    """Seal a text with a person's key. `place` names table, row and column, so a copy elsewhere does not open.

    Raises KeyDestroyed when the person was erased.
    """
    return seal(key_of(subject_id), text.encode(), place)


def open_for(subject_id: uuid.UUID, sealed: bytes, place: str) -> str | None:
    """The text again, or None when the person was erased."""
    try:
        return open_sealed(key_of(subject_id), sealed, place).decode()
    except KeyDestroyed:
        return None


def seal_about(person_id: uuid.UUID, text: str, place: str) -> bytes:
    """Seal words about a person; once they were erased with the group's key: books are still corrected then.

    What is written afterwards can name nobody any more who could ask for it to be forgotten.
    """
    try:
        return seal_for(person_id, text, place)
    except KeyDestroyed:
        return seal_for(session().group_id, text, place)


def open_about(person_id: uuid.UUID, sealed: bytes, place: str) -> str | None:
    """What `seal_about` sealed; None of what was written about a person before they were erased."""
    try:
        return open_sealed(key_of(person_id), sealed, place).decode()
    except KeyDestroyed:
        return _opened_by_group(sealed, place)


def _opened_by_group(sealed: bytes, place: str) -> str | None:
    try:
        return open_for(session().group_id, sealed, place)
    except CannotOpen:
        return None
