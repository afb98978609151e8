"""Keeping a document, opening it, taking it away, and sweeping up what an interrupted one left."""

import contextlib
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.datastructures import FileStorage

from app.audit.log import record
from app.core.crypto import CannotOpen, open_sealed, seal
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import key_of, seal_for
from app.core.outbox import later
from app.files import queries, shelf
from app.files.errors import DocumentLost, SentTwice
from app.files.models import Document, DocumentRemoval
from app.files.queries import Entity, Line
from app.files.rules import LONGEST_TITLE, MOST, title_of, type_of
from app.groups.services.members import lock_group

DESTROY = "files.destroy"
LEFT_FOR = timedelta(hours=6)  # by then whoever was writing has committed or died


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it: what they call it, and what is in it."""

    name: str
    content: bytes

    @classmethod
    def of(cls, given: FileStorage) -> "Upload":
        """What came with a form; of one that is too large no more is read than shows it."""
        with contextlib.closing(given):
            return cls(given.filename or "", given.stream.read(MOST + 1))


def keep(*, entity: Entity, upload: Upload, title: str | None = None, by: uuid.UUID | None, key: str) -> Document:
    """Add a document to a record, once for each key; sealed with the group's key, and on the disk before the row.

    Without a title it is called as the file is. The caller has checked that `by` may. Raises EmptyFile, FileTooLarge,
    UnknownFile, HasMacros, NameDiffers; SentTwice when the key was used for something else.
    """
    kind, digest = type_of(upload.name, upload.content), hashlib.sha256(upload.content).digest()
    lock_group()  # of two presses at one moment the second finds the first
    if (found := queries.under(key)) is not None:
        if (found.entity_kind, found.entity_id, found.digest) != (*entity, digest):
            raise SentTwice
        return found
    row = Document(
        id=new_id(),
        entity_kind=entity[0],
        entity_id=entity[1],
        type=kind.value,
        size=len(upload.content),
        digest=digest,
        idempotency_key=key,
        recorded_by=by,
    )
    here = session().group_id
    called = " ".join((title or "").split())[:LONGEST_TITLE] or title_of(upload.name) or kind.value.upper()
    row.title = seal_for(here, called, queries.place(row.id))
    shelf.put(row.id, seal(key_of(here), upload.content, _place(row.id)))
    session().add(row)
    session().flush()
    record("create", "document", row.id, by=by, after={"title": called, "type": kind.value, "size": row.size})
    return row


def content_of(line: Line) -> bytes:
    """What is in it, opened and compared with what was added. Raises DocumentLost."""
    row = line.document
    try:
        content = open_sealed(key_of(row.group_id), shelf.get(row.id), _place(row.id))
    except CannotOpen as error:
        raise DocumentLost from error
    if hashlib.sha256(content).digest() != row.digest:
        raise DocumentLost
    return content


def take_away(document_id: uuid.UUID, *, by: uuid.UUID) -> DocumentRemoval:
    """Take a document away: its content is destroyed at once afterwards, that it was there is kept.

    Raises NoSuchDocument.
    """
    lock_group()
    line = queries.document(document_id)
    row = DocumentRemoval(id=new_id(), document_id=line.document.id, recorded_by=by)
    session().add(row)
    session().flush()
    record("delete", "document", line.document.id, by=by, before={"title": line.title}, severity="notice")
    later(DESTROY, key=f"{DESTROY}:{line.document.id}", document_id=str(line.document.id))
    return row


def destroy(*, document_id: str) -> None:
    """Destroy the content of a document that was taken away; the handler of `files.destroy`."""
    gone = uuid.UUID(document_id)
    if queries.was_taken_away(gone):
        shelf.drop(shelf.folder() / gone.hex)


def sweep(now: datetime) -> None:
    """Destroy contents without a document, each group's: what a crash left, and what was taken away."""
    shelf.sweep(queries.kept_ids(), before=now - LEFT_FOR)


def _place(document_id: uuid.UUID) -> str:
    return f"document|{document_id}|content"
