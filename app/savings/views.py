"""The pages of windows: the current one, the list, one of them, opening one, not asking for a contribution, arrears."""

import uuid
from datetime import datetime
from decimal import Decimal

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import may, needs
from app.groups.queries import member as member_with
from app.savings import figures, member_page, month, queries, window_page
from app.savings.blueprint import bp
from app.savings.errors import NoSuchPayment
from app.savings.forms import ReasonForm, WindowForm
from app.savings.payment_page import own_or_may_see
from app.savings.waiving import waive_contribution
from app.savings.windows import open_by_hand, value_of
from app.savings.windows import window as window_with
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/")
@needs("group.see")
def overview() -> Response:
    """The current window: who paid and who did not; a member without that right is led to the own savings."""
    if not may("money.see"):
        return go(url_for("savings.mine"))
    opened = month.current_window()
    if opened is None:
        return page("savings/overview.html", shown=None, pool=figures.pool(), drawn=figures.year_chart())
    shown = window_page.parts(opened, request.args.get("status", ""))
    return page(
        "savings/overview.html", "savings/_month.html", shown=shown, pool=figures.pool(), drawn=figures.year_chart()
    )


@bp.get("/windows")
@needs("money.see")
def windows() -> Response:
    """All windows with their totals, the latest first."""
    found = month.windows_page(keyset.asked(datetime, uuid.UUID))
    rows = month.totals_of([value_of(row) for row in found.rows])
    return page("savings/windows.html", "savings/_windows.html", rows=rows, pages=found.urls("savings.windows"))


@bp.get("/windows/<uuid:window_id>")
@needs("money.see")
def window(window_id: uuid.UUID) -> Response:
    """One window: each member's expected, actual, variance, days late and status."""
    shown = window_page.parts(window_with(window_id), request.args.get("status", ""))
    return page("savings/window.html", "savings/_month.html", shown=shown)


@bp.get("/windows/new")
@needs("settings.manage")
def window_new() -> Response:
    """The form of a window that an officer opens."""
    return page("savings/window_new.html", form=window_page.new_form())


@bp.post("/windows")
@needs("settings.manage")
def window_create() -> Response:
    """Open a window by hand."""
    form = WindowForm()
    wrong = attempt(form, lambda: open_by_hand(**window_page.told(form), by=g.member.id))
    if wrong:
        return page("savings/window_new.html", "savings/_window_form.html", status=wrong, form=form)
    return go(url_for("savings.windows"), toast=_("The window is open"))


@bp.get("/windows/<uuid:window_id>/waivers/<uuid:member_id>")
@needs("money.approve")
def window_waiver(window_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """The form that no longer asks for a contribution."""
    found, member = window_with(window_id), member_with(member_id)
    return page("savings/window_waiver.html", form=ReasonForm(), window=found, member=member)


@bp.post("/windows/<uuid:window_id>/waivers/<uuid:member_id>")
@needs("money.approve")
def window_waive(window_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """No longer ask for a contribution."""
    found, member, form = window_with(window_id), member_with(member_id), ReasonForm()
    told = {"window_id": found.id, "member_id": member.id}
    wrong = attempt(form, lambda: waive_contribution(**told, reason=str(form.reason.data), by=g.member.id))
    if wrong:
        fragment = "savings/_waiver_form.html"
        return page("savings/window_waiver.html", fragment, status=wrong, form=form, window=found, member=member)
    return go(url_for("savings.window", window_id=window_id), toast=_("The contribution was waived"))


@bp.get("/arrears")
@needs("money.see")
def arrears() -> Response:
    """Who is behind, with how much, since when."""
    rows = month.arrears()
    return page("savings/arrears.html", rows=rows, total=sum((row.missing for row in rows), Decimal(0)))


@bp.get("/mine")
@needs("group.see")
def mine() -> Response:
    """One's own payments and windows."""
    return _member(g.member.id)


@bp.get("/members/<uuid:member_id>")
@needs("group.see")
def member(member_id: uuid.UUID) -> Response:
    """A member's payments and windows; of others only with money.see."""
    own_or_may_see(member_id, NoSuchPayment)
    return _member(member_id)


def _member(member_id: uuid.UUID) -> Response:
    found = queries.payments_page(member_id=member_id, at=keyset.asked(datetime, uuid.UUID))
    pages = found.urls("savings.member", member_id=member_id)
    shown = member_page.parts(member_id)
    return page("savings/member.html", "savings/_payments.html", found=found, pages=pages, named=False, **shown)
