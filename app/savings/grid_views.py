"""The pages of the month grid."""

import uuid
from typing import Any

from flask import Response, g, make_response, render_template, request
from flask_babel import gettext as _

from app.groups.access import needs
from app.ledgers.entering import led
from app.savings import grid_page
from app.savings.blueprint import bp
from app.savings.grid_page import Step
from app.savings.windows import window as window_with
from app.web.pages import page


@bp.get("/windows/<uuid:window_id>/grid")
@needs("money.record")
def grid(window_id: uuid.UUID) -> Response:
    """The month in one grid: a row for each member."""
    return _shown(grid_page.opened(window_with(window_id), fill="fill" in request.args))


@bp.post("/windows/<uuid:window_id>/grid")
@needs("money.record")
def grid_create(window_id: uuid.UUID) -> Response:
    """Show what will come of it, then record all of it or nothing."""
    step = grid_page.advance(window_with(window_id), by=g.member.id)
    if step.outcome is not None:
        return led(step.outcome, _("The payments were recorded"))
    return _shown(step)


@bp.post("/windows/<uuid:window_id>/grid/check")
@needs("money.record")
def grid_check(window_id: uuid.UUID) -> Response:
    """What will come of each row, while it is being typed."""
    step = grid_page.look(window_with(window_id), by=g.member.id)
    return make_response(render_template("savings/_grid_results.html", grid=step.grid, form=step.form, swapped=True))


def _shown(step: Step) -> Response:
    if step.review:
        return page("savings/grid_review.html", grid=step.grid, form=step.form)
    shown: dict[str, Any] = {"grid": step.grid, "form": step.form, "swapped": False}
    return page("savings/grid.html", "savings/_grid_form.html", status=step.status, **shown)
