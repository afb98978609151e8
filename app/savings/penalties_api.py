"""Endpoints of penalties: the list, one of them, levying, paying, waiving, taking back."""

import uuid
from datetime import date

from flask import g
from flask_babel import gettext as _

from app.groups.access import needs
from app.groups.queries import member as member_with
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.ledgers.undoing import day_of_undoing
from app.savings import batches, penalty_page, queries
from app.savings.asking import ask_reversal
from app.savings.asking_schemas import LevyIn, PenaltyMoneyIn, PenaltySearch, ReasonIn, UndoIn
from app.savings.blueprint import api
from app.savings.errors import NoSuchPenalty
from app.savings.payment_page import own_or_may_see
from app.savings.penalties import levy_penalty, waive_penalty
from app.savings.policy import terms
from app.savings.schemas import PenaltyOut, PenaltyWholeOut, penalty_out, penalty_whole_out
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


@api.get("/penalties", endpoint="penalties")
@needs("money.see")
@endpoint("Penalties", covers="savings.penalties", paged=True)
def penalties_list(query: PenaltySearch) -> Listing[PenaltyOut]:
    """The latest first, in one state or in any."""
    return listed(queries.penalties_page(state=query.state, at=keyset.asked(date, uuid.UUID)), penalty_out)


@api.get("/members/<uuid:member_id>/penalties")
@needs("group.see")
@endpoint("A member's penalties", covers="savings.member_penalties", paged=True)
def member_penalties(member_id: uuid.UUID, query: PenaltySearch) -> Listing[PenaltyOut]:
    """The latest first. Of others only with the right money.see."""
    own_or_may_see(member_id, NoSuchPenalty)
    at = keyset.asked(date, uuid.UUID)
    return listed(queries.penalties_page(state=query.state, member_id=member_with(member_id).id, at=at), penalty_out)


@api.get("/penalties/<uuid:penalty_id>")
@needs("group.see")
@endpoint("A penalty", covers="savings.penalty")
def penalty(penalty_id: uuid.UUID) -> PenaltyWholeOut:
    """With its payments and waivers. Of others only with the right money.see."""
    view = queries.penalty_view(penalty_id)
    own_or_may_see(view.member.id, NoSuchPenalty)
    return penalty_whole_out(view)


@api.post("/penalties")
@needs("money.record")
@endpoint("Levy a penalty", covers=("savings.penalty_new", "savings.penalty_create"), status=201)
def penalty_create(body: LevyIn) -> PenaltyWholeOut:
    """By hand; it is owed from then on."""
    told = dict(body)
    about = {"member_id": told.pop("member"), "window_id": told.pop("window")}
    made = levy_penalty(**about, **told, by=g.member.id, key=deed_key())
    return penalty_whole_out(queries.penalty_view(made.id))


@api.post("/penalties/<uuid:penalty_id>/payments")
@needs("money.record")
@endpoint("Record money for a penalty", covers=("savings.penalty_payment", "savings.penalty_pay"), status=201)
def penalty_pay(penalty_id: uuid.UUID, body: PenaltyMoneyIn) -> PenaltyWholeOut | Waiting:
    """At most what is owed on it. Above the group's threshold it waits for a second person."""
    told = body.money(deed_key(), terms().zone, penalty_id)
    return _penalty(batches.ask_penalty_payment(told, by=g.member.id), penalty_id)


@api.post("/penalties/<uuid:penalty_id>/waiver")
@needs("money.approve")
@endpoint("No longer ask for a penalty", covers=("savings.penalty_waiver", "savings.penalty_waive"), status=201)
def penalty_waive(penalty_id: uuid.UUID, body: ReasonIn) -> PenaltyWholeOut:
    """All that is still owed of it."""
    waive_penalty(penalty_id, reason=body.reason, on=today(), by=g.member.id)
    return penalty_whole_out(queries.penalty_view(penalty_id))


@api.post("/penalties/<uuid:penalty_id>/reversal")
@needs("money.record")
@endpoint("Take a penalty back", covers=("savings.penalty_reversal", "savings.penalty_reverse"))
def penalty_reverse(penalty_id: uuid.UUID, body: UndoIn) -> PenaltyWholeOut | Waiting:
    """One that was levied by mistake. Above the group's threshold it waits for a second person."""
    view = queries.penalty_view(penalty_id)
    on = day_of_undoing([view.entry], on_its_day=body.when == "original")
    told = {"on": on, "by": g.member.id, "key": deed_key(), **body.model_dump(include={"reason", "overdraft"})}
    return _penalty(ask_reversal("penalty", penalty_id, **told), penalty_id)


@api.post("/penalties/<uuid:penalty_id>/waivers/<uuid:waiver_id>/reversal")
@needs("money.approve")
@endpoint("Ask for a waived penalty again", covers="savings.waiver_reverse")
def waiver_reverse(penalty_id: uuid.UUID, waiver_id: uuid.UUID) -> PenaltyWholeOut | Waiting:
    """Above the group's threshold it waits for a second person."""
    penalty_page.refuse_other(penalty_id, waiver_id)
    told = {"reason": _("Asked for again"), "on": today(), "by": g.member.id, "key": deed_key()}
    return _penalty(ask_reversal("penalty_waiver", waiver_id, **told), penalty_id)


def _penalty(outcome: Outcome, penalty_id: uuid.UUID) -> PenaltyWholeOut | Waiting:
    if outcome.waits:
        return Waiting(outcome.request_id)
    return penalty_whole_out(queries.penalty_view(penalty_id))
