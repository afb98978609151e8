"""Endpoints of the audit log and of flags."""

import uuid
from datetime import datetime

from flask import g

from app.groups.access import needs
from app.oversight import log_page, queries, services
from app.oversight.blueprint import api
from app.oversight.schemas import (
    AnswerIn,
    EventOut,
    EventSearch,
    EventWholeOut,
    FlagIn,
    FlagOut,
    FlagSearch,
    FlagWholeOut,
    event_out,
    event_whole_out,
    flag_out,
    flag_whole_out,
)
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed
from app.web.api.once import deed_key

PLACE = (datetime, uuid.UUID)


@api.get("/audit-events")
@needs("audit.see")
@endpoint("The audit log", covers="oversight.log", paged=True)
def log(query: EventSearch) -> Listing[EventOut]:
    """The latest first, by who, what, when and how grave; the days are those of the group's time zone."""
    search = log_page.search_of(**query.model_dump(exclude_none=True))
    found = queries.events_page(search, at=keyset.asked(*PLACE))
    known = log_page.people_in(found.rows)
    return listed(found, lambda event: event_out(event, known))


@api.get("/audit-events/<uuid:event_id>")
@needs("audit.see")
@endpoint("An event of the audit log", covers="oversight.event")
def event(event_id: uuid.UUID) -> EventWholeOut:
    """With what it changed and from where."""
    return event_whole_out(queries.event(event_id))


@api.get("/flags", endpoint="flags")
@needs("audit.see")
@endpoint("Flags of auditors", covers="oversight.flags", paged=True)
def flags_list(query: FlagSearch) -> Listing[FlagOut]:
    """The latest first."""
    found = queries.flags_page(only_open=query.open, record=query.record, at=keyset.asked(*PLACE))
    return listed(found, flag_out)


@api.post("/flags")
@needs("flags.raise")
@endpoint("Flag a record", covers=("oversight.flag_new", "oversight.flag_raise"), status=201)
def flag_raise(body: FlagIn) -> FlagWholeOut:
    """A question of an auditor on an entry, a member, a payment and so on; the officers are told."""
    record = log_page.record_of(body.entity, body.entity_id)
    row = services.raise_flag(record=record, text=body.text, by=g.member.id, slug=g.group.slug, key=deed_key())
    return flag_whole_out(queries.flag(row.id))


@api.get("/flags/<uuid:flag_id>")
@needs("audit.see")
@endpoint("A flag", covers="oversight.flag")
def flag(flag_id: uuid.UUID) -> FlagWholeOut:
    """With its answers."""
    return flag_whole_out(queries.flag(flag_id))


@api.post("/flags/<uuid:flag_id>/answers")
@needs("flags.settle")
@endpoint("Answer a flag", covers="oversight.answer", status=201)
def answer(flag_id: uuid.UUID, body: AnswerIn) -> FlagWholeOut:
    """An officer answers, or settles it; the auditor is told."""
    return _answered(flag_id, body)


@api.post("/flags/<uuid:flag_id>/remarks")
@needs("flags.raise")
@endpoint("Answer back on a flag", covers="oversight.remark", status=201)
def remark(flag_id: uuid.UUID, body: AnswerIn) -> FlagWholeOut:
    """The auditor answers back, or is content; the officers are told."""
    return _answered(flag_id, body)


def _answered(flag_id: uuid.UUID, body: AnswerIn) -> FlagWholeOut:
    services.answer_flag(flag_id=flag_id, text=body.text, settles=body.settles, by=g.member.id, slug=g.group.slug)
    return flag_whole_out(queries.flag(flag_id))
