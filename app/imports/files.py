"""Uploaded files: kept sealed until they are confirmed or put aside, and what happened to them."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.crypto import open_sealed, seal
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import key_of, seal_for
from app.imports.errors import ImportOver, NoSuchImport
from app.imports.models import ImportContent, ImportEvent, ImportFile
from app.imports.readers import check
from app.savings.windows import lock_windows

PREVIEWED, ASKED, CONFIRMED, ABANDONED = "previewed", "asked", "confirmed", "abandoned"
OPEN = (PREVIEWED, ASKED)
KEPT = timedelta(days=2)  # how long a preview nobody came back to is kept
LONGEST_NAME = 120


@dataclass(frozen=True)
class Told:
    """A file with its name and what happened to it last."""

    file: ImportFile
    name: str
    event: ImportEvent

    @property
    def state(self) -> str:
        """previewed, asked, confirmed or abandoned."""
        return self.event.state


def upload(
    *,
    kind: str,
    name: str,
    data: bytes,
    by: uuid.UUID,
    key: str,
    cash_account_id: uuid.UUID | None = None,
    options: Mapping[str, Any] | None = None,
) -> ImportFile:
    """Keep a file for its preview, once for each key. Raises an UnreadableFile when it is not such a table."""
    if (found := _by_key(key)) is not None:
        return found
    reading = check(kind, data, cash_account_id)
    lock_windows()  # reading takes long enough for a second press: only one of them may look and keep
    if (found := _by_key(key)) is not None:
        return found
    row = ImportFile(
        id=new_id(),
        kind=kind,
        digest=hashlib.sha256(data).digest(),
        options=dict(options or {}) | reading,
        cash_account_id=cash_account_id,
        idempotency_key=key,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    here = session().group_id
    row.name = seal_for(here, name.strip()[-LONGEST_NAME:] or "-", place(row.id))
    session().add(row)
    session().flush()
    sealed = seal(key_of(here), data, f"import_content|{row.id}|sealed")
    session().add(ImportContent(file_id=row.id, sealed=sealed))
    _happened(row, PREVIEWED, by=by, number=1)
    return row


def _by_key(key: str) -> ImportFile | None:
    return session().scalar(sa.select(ImportFile).where(ImportFile.idempotency_key == key))


def told(file_id: uuid.UUID) -> Told:
    """A file of this group. Raises NoSuchImport."""
    found = _told(sa.select(ImportFile).where(ImportFile.id == file_id))
    if not found:
        raise NoSuchImport
    return found[0]


def latest(count: int = 20) -> list[Told]:
    """The files uploaded last, the newest first."""
    return _told(sa.select(ImportFile).order_by(ImportFile.id.desc()).limit(count))


def confirmed_before(file: ImportFile) -> Told | None:
    """The same bytes, confirmed earlier for the same thing."""
    same = sa.select(ImportFile).where(
        ImportFile.digest == file.digest, ImportFile.kind == file.kind, ImportFile.id != file.id
    )
    if file.cash_account_id is not None:
        same = same.where(ImportFile.cash_account_id == file.cash_account_id)
    return next((found for found in _told(same) if found.state == CONFIRMED), None)


def _told(wanted: sa.Select[ImportFile]) -> list[Told]:
    rows = session().scalars(wanted).all()
    events = session().scalars(
        sa.select(ImportEvent).where(ImportEvent.file_id.in_([row.id for row in rows])).order_by(ImportEvent.number)
    )
    last = {event.file_id: event for event in events}
    if not rows:
        return []
    key = key_of(session().group_id)
    return [Told(row, open_sealed(key, row.name, place(row.id)).decode(), last[row.id]) for row in rows]


def place(file_id: uuid.UUID) -> str:
    """What the sealed name of a file is bound to."""
    return f"import_file|{file_id}|name"


def content_of(file: ImportFile) -> bytes:
    """What is in it. Raises ImportOver once it was confirmed or put aside."""
    kept = session().scalar(sa.select(ImportContent).where(ImportContent.file_id == file.id))
    if kept is None:
        raise ImportOver
    return open_sealed(key_of(file.group_id), kept.sealed, f"import_content|{file.id}|sealed")


def confirmed(file: ImportFile, result: Mapping[str, Any], *, by: uuid.UUID | None, forget: bool = True) -> None:
    """Say that a file was imported; its bytes are no longer needed, unless the work goes on in the background."""
    _happened(file, CONFIRMED, by=by, result=result)
    if forget:
        forget_content(file)
    record("import", "import_file", file.id, by=by, after={"kind": file.kind, **result}, severity="notice")


def asked(file: ImportFile, request_id: uuid.UUID | None, *, by: uuid.UUID) -> None:
    """Say that a second person must approve it."""
    _happened(file, ASKED, by=by, result={"request_id": str(request_id)})


def abandon(file_id: uuid.UUID, *, by: uuid.UUID | None) -> None:
    """Put a preview aside and forget what was in it. Raises NoSuchImport, ImportOver."""
    found = told(file_id)
    if found.state not in OPEN:
        raise ImportOver
    _happened(found.file, ABANDONED, by=by)
    forget_content(found.file)


def abandon_left(now: datetime) -> None:
    """What the clock does: previews nobody came back to are put aside."""
    old = _told(
        sa.select(ImportFile)
        .join(ImportContent, sa.and_(ImportContent.file_id == ImportFile.id))
        .where(ImportFile.uploaded_at < now - KEPT)
    )
    for found in old:
        if found.state == PREVIEWED:
            abandon(found.file.id, by=None)


def forget_content(file: ImportFile) -> None:
    """Delete the bytes."""
    session().flush()
    session().execute(sa.delete(ImportContent).where(ImportContent.file_id == file.id))


def _happened(
    file: ImportFile,
    state: str,
    *,
    by: uuid.UUID | None,
    result: Mapping[str, Any] | None = None,
    number: int | None = None,
) -> None:
    if number is None:
        before = sa.select(sa.func.max(ImportEvent.number)).where(ImportEvent.file_id == file.id)
        number = (session().scalar(before) or 0) + 1
    session().add(
        ImportEvent(
            id=new_id(),
            file_id=file.id,
            number=number,
            state=state,
            result=dict(result or {}),
            recorded_by=by,
            recorded_at=clock.now(),
        )
    )
    session().flush()


def uploaders(files: Sequence[Told]) -> list[uuid.UUID | None]:
    """Who uploaded them, for their names."""
    return [found.file.uploaded_by for found in files]
