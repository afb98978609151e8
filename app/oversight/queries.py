"""Reads of the audit log and of flags, each by an index."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEvent, AuditFlag, FlagAnswer
from app.core.db import session
from app.core.errors import NotFound
from app.core.keys import open_for
from app.core.rows import row_with
from app.groups.models import Member
from app.groups.queries import names
from app.oversight.rules import Search
from app.web.keyset import Cursor, Slice, slice_of


@dataclass(frozen=True)
class Said:
    """What somebody wrote, opened: a question or an answer."""

    text: str | None
    by: str | None
    at: datetime
    settles: bool = False


@dataclass(frozen=True)
class Flag:
    """A flag with its question and whether it is open."""

    row: AuditFlag
    question: Said
    is_open: bool
    answers: Sequence[Said] = ()


def events_page(search: Search, *, at: Cursor | None = None) -> Slice[AuditEvent]:
    """A page of the log, the latest first."""
    return slice_of(
        lambda statement: session().scalars(statement).all(),
        _filtered(search),
        by=(AuditEvent.at, AuditEvent.id),
        key=lambda event: (event.at, event.id),
        at=at,
        newest_first=True,
    )


def _filtered(search: Search) -> sa.Select[AuditEvent]:
    wanted = sa.select(AuditEvent)
    for column, value in (
        (AuditEvent.action, search.action),
        (AuditEvent.entity, search.entity),
        (AuditEvent.severity, search.severity),
        (AuditEvent.entity_id, search.record),
    ):
        if value:
            wanted = wanted.where(column == value)
    if search.since:
        wanted = wanted.where(AuditEvent.at >= search.since)
    if search.until:
        wanted = wanted.where(AuditEvent.at < search.until)
    if search.who:
        # Found first, so that the log is then read by the index on who did it.
        found = session().scalars(
            sa.select(Member.id).where(Member.display_name.icontains(search.who, autoescape=True))
        )
        wanted = wanted.where(AuditEvent.member_id.in_(found.all()))
    return wanted


def event(event_id: uuid.UUID) -> AuditEvent:
    """One event of the log. Raises NotFound."""
    return row_with(AuditEvent, event_id, NotFound)


def flags(*, only_open: bool = True, limit: int = 200) -> list[Flag]:
    """Flags, the latest first."""
    wanted = sa.select(AuditFlag, _is_open()).order_by(AuditFlag.raised_at.desc(), AuditFlag.id.desc())
    if only_open:
        wanted = wanted.where(_is_open())
    return _opened(session().execute(wanted.limit(limit)).all())


def flags_page(*, only_open: bool = True, record: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[Flag]:
    """The same, page by page; only those on one record if it is given."""
    wanted: sa.Select[*tuple[Any, ...]] = sa.select(AuditFlag, _is_open())
    if only_open:
        wanted = wanted.where(_is_open())
    if record:
        wanted = wanted.where(AuditFlag.entity_id == record)
    return slice_of(
        lambda statement: _opened(session().execute(statement).all()),
        wanted,
        by=(AuditFlag.raised_at, AuditFlag.id),
        key=lambda flag: (flag.row.raised_at, flag.row.id),
        at=at,
        newest_first=True,
    )


def is_logged(entity: str, entity_id: uuid.UUID) -> bool:
    """Whether the log knows something that was done to this record."""
    wanted = sa.select(AuditEvent.id).where(AuditEvent.entity_id == entity_id, AuditEvent.entity == entity)
    return session().scalar(wanted.limit(1)) is not None


def flags_on(record_id: uuid.UUID) -> list[Flag]:
    """Flags on one record, the latest first."""
    wanted = sa.select(AuditFlag, _is_open()).where(AuditFlag.entity_id == record_id)
    return _opened(session().execute(wanted.order_by(AuditFlag.raised_at.desc(), AuditFlag.id.desc())).all())


def flag(flag_id: uuid.UUID) -> Flag:
    """One flag with its answers, the first one first. Raises NotFound."""
    row = session().execute(sa.select(AuditFlag, _is_open()).where(AuditFlag.id == flag_id)).one_or_none()
    if row is None:
        raise NotFound
    answers = session().scalars(
        sa.select(FlagAnswer).where(FlagAnswer.flag_id == flag_id).order_by(FlagAnswer.answered_at, FlagAnswer.id)
    )
    found, rows = _opened([row])[0], answers.all()
    who = names([answer.answered_by for answer in rows])
    said = [
        Said(
            open_for(answer.group_id, answer.sealed, f"flag_answer|{answer.id}"),
            who.get(answer.answered_by),
            answer.answered_at,
            answer.settles,
        )
        for answer in rows
    ]
    return Flag(found.row, found.question, found.is_open, said)


def _is_open() -> sa.ColumnElement[bool]:
    settled = sa.and_(
        FlagAnswer.flag_id == AuditFlag.id, FlagAnswer.group_id == AuditFlag.group_id, FlagAnswer.settles.is_(True)
    )
    return ~sa.exists().where(settled)


def _opened(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[Flag]:
    who = names([row[0].raised_by for row in rows])
    return [
        Flag(
            raised,
            Said(
                open_for(raised.group_id, raised.sealed, f"audit_flag|{raised.id}"),
                who.get(raised.raised_by),
                raised.raised_at,
            ),
            is_open,
        )
        for raised, is_open in rows
    ]
