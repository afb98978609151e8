"""The door of the staff pages: closed to everyone else; staff prove themselves, then work as a role of their own."""

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.auth import door
from app.auth.sessions import limit_idle
from app.auth.step_up import to_confirm
from app.core.db import work_as
from app.staff.queries import is_staff
from app.staff.rules import CHANGE_WITHIN, ENTER_WITHIN, IDLE
from app.web.boundary import SAFE
from app.web.pages import go


def guard() -> Response | None:
    """Before every page of staff. Everyone else is answered as if there were no such page, signed in or not."""
    if not current_user.is_authenticated or not is_staff(current_user.id):
        abort(404)
    if not current_user.two_factor_enabled:
        door.keep_for_after_set_up(request.path)
        return go(url_for("auth.security"), toast=("info", _("Staff need a second step. Switch it on to go on.")))
    limit_idle(current_user.session_id, IDLE)
    if not current_user.fresh(ENTER_WITHIN if request.method in SAFE else CHANGE_WITHIN):
        return to_confirm()
    work_as("platform")
    return None
