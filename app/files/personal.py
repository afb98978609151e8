"""What this room holds of a member: the documents they added; and its sealed words."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.keys import open_for
from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.files.models import Document, DocumentRemoval
from app.files.queries import place

SEALED = (Sealed(Document, "title", place),)


def personal(member_id: uuid.UUID) -> Tables:
    """The documents they added, with their titles, and those they took away."""
    added = sa.select(Document.id).where(Document.recorded_by == member_id)
    gone = sa.or_(DocumentRemoval.recorded_by == member_id, DocumentRemoval.document_id.in_(added))
    return {
        "document": rows_of(Document, Document.recorded_by == member_id, words={"title": _title}),
        "document_removal": rows_of(DocumentRemoval, gone),
    }


def _title(row: Any) -> str | None:
    return open_for(row.group_id, row.title, place(row.id))
