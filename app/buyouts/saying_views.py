"""What is said about a buy-out on its page: consent, consent on paper, no, taken back, approved."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.buyouts import buy_out_page, saying
from app.buyouts.approving import approve as approve_buy_out
from app.buyouts.blueprint import bp
from app.buyouts.forms import EndForm, PaperForm
from app.groups.access import needs
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page


def _there(buy_out_id: uuid.UUID, toast: str) -> Response:
    return go(url_for("buyouts.buy_out", buy_out_id=buy_out_id), toast=toast)


@bp.post("/<uuid:buy_out_id>/consent")
@needs("group.see")
def consent(buy_out_id: uuid.UUID) -> Response:
    """Say yes for oneself, or as an officer for the group."""
    view, form = buy_out_page.visible(buy_out_id), Form()
    wrong = attempt(form, lambda: saying.consent(buy_out_id, by=g.member.id))
    if wrong:
        deeds = buy_out_page.deeds(view)
        return page("buyouts/buy_out.html", "buyouts/_deeds.html", status=wrong, view=view, deeds=deeds, form=form)
    return _there(buy_out_id, _("You consented"))


@bp.get("/<uuid:buy_out_id>/paper/<side>")
@needs("money.record")
def paper_new(buy_out_id: uuid.UUID, side: str) -> Response:
    """The form of a consent that was given on paper."""
    view = buy_out_page.visible(buy_out_id)
    return page("buyouts/paper.html", form=PaperForm(), view=view, side=buy_out_page.side_asked(side))


@bp.post("/<uuid:buy_out_id>/paper/<side>")
@needs("money.record")
def paper_create(buy_out_id: uuid.UUID, side: str) -> Response:
    """Record a consent that was given on paper."""
    view, form, whose = buy_out_page.visible(buy_out_id), PaperForm(), buy_out_page.side_asked(side)
    told = {"words": str(form.words.data), "by": g.member.id}
    wrong = attempt(form, lambda: saying.consent_on_paper(buy_out_id, whose, **told))
    if wrong:
        return page("buyouts/paper.html", "buyouts/_paper_form.html", status=wrong, form=form, view=view, side=whose)
    return _there(buy_out_id, _("The written consent was recorded"))


@bp.get("/<uuid:buy_out_id>/decline")
@needs("group.see")
def decline_new(buy_out_id: uuid.UUID) -> Response:
    """The form of a no."""
    return page("buyouts/decline.html", form=EndForm(), view=buy_out_page.visible(buy_out_id))


@bp.post("/<uuid:buy_out_id>/decline")
@needs("group.see")
def decline(buy_out_id: uuid.UUID) -> Response:
    """Say no."""
    view, form = buy_out_page.visible(buy_out_id), EndForm()
    wrong = attempt(form, lambda: saying.decline(buy_out_id, reason=form.reason.data or None, by=g.member.id))
    if wrong:
        return page("buyouts/decline.html", "buyouts/_decline_form.html", status=wrong, form=form, view=view)
    return _there(buy_out_id, _("The buy-out was declined"))


@bp.post("/<uuid:buy_out_id>/withdrawal")
@needs("group.see")
def withdraw(buy_out_id: uuid.UUID) -> Response:
    """Take an offer back."""
    view, form = buy_out_page.visible(buy_out_id), Form()
    wrong = attempt(form, lambda: saying.withdraw(buy_out_id, reason=None, by=g.member.id))
    if wrong:
        deeds = buy_out_page.deeds(view)
        return page("buyouts/buy_out.html", "buyouts/_deeds.html", status=wrong, view=view, deeds=deeds, form=form)
    return _there(buy_out_id, _("The offer was withdrawn"))


@bp.post("/<uuid:buy_out_id>/approval")
@needs("money.approve")
def approve(buy_out_id: uuid.UUID) -> Response:
    """Let it take effect."""
    view, form = buy_out_page.visible(buy_out_id), Form()
    wrong = attempt(form, lambda: approve_buy_out(buy_out_id, by=g.member.id))
    if wrong:
        fragment, proposal = "buyouts/_approval_form.html", buy_out_page.proposal(view)
        return page("buyouts/approval.html", fragment, status=wrong, view=view, proposal=proposal, form=form)
    return _there(buy_out_id, _("Approved: the buy-out took effect"))
