"""What imported files hold of a member."""

import uuid
from dataclasses import asdict
from typing import Any

from app.core.keys import open_for
from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.imports import files, line_texts
from app.imports.models import ImportedLine, ImportFile

SEALED = (
    Sealed(ImportedLine, "sealed", line_texts.place, subject="subject_id"),
    Sealed(ImportFile, "name", files.place),
)


def personal(member_id: uuid.UUID) -> Tables:
    """The lines of statements that the member paid, and the files that the member gave us."""
    return {
        "statement_line": rows_of(ImportedLine, ImportedLine.subject_id == member_id, words={"printed": _printed}),
        "import_file": rows_of(ImportFile, ImportFile.uploaded_by == member_id, words={"name": _name}),
    }


def _printed(row: ImportedLine) -> dict[str, Any]:
    return asdict(line_texts.texts_of([row])[row.id])


def _name(row: ImportFile) -> str | None:
    return open_for(row.group_id, row.name, files.place(row.id))
