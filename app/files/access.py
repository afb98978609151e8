"""Who may read the documents of a record, and who may add to them: decided by the room that the record belongs to."""

import uuid

from flask import url_for

from app.core.rooms import rooms
from app.files import queries
from app.files.errors import NoSuchDocument
from app.files.queries import Entity, Line
from app.groups.access import may

ADD = "money.record"


def readable(entity: Entity) -> Entity:
    """The same record, when whoever asks may read its documents; for everybody else there is none.

    Raises NoSuchDocument, or the NotFound of the room.
    """
    for room in rooms():
        if entity[0] in room.documents:
            if not may(room.documents[entity[0]](entity[1])):
                break
            return entity
    raise NoSuchDocument


def readable_document(document_id: uuid.UUID) -> Line:
    """A document that whoever asks may read. Raises NoSuchDocument."""
    line = queries.document(document_id)
    readable((line.document.entity_kind, line.document.entity_id))
    return line


def documents_of(kind: str, record_id: uuid.UUID) -> list[Line]:
    """The documents of a record whose page one sees, for its template."""
    return queries.of((kind, record_id))


def page_of(entity: Entity) -> str:
    """The page of a record, where its documents are shown."""
    for room in rooms():
        if entity[0] in room.records:
            return room.records[entity[0]](entity[1])
    return url_for("files.document_new", kind=entity[0], record_id=entity[1])
