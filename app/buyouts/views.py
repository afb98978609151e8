"""The pages of buy-outs: the lists, an offer with its preview, one of them, and what is said about it."""

import uuid
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.buyouts import buy_out_page, lists, offer_page, queries
from app.buyouts.asking import ask_reversal
from app.buyouts.blueprint import bp
from app.buyouts.offer_page import Glance
from app.groups.access import needs
from app.groups.queries import member as member_with
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.undoing import undo_form_of, undoing
from app.web import keyset
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page


@bp.get("/")
@needs("group.see")
def mine() -> Response:
    """One's own buy-outs, as seller or buyer, the latest first."""
    found = queries.buy_outs_page(member_id=g.member.id, at=keyset.asked(uuid.UUID))
    waiting = [row.id for row in queries.waiting_for(g.member.id)]
    return page(
        "buyouts/mine.html", "buyouts/_buy_outs.html", found=found, pages=found.urls("buyouts.mine"), waiting=waiting
    )


@bp.get("/all")
@needs("money.see")
def buy_outs() -> Response:
    """All buy-outs, the latest first; of one member, or in one standing, if the address says so."""
    state, who = buy_out_page.state_asked(request.args.get("state", "")), request.args.get("member", type=uuid.UUID)
    found = queries.buy_outs_page(state=state, member_id=who, at=keyset.asked(uuid.UUID))
    return page(
        "buyouts/all.html",
        "buyouts/_buy_outs.html",
        found=found,
        pages=found.urls("buyouts.buy_outs", state=state, member=who),
        chips=buy_out_page.chips("buyouts.buy_outs", state, member=who),
        member=member_with(who) if who else None,
        waiting=[],
    )


@bp.get("/all.csv")
@needs("money.see")
def as_csv() -> Response:
    """All buy-outs as a file."""
    return lists.as_csv()


@bp.get("/new")
@needs("group.see")
def offer_new() -> Response:
    """The form of an offer, with what the seller has."""
    found = offer_page.selling(request.args.get("seller"))
    form = offer_page.offer_form(found)
    return page("buyouts/offer.html", form=form, found=found, glance=Glance(), sellers=offer_page.offered_sellers())


@bp.post("/new")
@needs("group.see")
def offer_create() -> Response:
    """Show what would happen, then record the offer."""
    found = offer_page.selling(request.form.get("seller"))
    form = offer_page.offer_form(found)
    taken = offer_page.take(form, found)
    if taken.made is not None:
        return go(url_for("buyouts.buy_out", buy_out_id=taken.made.id), toast=_("The offer was made"))
    told: dict[str, Any] = {"form": form, "found": found, "glance": taken.glance}
    told["sellers"] = offer_page.offered_sellers()
    return page("buyouts/offer.html", "buyouts/_offer_form.html", status=taken.status or 200, **told)


@bp.post("/new/preview")
@needs("group.see")
def offer_preview() -> Response:
    """What would happen, while the form is being filled in."""
    found = offer_page.selling(request.form.get("seller"))
    form = offer_page.offer_form(found)
    glance, sellers = offer_page.glance(form, found), offer_page.offered_sellers()
    return page("buyouts/offer.html", "buyouts/_preview.html", form=form, found=found, glance=glance, sellers=sellers)


@bp.get("/<uuid:buy_out_id>")
@needs("group.see")
def buy_out(buy_out_id: uuid.UUID) -> Response:
    """One buy-out with its value and its story; of others only with money.see."""
    view = buy_out_page.visible(buy_out_id)
    return page("buyouts/buy_out.html", view=view, deeds=buy_out_page.deeds(view), form=Form())


@bp.get("/<uuid:buy_out_id>/approval")
@needs("money.approve")
def approval(buy_out_id: uuid.UUID) -> Response:
    """What approving it would do."""
    view = buy_out_page.visible(buy_out_id)
    proposal = buy_out_page.proposal(view)
    return page("buyouts/approval.html", view=view, proposal=proposal, form=Form())


@bp.get("/<uuid:buy_out_id>/reversal")
@needs("money.record")
def reversal(buy_out_id: uuid.UUID) -> Response:
    """The form that takes a buy-out back."""
    view = buy_out_page.visible(buy_out_id)
    return page("buyouts/reversal.html", form=undo_form_of(buy_out_page.entries_of(view)), view=view)


@bp.post("/<uuid:buy_out_id>/reversal")
@needs("money.record")
def reverse(buy_out_id: uuid.UUID) -> Response:
    """Take a buy-out back, or ask for it."""
    view, made = buy_out_page.visible(buy_out_id), list[Outcome]()
    entries = [view.entry] if view.entry else []
    form = undo_form_of(entries)
    told = undoing(form, entries)
    wrong = attempt(form, lambda: made.append(ask_reversal(buy_out_id, by=g.member.id, **_kept(told()))))
    if wrong:
        return page("buyouts/reversal.html", "buyouts/_undo_form.html", status=wrong, form=form, view=view)
    return led(made[0], _("The buy-out was reversed"))


def _kept(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "overdraft"}
