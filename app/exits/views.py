"""The pages of who leaves or withdraws: the own place, asking to leave, asking for a withdrawal."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.exits import own_page
from app.exits.blueprint import bp
from app.exits.forms import LeaveForm, WithdrawForm
from app.groups.access import needs
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/mine")
@needs("group.see")
def mine() -> Response:
    """The own requests, the place in the queue, and what one may ask for."""
    return page("exits/mine.html", **own_page.mine(g.member.id))


@bp.get("/leaving")
@needs("group.see")
def leaving() -> Response:
    """What one would be entitled to, and what it means to leave."""
    return page("exits/leaving.html", form=LeaveForm(), **own_page.leaving(g.member.id))


@bp.post("/leaving")
@needs("group.see")
def leave() -> Response:
    """Ask to leave."""
    form, made = LeaveForm(), list[uuid.UUID]()
    wrong = attempt(form, lambda: made.append(own_page.leave(form, g.member.id, by=g.member.id)))
    if wrong:
        return page("exits/leaving.html", status=wrong, form=form, **own_page.leaving(g.member.id))
    return go(url_for("exits.mine"), toast=_("You are in the queue. Your place stands below."))


@bp.get("/withdrawal")
@needs("group.see")
def withdrawal() -> Response:
    """How much can be withdrawn, and why."""
    return page("exits/withdrawal.html", form=WithdrawForm(), **own_page.withdrawing(g.member.id))


@bp.post("/withdrawal")
@needs("group.see")
def withdraw() -> Response:
    """Ask for a withdrawal."""
    form, made = WithdrawForm(), list[uuid.UUID]()
    wrong = attempt(form, lambda: made.append(own_page.withdraw(form, g.member.id, by=g.member.id)))
    if wrong:
        shown = own_page.withdrawing(g.member.id)
        return page("exits/withdrawal.html", "exits/_withdraw_form.html", wrong, form=form, **shown)
    return go(url_for("exits.mine"), toast=_("You are in the queue. Your place stands below."))
