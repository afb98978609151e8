"""Endpoints of buy-outs: the lists, a preview, an offer, one of them, and what is said about it."""

import uuid

from flask import Response, g
from flask_babel import gettext as _

from app.buyouts import approving, buy_out_page, lists, offering, queries, saying
from app.buyouts.asking import ask_reversal
from app.buyouts.blueprint import api
from app.buyouts.errors import NoSuchBuyOut
from app.buyouts.schemas import (
    BuyOutOut,
    BuyOutSearch,
    BuyOutWholeOut,
    EndIn,
    OfferIn,
    OfferPreviewOut,
    OwnSearch,
    PaperIn,
    ProposalOut,
    UndoIn,
    buy_out_out,
    preview_out,
    whole_out,
)
from app.buyouts.words import things
from app.groups.access import needs
from app.groups.queries import member as member_with
from app.ledgers.undoing import day_of_undoing
from app.savings.payment_page import own_or_may_see
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


@api.get("/buy-outs", endpoint="buy_outs")
@needs("money.see")
@endpoint("Buy-outs", covers="buyouts.buy_outs", paged=True)
def buy_outs_list(query: BuyOutSearch) -> Listing[BuyOutOut]:
    """The latest first, in one standing or in any."""
    return listed(queries.buy_outs_page(state=query.state, at=keyset.asked(uuid.UUID)), buy_out_out)


@api.get("/buy-outs.csv")
@needs("money.see")
@endpoint("All buy-outs as CSV", covers="buyouts.as_csv", media="text/csv")
def buy_outs_csv() -> Response:
    """The latest first."""
    return lists.as_csv()


@api.get("/members/<uuid:member_id>/buy-outs")
@needs("group.see")
@endpoint("A member's buy-outs", covers="buyouts.mine", paged=True)
def member_buy_outs(member_id: uuid.UUID, query: OwnSearch) -> Listing[BuyOutOut]:  # noqa: ARG001  # none is asked
    """As seller or buyer, the latest first. Of others only with the right money.see."""
    own_or_may_see(member_id, NoSuchBuyOut)
    found = queries.buy_outs_page(member_id=member_with(member_id).id, at=keyset.asked(uuid.UUID))
    return listed(found, buy_out_out)


@api.post("/buy-outs/preview")
@needs("group.see")
@endpoint("What an offer would move", covers="buyouts.offer_preview")
def offer_preview(body: OfferIn) -> OfferPreviewOut:
    """With its nominal value. Nothing is kept. For somebody else only with the rights money.record and money.see."""
    seen = offering.preview(body.offer(), by=g.member.id)
    return preview_out(seen, things([(part.kind, part.of) for part in seen.parts]))


@api.post("/buy-outs")
@needs("group.see")
@endpoint("Offer a buy-out", covers=("buyouts.offer_new", "buyouts.offer_create"), status=201)
def offer_create(body: OfferIn) -> BuyOutWholeOut:
    """Whoever offers what is theirs, or in the group's name, has consented with it."""
    return _whole(offering.offer(body.offer(), by=g.member.id, key=deed_key()).id)


@api.get("/buy-outs/<uuid:buy_out_id>")
@needs("group.see")
@endpoint("A buy-out", covers="buyouts.buy_out")
def buy_out(buy_out_id: uuid.UUID) -> BuyOutWholeOut:
    """With its value and its story. Of others only with the right money.see."""
    return _whole(buy_out_id)


@api.get("/buy-outs/<uuid:buy_out_id>/proposal")
@needs("money.approve")
@endpoint("What approving a buy-out would do", covers="buyouts.approval")
def proposal(buy_out_id: uuid.UUID) -> ProposalOut:
    """In sentences, as things stand now."""
    found = buy_out_page.proposal(buy_out_page.visible(buy_out_id))
    return ProposalOut(sentences=list(found.sentences), against=found.against)


@api.post("/buy-outs/<uuid:buy_out_id>/consent")
@needs("group.see")
@endpoint("Consent to a buy-out", covers="buyouts.consent", status=201)
def consent(buy_out_id: uuid.UUID) -> BuyOutWholeOut:
    """For oneself, or as an officer for the group that buys."""
    buy_out_page.visible(buy_out_id)
    saying.consent(buy_out_id, by=g.member.id)
    return _whole(buy_out_id)


@api.post("/buy-outs/<uuid:buy_out_id>/written-consents")
@needs("money.record")
@endpoint("Record a written consent", covers=("buyouts.paper_new", "buyouts.paper_create"), status=201)
def paper_create(buy_out_id: uuid.UUID, body: PaperIn) -> BuyOutWholeOut:
    """Of a side who cannot sign in."""
    saying.consent_on_paper(buy_out_id, body.side, words=body.words, by=g.member.id)
    return _whole(buy_out_id)


@api.post("/buy-outs/<uuid:buy_out_id>/decline")
@needs("group.see")
@endpoint("Decline a buy-out", covers=("buyouts.decline_new", "buyouts.decline"))
def decline(buy_out_id: uuid.UUID, body: EndIn) -> BuyOutWholeOut:
    """By the side that was asked, or by an officer."""
    buy_out_page.visible(buy_out_id)
    saying.decline(buy_out_id, reason=body.reason, by=g.member.id)
    return _whole(buy_out_id)


@api.post("/buy-outs/<uuid:buy_out_id>/withdrawal")
@needs("group.see")
@endpoint("Withdraw an offer", covers="buyouts.withdraw")
def withdraw(buy_out_id: uuid.UUID) -> BuyOutWholeOut:
    """By whoever made it, or who sells."""
    buy_out_page.visible(buy_out_id)
    saying.withdraw(buy_out_id, reason=None, by=g.member.id)
    return _whole(buy_out_id)


@api.post("/buy-outs/<uuid:buy_out_id>/approval")
@needs("money.approve")
@endpoint("Approve a buy-out", covers="buyouts.approve", status=201)
def approve(buy_out_id: uuid.UUID) -> BuyOutWholeOut:
    """It takes effect at once. By an officer who is neither side."""
    approving.approve(buy_out_id, by=g.member.id)
    return _whole(buy_out_id)


@api.post("/buy-outs/<uuid:buy_out_id>/reversal")
@needs("money.record")
@endpoint("Take a buy-out back", covers=("buyouts.reversal", "buyouts.reverse"))
def reverse(buy_out_id: uuid.UUID, body: UndoIn) -> BuyOutWholeOut | Waiting:
    """Where nothing rests on it. Above the group's threshold it waits for a second person."""
    view = queries.view(buy_out_id)
    on = day_of_undoing([view.entry] if view.entry else [], on_its_day=body.when == "original")
    outcome = ask_reversal(buy_out_id, reason=body.reason, on=on, by=g.member.id, key=deed_key())
    return Waiting(outcome.request_id) if outcome.waits else _whole(buy_out_id)


def _whole(buy_out_id: uuid.UUID) -> BuyOutWholeOut:
    view = buy_out_page.visible(buy_out_id)
    return whole_out(view, view.buyer.display_name if view.buyer else _("The group"))
