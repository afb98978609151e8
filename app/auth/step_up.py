"""The guard before what matters most: whoever did not prove lately who they are does so now, and then goes on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import door
from app.auth.door import View, to_sign_in
from app.web.pages import go

MINUTES = 10


def fresh(view: View) -> View:
    """Let people see a page outside the groups only when they proved within ten minutes who they are.

    A second step counts where one is on, else the password. It stands under the route in place of `signed_in`.
    """
    return _guarded(view, lambda: bool(current_user.fresh(MINUTES)))


def fresh_second_step(view: View) -> View:
    """The same for a form that asks for the password itself: whoever has no second step needs no more than that."""
    return _guarded(view, lambda: not current_user.two_factor_enabled or bool(current_user.fresh(MINUTES)))


def _guarded(view: View, suffices: Callable[[], bool]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return to_sign_in()
        return view(*args, **kwargs) if suffices() else to_confirm()

    return guarded


def to_confirm() -> Response:
    """Lead somebody to confirm who they are, and from there back: to the page they asked for or, when they sent a
    form, to the page with the form, whose script has kept what they typed."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return go(url_for("auth.step_up", next=request.full_path.rstrip("?")))
    told = _("Nothing was sent yet: first confirm that it is you.")
    return go(url_for("auth.step_up", next=door.page_asked_from()), toast=("info", told))
