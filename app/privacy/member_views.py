"""Erasing a member who has no sign-in, or who has left, asked for by an officer."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import group_blueprint, needs
from app.groups.queries import member as member_named
from app.privacy import erasing
from app.privacy.forms import EraseMemberForm
from app.privacy.rules import WAITS
from app.web.attempt import attempt
from app.web.pages import go, page

bp = group_blueprint("member_privacy", __name__, prefix="/members")


@bp.get("/<uuid:member_id>/erasure")
@needs("members.manage", fresh=True)
def erase(member_id: uuid.UUID) -> Response:
    """What goes, what stays, and asking for it."""
    return _page(member_id, EraseMemberForm(), 200)


@bp.post("/<uuid:member_id>/erasure")
@needs("members.manage", fresh=True)
def erase_send(member_id: uuid.UUID) -> Response:
    """Ask for it."""
    form, member = EraseMemberForm(), member_named(member_id)
    given = {"member": member, "reason": form.reason.data or "", "by": g.member.id}
    if wrong := attempt(form, lambda: erasing.ask_for_member(**given)):
        return _page(member_id, form, wrong)
    told = _("%(name)s will be erased in %(n)d days.", name=member.display_name, n=WAITS.days)
    return go(url_for("groups.member", member_id=member_id), toast=("warning", told))


@bp.post("/<uuid:member_id>/erasure/cancel")
@needs("members.manage")
def keep(member_id: uuid.UUID) -> Response:
    """Take it back."""
    erasing.cancel_for_member(member=member_named(member_id), by=g.member.id)
    return go(url_for("groups.member", member_id=member_id), toast=_("Nothing will be erased."))


def _page(member_id: uuid.UUID, form: EraseMemberForm, status: int) -> Response:
    member = member_named(member_id)
    told = {"member": member, "form": form, **erasing.about(member)}
    return page("privacy/erase_member.html", "privacy/_erase_member_form.html", status=status, **told)
