"""Endpoints of money set aside for the queue, of what was fulfilled with it, and of the rules."""

import uuid
from datetime import date, datetime
from typing import Any

from flask import g

from app.core.periods import instant_of, zone_named
from app.exits import asking, liquidity, liquidity_page, queries, request_page, terms_page
from app.exits.asking_schemas import (
    ExitTermsIn,
    ExitTermsOut,
    ExitTermsVersionIn,
    LiquidityIn,
    MeaningOut,
    ReasonIn,
    UndoIn,
    WhatIfIn,
)
from app.exits.blueprint import api
from app.exits.people import called
from app.exits.schemas import (
    EventOut,
    EventWholeOut,
    FreeCashOut,
    FulfilmentOut,
    WhatIfOut,
    event_out,
    event_whole_out,
    fulfilment_out,
    what_if_out,
)
from app.exits.simulation import what_if
from app.exits.words import terms_told
from app.groups.access import needs
from app.ledgers.heads import today
from app.ledgers.undoing import day_of_undoing
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed, whole
from app.web.api.once import deed_key


@api.get("/liquidity-events", endpoint="events")
@needs("money.see")
@endpoint("Money set aside", covers="exits.events", paged=True)
def events_list() -> Listing[EventOut]:
    """The latest first."""
    return listed(queries.events_page(keyset.asked(datetime, uuid.UUID)), event_out)


@api.get("/free-cash")
@needs("money.see")
@endpoint("How much can be set aside, and why", covers=("exits.events", "exits.event_new"))
def free_cash() -> FreeCashOut:
    """Cash less what the group owes and what is set aside already."""
    found = liquidity.free_cash()
    return FreeCashOut(**{name: getattr(found, name) for name in FreeCashOut.model_fields})


@api.get("/liquidity-events/<uuid:liquidity_event_id>")
@needs("money.see")
@endpoint("One sum set aside", covers="exits.event")
def event(liquidity_event_id: uuid.UUID) -> EventWholeOut:
    """What was given of it and what is left."""
    return event_whole_out(liquidity_page.parts(liquidity_event_id))


@api.get("/liquidity-events/<uuid:liquidity_event_id>/fulfilments")
@needs("money.see")
@endpoint("Who got what of money set aside", covers="exits.event", paged=True)
def event_fulfilments(liquidity_event_id: uuid.UUID) -> Listing[FulfilmentOut]:
    """Every part that became payable of it, the first first."""
    found = queries.event_line(liquidity_event_id).event
    return listed(queries.fulfilled_page(found.id, keyset.asked(int)), fulfilment_out)


@api.post("/liquidity-events")
@needs("money.record")
@endpoint("Set money aside", covers="exits.event_create", status=201)
def event_create(body: LiquidityIn) -> EventWholeOut | Waiting:
    """At most what is free; the queue is served at once. Above the group's threshold it waits for a second person."""
    told = dict(body)
    on: date = told.pop("on")
    told |= {"type_": told.pop("type"), "cash_account_id": told.pop("cash_account")}
    at = instant_of(on, zone_named(g.group.time_zone))
    outcome = asking.ask_set_aside(**told, at=at, by=g.member.id, key=deed_key())
    if outcome.waits:
        return Waiting(outcome.request_id)
    return event_whole_out(liquidity_page.parts(liquidity_page.by_key(deed_key())))


@api.post("/liquidity-events/preview")
@needs("money.record")
@endpoint("Who would get what of money set aside", covers="exits.event_preview")
def event_preview(body: WhatIfIn) -> WhatIfOut:
    """Refused where it cannot be set aside; nothing is recorded."""
    liquidity.refuse_beyond_free(body.amount, body.cash_account)
    found = what_if(body.amount)
    return what_if_out(found, called(row.queued.member_id for row in found.rows))


@api.post("/liquidity-events/<uuid:liquidity_event_id>/reversal")
@needs("money.record")
@endpoint("Take back what is unspent", covers=("exits.event_reversal", "exits.event_reverse"))
def event_reverse(liquidity_event_id: uuid.UUID, body: ReasonIn) -> EventWholeOut | Waiting:
    """What was given stays given. Above the group's threshold it waits for a second person."""
    shown, told = liquidity_page.parts(liquidity_event_id), {"reason": body.reason, "by": g.member.id}
    outcome = asking.ask_reversal("liquidity_event", shown["line"].event.id, on=today(), key=deed_key(), **told)
    if outcome.waits:
        return Waiting(outcome.request_id)
    return event_whole_out(liquidity_page.parts(liquidity_event_id))


@api.post("/fulfilments/<uuid:fulfilment_id>/reversal")
@needs("money.record")
@endpoint("Take a payable part back", covers=("exits.fulfilment_reversal", "exits.fulfilment_reverse"))
def fulfilment_reverse(fulfilment_id: uuid.UUID, body: UndoIn) -> FulfilmentOut | Waiting:
    """One that was not paid yet. Above the group's threshold it waits for a second person."""
    shown = liquidity_page.fulfilment(fulfilment_id)
    on = day_of_undoing([shown["entry"]], on_its_day=body.when == "original")
    told = {"reason": body.reason, "on": on, "by": g.member.id, "key": deed_key()}
    outcome = asking.ask_reversal("exit_fulfilment", fulfilment_id, **told)
    if outcome.waits:
        return Waiting(outcome.request_id)
    return fulfilment_out(request_page.part(shown["fulfilment"].request_id, fulfilment_id))


@api.get("/exits/terms")
@needs("group.see")
@endpoint("The rules for leaving and withdrawing", covers="exits.terms")
def terms() -> Listing[ExitTermsOut]:
    """Every version, the latest first."""
    return whole(terms_page.versions(), _terms_out)


@api.post("/exits/terms")
@needs("settings.manage")
@endpoint("New rules for leaving and withdrawing", covers="exits.terms_change", status=201)
def terms_change(body: ExitTermsVersionIn) -> ExitTermsOut:
    """From a day on that is not past; what a request is entitled to stays as it was frozen."""
    terms_page.keep_version(terms_page.fine(body.policy()), effective_on=body.effective_on, by=g.member.id)
    return next(_terms_out(row) for row in terms_page.versions() if row[0].effective_on == body.effective_on)


@api.post("/exits/terms/preview")
@needs("settings.manage")
@endpoint("What rules would mean", covers="exits.terms_preview")
def terms_preview(body: ExitTermsIn) -> MeaningOut:
    """In sentences; nothing is recorded."""
    return MeaningOut(sentences=[*terms_told(terms_page.fine(body.policy()))])


def _terms_out(row: tuple[Any, Any, Any]) -> ExitTermsOut:
    version, policy, sentences = row
    told = {name: getattr(policy, name) for name in ExitTermsIn.model_fields}
    return ExitTermsOut(**told, effective_on=version.effective_on, sentences=[*sentences])
