"""The pages of proposals: what waits, accepting and declining it, one of them, having a worker look."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.groups.access import needs
from app.latefees import proposing, queries, review_page
from app.latefees.blueprint import bp
from app.latefees.forms import DeclineForm, LookForm, ReviewForm
from app.latefees.words import terms_told
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.ledgers.heads import today
from app.web.attempt import attempt
from app.web.pages import go, page

LIST, FRAGMENT = "latefees/proposals.html", "latefees/_proposals.html"


@bp.get("", endpoint="proposals")
@needs("money.see")
def proposals_list() -> Response:
    """What a worker proposed: to review, or decided."""
    return page(LIST, (FRAGMENT, "latefees/_looking.html"), **review_page.shown())


@bp.post("")
@needs("money.record")
def look() -> Response:
    """Have a worker look at what is late."""
    form = LookForm()
    if wrong := attempt(form, lambda: proposing.ask(form.on.data or today(), key=form.key)):
        return page(LIST, "latefees/_look_form.html", wrong, **review_page.shown() | {"look": form})
    return go(url_for("latefees.proposals"), toast=_("A worker is looking. What it finds stands here."))


@bp.get("/review")
@needs("money.record")
def review() -> Response:
    """What was ticked, or everything: to be posted, or declined with a reason."""
    form, refusal = review_page.forms_asked()
    return page("latefees/review.html", form=form, refusal=refusal, picked=review_page.picked(form))


@bp.post("/acceptance")
@needs("money.record")
def accept() -> Response:
    """Post what was chosen, or ask for it."""
    form, made = ReviewForm(), list[Outcome]()
    if wrong := attempt(form, lambda: made.append(review_page.accept(form, by=g.member.id))):
        shown = {"form": form, "refusal": review_page.twin(form), "picked": review_page.picked(form)}
        return page("latefees/review.html", "latefees/_accept_form.html", wrong, **shown)
    return led(made[0], _("The penalties were posted. Members among those charged are told."))


@bp.post("/refusal")
@needs("money.record")
def decline() -> Response:
    """Decline what was chosen."""
    form, count = DeclineForm(), list[int]()
    if wrong := attempt(form, lambda: count.append(review_page.decline(form, by=g.member.id))):
        shown = {"form": review_page.twin(form), "refusal": form, "picked": review_page.picked(form)}
        return page("latefees/review.html", "latefees/_decline_form.html", wrong, **shown)
    told = ngettext("One proposal was declined", "%(num)d proposals were declined", count[0])
    return go(url_for("latefees.proposals"), toast=told)


@bp.get("/<uuid:proposal_id>")
@needs("money.see")
def proposal(proposal_id: uuid.UUID) -> Response:
    """One proposal: on what, how it was reckoned, what became of it."""
    view = queries.proposal_view(proposal_id)
    return page("latefees/proposal.html", view=view, told=terms_told(view.terms))
