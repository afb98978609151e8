"""Shapes of the audit log and of flags."""

import uuid
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import JsonValue

from app.audit.models import AuditEvent
from app.audit.queries import values_of
from app.oversight.log_page import people_in, subject_of
from app.oversight.queries import Flag, Said
from app.web.api.shapes import Day, Long, Moment, Shape, Short

Severity = Literal["info", "notice", "warning", "critical"]


class EventSearch(Shape):
    """Filters of the log: a part of a name, what was done, to which kind of record or to which record, and when."""

    who: Short | None = None
    action: Short | None = None
    entity: Short | None = None
    record: uuid.UUID | None = None
    severity: Severity | None = None
    since: Day | None = None
    until: Day | None = None


class FlagSearch(Shape):
    """Only flags that are open, or all of them; those on one record."""

    open: bool = True
    record: uuid.UUID | None = None


class EventOut(Shape):
    """One thing done: by whom (null: by the service itself), to what, and about whom; `fields` names what changed."""

    id: uuid.UUID
    at: Moment
    action: str
    entity: str
    entity_id: uuid.UUID | None
    severity: Severity
    member_id: uuid.UUID | None
    member: str | None
    about_id: uuid.UUID | None
    about: str | None
    fields: list[str]


class ChangeOut(Shape):
    """A field that changed, as it was written down."""

    field: str
    before: JsonValue
    after: JsonValue


class EventWholeOut(EventOut):
    """The same with what changed and from where; `erased` says that the person it was about is forgotten."""

    changes: list[ChangeOut]
    erased: bool
    address: str | None
    agent: str | None
    session_id: uuid.UUID | None
    request_id: str | None


class FlagIn(Shape):
    """A question on a record, which the audit log calls by this name."""

    entity: Short
    entity_id: uuid.UUID
    text: Long


class AnswerIn(Shape):
    """An answer; with `settles` the flag is closed for good."""

    text: Long
    settles: bool = False


class SaidOut(Shape):
    """What somebody wrote; the text is null when it was erased."""

    text: str | None
    by: str | None
    at: Moment
    settles: bool


class FlagOut(Shape):
    """A flag with its question; `url` is the path of the page of its record."""

    id: uuid.UUID
    entity: str
    entity_id: uuid.UUID
    url: str
    is_open: bool
    question: SaidOut


class FlagWholeOut(FlagOut):
    """The same with what was answered, the first answer first."""

    answers: list[SaidOut]


def event_out(event: AuditEvent, known: Mapping[uuid.UUID, str]) -> EventOut:
    """An event in a list as it is told; `known` are the names of members."""
    return EventOut.model_validate(_event(event, known))


def event_whole_out(event: AuditEvent) -> EventWholeOut:
    """An event with its values opened as it is told."""
    values = values_of(event)
    changes = [
        ChangeOut(field=name, before=before, after=after) for name, (before, after) in sorted((values or {}).items())
    ]
    names = ("address", "agent", "session_id", "request_id")
    told = {name: getattr(event, name) for name in names} | {"changes": changes, "erased": values is None}
    return EventWholeOut.model_validate(_event(event, people_in([event])) | told)


def _event(event: AuditEvent, known: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    names = ("id", "at", "action", "entity", "entity_id", "severity", "member_id")
    about = subject_of(event)
    people = {
        "member": known.get(event.member_id) if event.member_id else None,
        "about_id": about,
        "about": known.get(about) if about else None,
    }
    return {name: getattr(event, name) for name in names} | people | {"fields": list(event.fields)}


def flag_out(flag: Flag) -> FlagOut:
    """A flag in a list as it is told."""
    return FlagOut.model_validate(_flag(flag))


def flag_whole_out(flag: Flag) -> FlagWholeOut:
    """A flag with its answers as it is told."""
    return FlagWholeOut.model_validate(_flag(flag) | {"answers": [_said(said) for said in flag.answers]})


def _flag(flag: Flag) -> dict[str, Any]:
    told = {name: getattr(flag.row, name) for name in ("id", "entity", "entity_id", "url")}
    return told | {"is_open": flag.is_open, "question": _said(flag.question)}


def _said(said: Said) -> SaidOut:
    return SaidOut.model_validate(said)
