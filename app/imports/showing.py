"""What this room shows on pages of others: the dashboard, the first steps, jobs, and the pages of its records."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Figure, Section
from app.groups.access import may
from app.groups.models import Member
from app.imports import files, queries
from app.imports.models import LineAllocation


def dashboard() -> Sequence[Section]:
    """How many lines of statements are to allocate, for those who do it; nothing when there is none."""
    if not may("imports.run"):
        return ()
    count, amount = queries.open_count()
    if not count:
        return ()
    url = url_for("imports.to_allocate")
    figures = (
        Figure(_("Lines to allocate"), count, url, money=False),
        Figure(_("Moved by them"), amount, url),
    )
    return (Section(_("Statements"), figures, order=40),)


def first_steps() -> Sequence[tuple[Any, bool, str]]:
    """Bringing in the members."""
    if not may("imports.run"):
        return ()
    here = session().scalar(sa.select(sa.func.count()).select_from(Member)) or 0
    return ((_("Import your members"), here > 1, url_for("imports.upload_new", kind="members")),)


def job_words(*, file_id: str, **_payload: Any) -> str:
    """What a long import is about."""
    return str(_("Import of %(file)s", file=files.told(uuid.UUID(file_id)).name))


def _allocation_page(allocation_id: uuid.UUID) -> str:
    line_id = session().scalar(sa.select(LineAllocation.line_id).where(LineAllocation.id == allocation_id))
    return url_for("imports.line", line_id=line_id or allocation_id)


RECORDS: Mapping[str, Callable[[uuid.UUID], str]] = {
    "import_file": lambda id_: url_for("imports.preview", file_id=id_),
    "statement_line": lambda id_: url_for("imports.line", line_id=id_),
    "line_allocation": _allocation_page,
}
