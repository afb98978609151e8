"""The pages of members: the list, one member, adding, editing, standing, and the sealed identity number."""

import uuid
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.core import clock
from app.groups import member_page, queries, services
from app.groups.access import needs
from app.groups.blueprint import bp
from app.groups.errors import Stale
from app.groups.forms import MemberForm, NewMemberForm
from app.groups.rules import fingerprint
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/members")
@needs("members.see")
def members() -> Response:
    """The members by name, found by any part of name, number, phone or address."""
    return page("groups/members.html", fragment="groups/_members.html", **member_page.listing())


@bp.get("/members/<uuid:member_id>")
@needs("group.see")
def member(member_id: uuid.UUID) -> Response:
    """One member; without members.see only oneself."""
    return page("groups/member.html", **member_page.parts(member_id))


@bp.post("/members/<uuid:member_id>/national-id")
@needs("members.manage", fresh=True)
def national_id(member_id: uuid.UUID) -> Response:
    """Open the sealed identity number; a POST, because reading it is written down."""
    found = queries.member(member_id)
    number = services.reveal_national_id(member=found, by=g.member.id)
    parts = member_page.parts(member_id) | {"revealed": number or ""}
    return page("groups/member.html", fragment="groups/_national_id.html", **parts)


@bp.get("/members/new")
@needs("members.manage")
def member_new() -> Response:
    """The form for somebody without a sign-in."""
    form = NewMemberForm(data={"joined_on": clock.today(g.group.time_zone), "roles": ["member"], "voting_rights": True})
    return page("groups/member_new.html", fragment="groups/_member_form.html", form=form, member=None)


@bp.post("/members")
@needs("members.manage")
def member_create() -> Response:
    """Add somebody without a sign-in."""
    form = NewMemberForm()
    made: list[uuid.UUID] = []
    wrong = attempt(form, lambda: made.append(member_page.add(form, by=g.member.id)))
    if wrong:
        return page("groups/member_new.html", "groups/_member_form.html", status=wrong, form=form, member=None)
    return go(url_for("groups.member", member_id=made[0]), toast=_("The member was added"))


@bp.get("/members/<uuid:member_id>/profile")
@needs("members.manage")
def member_edit(member_id: uuid.UUID) -> Response:
    """The form of a member's profile."""
    found = queries.member(member_id)
    form = MemberForm(data=services.shown(found) | {"version": fingerprint(services.shown(found))})
    return page("groups/member_edit.html", form=form, member=found, changes=())


@bp.post("/members/<uuid:member_id>/profile")
@needs("members.manage")
def member_change(member_id: uuid.UUID) -> Response:
    """Change a member's profile; what was typed on a stale page is kept and shown beside what holds now."""
    found, form = queries.member(member_id), MemberForm()
    wrong = attempt(form, lambda: member_page.change(found, form, by=g.member.id))
    if not wrong:
        return go(url_for("groups.member", member_id=found.id), toast=_("Saved"))
    changes = member_page.differences(found, form) if form.refusal == str(Stale()) else ()
    if changes:
        form.version.data = fingerprint(services.shown(found))
    return page(
        "groups/member_edit.html", "groups/_member_form.html", status=wrong, form=form, member=found, changes=changes
    )


@bp.get("/members/<uuid:member_id>/standing")
@needs("members.manage")
def standing(member_id: uuid.UUID) -> Response:
    """The form that suspends, pauses, lets back in, or notes that somebody left."""
    found = queries.member(member_id)
    form = member_page.standing_form(found)
    form.on.data = clock.today(g.group.time_zone)
    return page("groups/standing.html", form=form, member=found, notes=member_page.STEPS)


@bp.post("/members/<uuid:member_id>/standing")
@needs("members.manage")
def standing_change(member_id: uuid.UUID) -> Response:
    """Change where a member stands."""
    found = queries.member(member_id)
    form = member_page.standing_form(found)
    told: dict[str, Any] = {"reason": form.reason.data or "", "on": form.on.data, "by": g.member.id}
    wrong = attempt(form, lambda: member_page.take_step(found, form.step.data, **told))
    if wrong:
        notes = member_page.STEPS
        return page(
            "groups/standing.html", "groups/_standing_form.html", status=wrong, form=form, member=found, notes=notes
        )
    return go(url_for("groups.member", member_id=found.id), toast=_("Saved"))
