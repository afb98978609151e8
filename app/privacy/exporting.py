"""A copy of everything held of a person: asked for, made by a worker, sealed, given out to them alone, removed."""

import io
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.audit.log import record
from app.auth import events, queries
from app.core import clock, mail
from app.core.db import platform, session, transaction
from app.core.exports import csv_bytes, json_bytes
from app.core.ids import new_id
from app.core.keys import ring
from app.core.outbox import later_for_person
from app.core.rooms import Tables, rooms
from app.groups.queries import Membership, memberships
from app.privacy.errors import NoSuchExport
from app.privacy.models import DataExport
from app.privacy.rules import EXPORT_KEPT

MAKE, REMOVE = "privacy.make_export", "privacy.remove_export"


def ask(*, user_id: uuid.UUID) -> DataExport:
    """Ask for a copy; while one is being made, that one is found again."""
    values = {"id": new_id(), "user_id": user_id, "asked_at": clock.now()}
    made = postgresql.insert(DataExport).values(values).on_conflict_do_nothing().returning(DataExport.id)
    is_new = platform().connection().execute(made).scalar() is not None
    waiting = sa.select(DataExport).where(DataExport.user_id == user_id, _in_progress())
    row = platform().scalars(waiting).one()
    if is_new:
        events.record("export_asked", user_id=user_id, severity="notice")
        later_for_person(MAKE, key=f"{MAKE}:{row.id}", export_id=str(row.id))
    return row


def _in_progress() -> sa.ColumnElement[bool]:
    return sa.and_(DataExport.ready_at.is_(None), DataExport.removed_at.is_(None))


def make(*, export_id: str) -> None:
    """Make the copy, seal it, and tell the person; the handler of `privacy.make_export`."""
    row = platform().get(DataExport, uuid.UUID(export_id), with_for_update=True)
    if row is None or row.ready_at or row.removed_at:
        return
    account = queries.account(row.user_id)
    content = packed(account.id)
    row.sealed, row.size = ring().seal(content, _place(row.id)), len(content)
    row.ready_at, row.expires_at = clock.now(), clock.now() + EXPORT_KEPT
    platform().flush()
    later_for_person(REMOVE, key=f"{REMOVE}:{row.id}", due=row.expires_at, export_id=export_id)
    mail.queue_for_person(
        key=f"privacy:export:{row.id}",
        user_id=account.id,
        to=account.email,
        template="privacy_export_ready",
        data={"name": account.name, "days": EXPORT_KEPT.days},
        locale=account.locale,
    )


def packed(user_id: uuid.UUID) -> bytes:
    """The copy as a ZIP file: what is held outside the groups, and a folder for each group."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as folder:
        _write(folder, "account", _of_person(user_id))
        with transaction(user_id=user_id):
            places = memberships(user_id)
            told = [(place, place.group.slug, place.group.id) for place in places]
        for place, slug, group_id in told:
            with transaction(user_id=user_id, group_id=group_id):
                _write(folder, f"groups/{slug}", _of_member(place))
    return target.getvalue()


def _of_person(user_id: uuid.UUID) -> Tables:
    return _merged([room.personal_of_user(user_id) for room in rooms() if room.personal_of_user is not None])


def _of_member(place: Membership) -> Tables:
    record("export", "member", place.member_id, by=place.member_id, severity="notice")
    return of_member(place.member_id)


def of_member(member_id: uuid.UUID) -> Tables:
    """Every room's tables of a member of the chosen group."""
    session().flush()
    return _merged([room.personal(member_id) for room in rooms() if room.personal is not None])


def _merged(parts: Sequence[Tables]) -> Tables:
    return {name: rows for part in parts for name, rows in part.items()}


def _write(folder: zipfile.ZipFile, name: str, tables: Tables) -> None:
    folder.writestr(f"{name}.json", json_bytes(tables))
    for table, rows in tables.items():
        if rows:
            header = list(rows[0])
            folder.writestr(f"{name}/{table}.csv", csv_bytes(header, [[_cell(row[h]) for h in header] for row in rows]))


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping | list | tuple):
        return json_bytes(value).decode().strip()
    return str(value).lower() if isinstance(value, bool) else value


def exports_of(user_id: uuid.UUID) -> Sequence[DataExport]:
    """The copies being made or ready, the latest first."""
    now = clock.now()
    there = sa.or_(DataExport.expires_at.is_(None), DataExport.expires_at > now)
    wanted = sa.select(DataExport).where(DataExport.user_id == user_id, DataExport.removed_at.is_(None), there)
    return platform().scalars(wanted.order_by(DataExport.asked_at.desc())).all()


def find(*, user_id: uuid.UUID, export_id: uuid.UUID) -> DataExport:
    """A copy of the person's own that can be given out. Raises NoSuchExport for anybody else's, or one that is gone."""
    row = platform().get(DataExport, export_id)
    if row is None or row.user_id != user_id or row.sealed is None or row.removed_at:
        raise NoSuchExport
    if row.expires_at is None or row.expires_at <= clock.now():
        raise NoSuchExport
    return row


def content(*, user_id: uuid.UUID, export_id: uuid.UUID) -> bytes:
    """The ZIP file, for the person it is about. Raises NoSuchExport."""
    row = find(user_id=user_id, export_id=export_id)
    events.record("export_downloaded", user_id=user_id, severity="notice")
    return ring().open(row.sealed or b"", _place(row.id))


def remove(*, export_id: str) -> None:
    """Remove a copy whose week is over; the handler of `privacy.remove_export`."""
    row = platform().get(DataExport, uuid.UUID(export_id))
    if row is not None and row.removed_at is None:
        row.sealed, row.removed_at = None, clock.now()


def _place(export_id: uuid.UUID) -> str:
    return f"data_export|{export_id}|sealed"
