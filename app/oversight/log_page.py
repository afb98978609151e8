"""What the pages of oversight show: the search of a request, and the way from an event to its record."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, g, request

from app.audit import words
from app.audit.models import AuditEvent
from app.audit.queries import values_of
from app.core.periods import start_of, zone_named
from app.core.rooms import rooms
from app.groups.blueprint import field_name
from app.groups.queries import names
from app.oversight import queries
from app.oversight.errors import NoSuchRecord
from app.oversight.forms import SearchForm
from app.oversight.rules import Record, Search, marked, unmarked
from app.oversight.values import shown
from app.web.forms import DayField
from app.web.keyset import asked


def listing() -> dict[str, Any]:
    """The page of the log that this request asks for; a filter that cannot be read does not filter."""
    form = SearchForm(formdata=request.args)
    form.validate()
    search = _search(form)
    found = queries.events_page(search, at=asked(datetime, uuid.UUID))
    kept = {field.name: request.args.get(field.name) for field in form if not field.errors}
    return {
        "form": form,
        "found": found,
        "pages": found.urls("oversight.log", **{k: v for k, v in kept.items() if k not in ("once", "csrf_token")}),
        "names": people_in(found.rows),
        "subject_of": subject_of,
        "is_filtered": search != Search(),
        "words": words,
    }


def _search(form: SearchForm) -> Search:
    names_of_texts = ("who", "action", "entity", "severity")
    told: dict[str, Any] = {name: form[name].data or "" for name in names_of_texts if not form[name].errors}
    return search_of(since=_day(form.since), until=_day(form.until), **told)


def search_of(*, since: date | None = None, until: date | None = None, **told: Any) -> Search:
    """A search from one day to another, both inclusive, in the group's time zone."""
    zone = zone_named(g.group.time_zone)
    return Search(
        **told,
        since=start_of(since, zone) if since else None,
        until=start_of(until + timedelta(days=1), zone) if until else None,
    )


def people_in(events: Iterable[AuditEvent]) -> Mapping[uuid.UUID, str]:
    """The names of who did things and of whom they are about."""
    return names([id_ for event in events for id_ in (event.member_id, subject_of(event))])


def _day(field: DayField) -> date | None:
    # The first and the last years of the calendar have no instant in every zone, and nothing in the log.
    day: date | None = field.data
    return day if day and not field.errors and 1900 <= day.year <= 9998 else None


def details(event: AuditEvent) -> dict[str, Any]:
    """One event with its values opened and the address of its record."""
    values, subject = values_of(event), subject_of(event)
    known = people_in([event])
    changes = [
        (field_name(name), shown(name, before), shown(name, after)) for name, (before, after) in (values or {}).items()
    ]
    return {
        "event": event,
        "changes": changes,
        "is_erased": values is None,
        "who": known.get(event.member_id) if event.member_id else None,
        "about": known.get(subject) if subject else None,
        "url": url_of(event.entity, event.entity_id),
        "words": words,
    }


def subject_of(event: AuditEvent) -> uuid.UUID | None:
    """The member an event is about, if it is about one."""
    if event.entity == "member":
        return event.entity_id
    return event.subject_id if event.subject_id != event.group_id else None


def url_of(entity: str, entity_id: uuid.UUID | None) -> str | None:
    """The page of a record, if its room has one."""
    for room in rooms():
        if entity_id is not None and (page := room.records.get(entity)) is not None:
            return page(entity_id)
    return None


def record_of(entity: str, entity_id: uuid.UUID) -> Record:
    """A record of this group, for a program that flags it: known to the log, or to its room. Raises NoSuchRecord."""
    rooms_know = (room.known[entity](entity_id) for room in rooms() if entity in room.known)
    if not queries.is_logged(entity, entity_id) and not any(rooms_know):
        raise NoSuchRecord(field="entity_id")
    url = url_of(entity, entity_id)
    if url is None:
        raise NoSuchRecord(field="entity")
    return Record(entity, entity_id, url)


def flag_mark(entity: str, entity_id: uuid.UUID, url: str) -> str:
    """What a page puts beside a record so that an auditor can flag it."""
    return marked(Record(entity, entity_id, url), group_id=g.group.id, secret=_secret())


def flagged(mark: str) -> Record:
    """The record of a mark. Raises NoSuchRecord."""
    return unmarked(mark, group_id=g.group.id, secret=_secret())


def _secret() -> list[str]:
    keys: list[str] = current_app.config["SIGNING_KEYS"]
    return keys
