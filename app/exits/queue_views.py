"""The pages of the queue for officers: who waits, all requests, a request for a member, what if so much came in."""

import uuid
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.exits import own_page, queue_page
from app.exits.blueprint import bp
from app.exits.forms import LeaveForThemForm, WithdrawForm
from app.groups.access import needs
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/")
@needs("money.see")
def queue() -> Response:
    """Who waits, the first first."""
    found = queue_page.waiting(keyset.asked(int, int))
    return page("exits/queue.html", "exits/_queue.html", **found)


@bp.get("/queue.csv")
@needs("money.see", fresh=True)
def queue_csv() -> Response:
    """The whole queue for a spreadsheet."""
    return queue_page.as_csv()


@bp.get("/requests")
@needs("money.see")
def requests() -> Response:
    """All requests, the latest first, in one state or in any."""
    state = queue_page.state_asked(request.args.get("state", ""))
    found = queue_page.everything(state, keyset.asked(int))
    return page("exits/requests.html", "exits/_requests.html", **found)


@bp.get("/requests/new")
@needs("money.record")
def request_new() -> Response:
    """For whom, and what is asked; then on to the page of it."""
    form = queue_page.whose_form(request.args)
    if request.args and form.validate():
        endpoint = "exits.leaving_for" if form.kind.data == "exit" else "exits.withdrawal_for"
        return go(url_for(endpoint, member_id=form.member.data))
    return page("exits/request_new.html", status=422 if request.args else 200, form=form)


@bp.get("/members/<uuid:member_id>/leaving")
@needs("money.record")
def leaving_for(member_id: uuid.UUID) -> Response:
    """What a member would be entitled to, and what it means to leave."""
    return page("exits/leaving.html", form=LeaveForThemForm(), **own_page.leaving(member_id))


@bp.post("/members/<uuid:member_id>/leaving")
@needs("money.record")
def leave_for(member_id: uuid.UUID) -> Response:
    """Ask to leave for a member."""
    form, made = LeaveForThemForm(), list[uuid.UUID]()
    wrong = attempt(form, lambda: made.append(own_page.leave(form, member_id, by=g.member.id)))
    if wrong:
        return page("exits/leaving.html", status=wrong, form=form, **own_page.leaving(member_id))
    return _made(made[0])


@bp.get("/members/<uuid:member_id>/withdrawal")
@needs("money.record")
def withdrawal_for(member_id: uuid.UUID) -> Response:
    """How much a member can withdraw, and why."""
    return page("exits/withdrawal.html", form=WithdrawForm(), **own_page.withdrawing(member_id))


@bp.post("/members/<uuid:member_id>/withdrawal")
@needs("money.record")
def withdraw_for(member_id: uuid.UUID) -> Response:
    """Ask for a withdrawal for a member."""
    form, made = WithdrawForm(), list[uuid.UUID]()
    wrong = attempt(form, lambda: made.append(own_page.withdraw(form, member_id, by=g.member.id)))
    if wrong:
        shown = own_page.withdrawing(member_id)
        return page("exits/withdrawal.html", "exits/_withdraw_form.html", wrong, form=form, **shown)
    return _made(made[0])


def _made(request_id: uuid.UUID) -> Response:
    return go(url_for("exits.request", exit_request_id=request_id), toast=_("The request is in the queue"))


@bp.get("/what-if")
@needs("money.see")
def what_if() -> Response:
    """Who would get what if so much came in; nothing is written."""
    shown: dict[str, Any] = queue_page.what_if(request.args)
    return page("exits/what_if.html", "exits/_outcome.html", shown.pop("code"), **shown)
