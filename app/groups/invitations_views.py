"""The pages of invitations: the list to paste, its preview, sending again and withdrawing."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.groups import inviting, queries, services
from app.groups.access import needs
from app.groups.blueprint import bp
from app.groups.forms import InviteForm, InviteMemberForm
from app.groups.invitees import Invitee, LineFault
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/members/invitations")
@needs("members.manage")
def invite() -> Response:
    """The box to paste people into."""
    return _invite_page(InviteForm(), (), ())


@bp.post("/members/invitations")
@needs("members.manage")
def invite_send() -> Response:
    """Show what the list says; once that was confirmed, invite everyone on it or nobody."""
    form = InviteForm()
    people, faults = inviting.read(form.people.data or "")
    if not form.validate() or faults or not people:
        return _invite_page(form, people, faults, status=422)
    if form.confirmed.data != "yes":
        return _invite_page(form, people, ())
    if wrong := attempt(form, lambda: services.invite(rows=people, by=g.member.id)):
        return _invite_page(form, people, (), status=wrong)
    told = ngettext("%(num)d invitation is on its way", "%(num)d invitations are on their way", len(people))
    return go(url_for("groups.members", status="invited"), toast=told)


def _invite_page(
    form: InviteForm, people: list[Invitee] | tuple[()], faults: list[LineFault] | tuple[()], status: int = 200
) -> Response:
    return page(
        "groups/invite.html", "groups/_invite_form.html", status=status, form=form, people=people, faults=faults
    )


@bp.get("/members/<uuid:member_id>/invitation")
@needs("members.manage")
def invite_one(member_id: uuid.UUID) -> Response:
    """The address to which a member without a sign-in is invited."""
    found = queries.member(member_id)
    return page("groups/invite_one.html", form=InviteMemberForm(data={"email": found.email}), member=found)


@bp.post("/members/<uuid:member_id>/invitation")
@needs("members.manage")
def invite_one_send(member_id: uuid.UUID) -> Response:
    """Invite a member without a sign-in, or send a new link; the one before ends."""
    found, form = queries.member(member_id), InviteMemberForm()
    wrong = attempt(form, lambda: services.invite_member(member=found, email=form.email.data, by=g.member.id))
    if wrong:
        return page("groups/invite_one.html", "groups/_invite_one_form.html", status=wrong, form=form, member=found)
    return go(url_for("groups.member", member_id=found.id), toast=_("The invitation is on its way"))


@bp.post("/members/<uuid:member_id>/invitation/withdrawal")
@needs("members.manage")
def invitation_withdraw(member_id: uuid.UUID) -> Response:
    """End the link of an invitation."""
    inviting.withdraw(member_id, by=g.member.id)
    return go(url_for("groups.member", member_id=member_id), toast=_("The invitation was withdrawn"))
