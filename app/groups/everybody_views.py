"""The page that invites everybody who is in the group without a sign-in."""

from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.groups.access import needs
from app.groups.blueprint import bp
from app.groups.forms import InviteAllForm
from app.groups.services import everybody
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/members/invitations/everybody")
@needs("members.manage")
def invite_all() -> Response:
    """Who would be invited, and who cannot be."""
    found = everybody.waiting(by=g.member.id)
    return _page(found, InviteAllForm(data={"version": found.version}))


@bp.post("/members/invitations/everybody")
@needs("members.manage")
def invite_all_send() -> Response:
    """Invite them, once each."""
    form, sent = InviteAllForm(), list[Any]()
    wrong = attempt(
        form, lambda: sent.extend(everybody.invite_everybody(version=form.version.data or "", by=g.member.id))
    )
    if wrong:
        found = everybody.waiting(by=g.member.id)
        form.version.data = found.version
        return _page(found, form, status=wrong)
    if not sent:
        return go(url_for("groups.members"), toast=("info", _("Everybody with an address is invited already")))
    told = ngettext("%(num)d invitation is on its way", "%(num)d invitations are on their way", len(sent))
    return go(url_for("groups.members"), toast=told)


def _page(found: everybody.Uninvited, form: InviteAllForm, status: int = 200) -> Response:
    return page("groups/invite_all.html", "groups/_invite_all_form.html", status=status, found=found, form=form)
