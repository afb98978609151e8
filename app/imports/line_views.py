"""The pages of lines: those to allocate, one with its history, and taking back."""

import uuid
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.imports import doing, queries
from app.imports.blueprint import bp
from app.imports.forms import AllocationForm, TakeBackForm
from app.imports.offers import offered
from app.imports.standing import WAITS
from app.imports.words import WHAT
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_accounts
from app.ledgers.entering import led
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page

DIRECTIONS = ("in", "out")


@bp.get("/lines")
@needs("imports.run")
def to_allocate() -> Response:
    """The lines nobody has said anything of yet, with a proposal for each."""
    return _lines(offered(AllocationForm()))


@bp.post("/lines")
@needs("imports.run")
def allocate() -> Response:
    """Say what lines are: what was chosen for several, or what is proposed."""
    form, done = offered(AllocationForm()), list[Outcome]()
    if wrong := attempt(form, lambda: done.append(doing.say(form))):
        return _lines(form, wrong)
    if done[0].waits:
        return led(done[0], "")
    return go(url_for("imports.to_allocate", **_filters()), toast=_("The lines were allocated"))


@bp.get("/lines/<uuid:line_id>")
@needs("books.see")
def line(line_id: uuid.UUID) -> Response:
    """One line with everything that was ever said of it."""
    return _line(line_id, TakeBackForm())


@bp.post("/lines/<uuid:line_id>/reversal")
@needs("imports.run")
def take_back(line_id: uuid.UUID) -> Response:
    """Undo what was said of a line last."""
    form, done = TakeBackForm(), list[Outcome]()
    if wrong := attempt(form, lambda: done.append(doing.undo(line_id, form))):
        return _line(line_id, form, wrong)
    if done[0].waits:
        return led(done[0], "")
    return go(url_for("imports.line", line_id=line_id), toast=_("It was taken back: the line is to allocate again"))


def _filters() -> dict[str, Any]:
    kept = {"direction": request.args.get("direction", ""), "account": request.args.get("account", "")}
    kept["direction"] = kept["direction"] if kept["direction"] in DIRECTIONS else ""
    try:
        kept["account"] = str(uuid.UUID(kept["account"]))
    except ValueError:
        kept["account"] = ""
    return {name: value for name, value in kept.items() if value}


def _lines(form: AllocationForm, status: int = 200) -> Response:
    kept = _filters()
    account = uuid.UUID(kept["account"]) if "account" in kept else None
    at = keyset.asked(*queries.ORDER)
    return page(
        "imports/to_allocate.html",
        "imports/_open_lines.html",
        status=status,
        form=form,
        found=queries.to_allocate(account_id=account, direction=kept.get("direction", ""), at=at),
        total=queries.open_count(),
        kept=kept,
        accounts=cash_accounts(),
        chosen=set(form.line.data or ()),
    )


def _line(line_id: uuid.UUID, form: TakeBackForm, status: int = 200) -> Response:
    view = queries.line_view(line_id)
    return page(
        "imports/line.html",
        "imports/_take_back_form.html",
        status=status,
        view=view,
        form=form,
        words=WHAT,
        waits=WAITS,
    )
