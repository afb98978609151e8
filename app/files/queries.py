"""Reads of documents, each with its words opened."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.db import session
from app.core.keys import open_for
from app.files.errors import NoSuchDocument
from app.files.models import Document, DocumentRemoval
from app.files.rules import FileType, given_name
from app.groups.queries import names

Entity = tuple[str, uuid.UUID]  # the kind and the id of the record that documents hang on


@dataclass(frozen=True)
class Line:
    """A document with what it is called and who added it."""

    document: Document
    title: str
    by: str | None

    @property
    def type(self) -> FileType:
        """What it is."""
        return FileType(self.document.type)

    @property
    def name(self) -> str:
        """The name it is given out under."""
        return given_name(self.title, self.type)


def place(row_id: uuid.UUID) -> str:
    """What a sealed title is bound to."""
    return f"document|{row_id}|title"


def kept() -> sa.ColumnElement[bool]:
    """Which documents are there: not taken away."""
    return Document.id.not_in(sa.select(DocumentRemoval.document_id))


def of(entity: Entity) -> list[Line]:
    """The documents of a record, the latest first."""
    wanted = sa.select(Document).where(Document.entity_kind == entity[0], Document.entity_id == entity[1], kept())
    return _lines(session().scalars(wanted.order_by(Document.recorded_at.desc(), Document.id.desc())).all())


def document(document_id: uuid.UUID) -> Line:
    """One that is there. Raises NoSuchDocument."""
    return _lines(session().scalars(sa.select(Document).where(Document.id == document_id, kept())).all() or _none())[0]


def _none() -> Sequence[Document]:
    raise NoSuchDocument


def under(key: str) -> Document | None:
    """The document that was added under a key."""
    return session().scalar(sa.select(Document).where(Document.idempotency_key == key))


def every() -> list[Line]:
    """All that are there, in the order in which they were added."""
    return _lines(session().scalars(sa.select(Document).where(kept()).order_by(Document.id)).all())


def was_taken_away(document_id: uuid.UUID) -> bool:
    """Whether a document was there and is no more."""
    gone = sa.select(DocumentRemoval.id).where(DocumentRemoval.document_id == document_id)
    return session().scalar(gone) is not None


def kept_ids() -> set[uuid.UUID]:
    """Every document that is there."""
    return set(session().scalars(sa.select(Document.id).where(kept())))


def _lines(rows: Sequence[Document]) -> list[Line]:
    known, here = names([row.recorded_by for row in rows]), session().group_id
    opened = {row.id: open_for(here, row.title, place(row.id)) or "" for row in rows}
    return [Line(row, opened[row.id], known.get(row.recorded_by) if row.recorded_by else None) for row in rows]
