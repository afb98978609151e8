"""Shapes of documents."""

import uuid
from typing import Annotated

from pydantic import Field

from app.files.queries import Line
from app.files.rules import LONGEST_TITLE, FileType
from app.web.api.shapes import Moment, Shape, Text

Title = Annotated[Text, Field(max_length=LONGEST_TITLE)]


class DocumentIn(Shape):
    """What a document is called; without a title as its file is."""

    title: Title | None = None


class DocumentOut(Shape):
    """A document of a record. `size` is in bytes, `sha256` of the content in hexadecimal."""

    id: uuid.UUID
    record_kind: str
    record_id: uuid.UUID
    title: str
    type: FileType
    size: int
    sha256: str
    recorded_by: uuid.UUID | None
    recorded_by_name: str | None
    recorded_at: Moment


def document_out(line: Line) -> DocumentOut:
    """A document as it is told."""
    row = line.document
    return DocumentOut(
        id=row.id,
        record_kind=row.entity_kind,
        record_id=row.entity_id,
        title=line.title,
        type=line.type,
        size=row.size,
        sha256=row.digest.hex(),
        recorded_by=row.recorded_by,
        recorded_by_name=line.by,
        recorded_at=row.recorded_at,
    )
