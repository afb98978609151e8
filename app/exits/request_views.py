"""The pages of one request: its working and history, cancelling it, changing what it comes to."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.exits import queries, request_page
from app.exits.blueprint import bp
from app.exits.forms import AdjustForm, CancelForm
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.entering import led
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/requests/<uuid:exit_request_id>")
@needs("group.see")
def request(exit_request_id: uuid.UUID) -> Response:
    """One request with its working, states and fulfilments; of others only with money.see."""
    return page("exits/request.html", **request_page.parts(request_page.visible(exit_request_id)))


@bp.get("/requests/<uuid:exit_request_id>/cancellation")
@needs("group.see")
def cancellation(exit_request_id: uuid.UUID) -> Response:
    """The form that takes a request back."""
    found = request_page.parts(request_page.cancellable(exit_request_id))
    return page("exits/cancellation.html", **found | {"form": CancelForm()})


@bp.post("/requests/<uuid:exit_request_id>/cancellation")
@needs("group.see")
def cancel(exit_request_id: uuid.UUID) -> Response:
    """Take a request back: one's own at once before a part is payable, later or another's by agreement."""
    found, form, made = request_page.cancellable(exit_request_id), CancelForm(), list[Outcome | None]()
    told = {"by": g.member.id, "key": form.key}
    wrong = attempt(form, lambda: made.append(request_page.cancel(found, reason=str(form.reason.data), **told)))
    if wrong:
        shown = request_page.parts(found) | {"form": form}
        return page("exits/cancellation.html", "exits/_cancel_form.html", wrong, **shown)
    done = _("The request was cancelled")
    return led(made[0], done) if made[0] else go(url_for("exits.request", exit_request_id=found.id), toast=done)


@bp.get("/requests/<uuid:exit_request_id>/adjustment")
@needs("money.record")
def adjustment(exit_request_id: uuid.UUID) -> Response:
    """The form that changes what a request comes to."""
    found = request_page.parts(queries.request(exit_request_id))
    return page("exits/adjustment.html", **found | {"form": AdjustForm()})


@bp.post("/requests/<uuid:exit_request_id>/adjustment")
@needs("money.record")
def adjust(exit_request_id: uuid.UUID) -> Response:
    """Change what a request comes to, or ask a second person whether to."""
    found, form, made = queries.request(exit_request_id), AdjustForm(), list[Outcome]()
    wrong = attempt(form, lambda: made.append(request_page.adjust(found, form, by=g.member.id)))
    if wrong:
        shown = request_page.parts(found) | {"form": form}
        return page("exits/adjustment.html", "exits/_adjust_form.html", wrong, **shown)
    return led(made[0], _("The adjustment was recorded"))
