"""The verbs of one statement: give it out so that anyone can check it, and put on record who read another's."""

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.rooms import Attachment
from app.groups.models import Member
from app.groups.queries import group
from app.ledgers.verification import verify_url
from app.statements import papers, queries
from app.statements.models import StatementIssued
from app.statements.rules import Statement
from app.web.i18n import speaking

KIND = "statement"


def issue(statement: Statement) -> str:
    """Keep that this statement was given out, once, and return the address at which anyone may check it."""
    row_id = _issued(statement) or _keep(statement)
    return verify_url(KIND, row_id.hex, statement.hash)


def _keep(statement: Statement) -> uuid.UUID:
    made = new_id()
    values = {
        "group_id": statement.group_id,
        "id": made,
        "member_id": statement.member_id,
        "first_on": statement.first,
        "last_on": statement.last,
        "hash": statement.hash,
        "issued_at": clock.now(),
    }
    session().connection().execute(insert(StatementIssued).values(values).on_conflict_do_nothing())
    return _issued(statement) or made  # that of another process, if it wrote the same at this moment


def _issued(statement: Statement) -> uuid.UUID | None:
    return session().scalar(
        sa.select(StatementIssued.id).where(
            StatementIssued.member_id == statement.member_id,
            StatementIssued.first_on == statement.first,
            StatementIssued.last_on == statement.last,
            StatementIssued.hash == statement.hash,
        )
    )


def holds(reference: str, hash: bytes) -> bool | None:  # noqa: A002  # it is the hash
    """Whether the books still say what a statement said; None when no such statement was given out."""
    try:
        row = queries.issued(uuid.UUID(reference), hash)
    except ValueError:
        return None
    if row is None:
        return None
    return queries.statement(row.member_id, row.first_on, row.last_on).hash == hash


def note_reading(member_id: uuid.UUID, *, by: Member, what: str, form: str) -> None:
    """Put on record that somebody looked at another member's statement or position; one's own is nobody's business."""
    if by.id != member_id:
        record("read", what, member_id, by=by.id, after={"form": form}, about=member_id)


def attachment(*, member_id: str, first: str, last: str, locale: str) -> Attachment:
    """The PDF that goes with a statement's mail, made from the books when it is sent."""
    member = queries.member(uuid.UUID(member_id))
    statement = queries.statement(member.id, date.fromisoformat(first), date.fromisoformat(last))
    address, here = issue(statement), group()
    with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
        return papers.as_pdf(statement, member, address)
