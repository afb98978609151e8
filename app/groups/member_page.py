"""What the pages of members show, gathered from this room, the audit log and the rooms above."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, request, url_for
from flask_babel import lazy_gettext as _

from app.audit import words
from app.audit.models import AuditEvent
from app.audit.queries import history_of
from app.core import clock
from app.core.rooms import Section, rooms
from app.groups import queries, services
from app.groups.access import may
from app.groups.errors import MayNot
from app.groups.forms import MemberForm, NewMemberForm, StandingForm
from app.groups.models import Member
from app.groups.permissions import permissions_of
from app.groups.rules import Status, next_steps
from app.web import keyset, statuses
from app.web.forms import choices

HISTORY = ("create", "suspend", "activate", "deactivate", "leave", "invite", "accept", "withdraw", "update")
STEPS: Mapping[str, tuple[Any, Any]] = {
    Status.SUSPENDED: (_("Suspend"), _("Access ends at once; the history stays and they can come back.")),
    Status.INACTIVE: (_("Pause"), _("They do not take part for now, and may still look.")),
    Status.ACTIVE: (_("Let back in"), _("They are a full member again, with their history.")),
    Status.LEFT: (_("Has left the group"), _("Possible once nothing of theirs is left in the books.")),
}


def listing() -> dict[str, Any]:
    """The list of members that this request asks for: search, status, page."""
    search, chosen = request.args.get("q", "").replace("\0", "")[:100].strip(), request.args.get("status", "")
    chosen = chosen if chosen in set(Status) else ""
    counts = queries.counts()
    found = queries.members_page(search=search, status=chosen, at=keyset.asked(str, uuid.UUID))
    return {
        "found": found,
        "pages": found.urls("groups.members", q=search, status=chosen),
        "invited": queries.open_invitations([member.id for member in found.rows if member.status == Status.INVITED]),
        "counts": counts,
        "chips": [_chip(status, search, chosen, counts.get(status, 0)) for status in ("", *Status)],
        "search": search,
        "chosen": chosen,
        "now": clock.now(),
    }


def _chip(status: str, search: str, chosen: str, count: int) -> tuple[object, str, bool, int | None]:
    url = url_for("groups.members", q=search or None, status=status or None)
    return (statuses.status_of(status)[1] if status else _("All")), url, status == chosen, count if status else None


@dataclass(frozen=True)
class Happened:
    """Something that was done to a member: the event, its word, and the name of who did it, None for the service."""

    event: AuditEvent
    word: object
    who: str | None


def seen(member_id: uuid.UUID) -> tuple[Member, dict[str, str]]:
    """A member with own grants and denials. Raises MayNot for others when one sees oneself only, NotFound."""
    member, overrides = queries.standing(member_id)
    if member.id != g.member.id and not may("members.see"):
        raise MayNot
    return member, overrides


def history(member: Member) -> list[Happened]:
    """The last things that happened to a member, the latest first."""
    events = history_of(member.id, actions=HISTORY, limit=12)
    names = queries.names([event.member_id for event in events])
    return [
        Happened(event, words.action(event.action), names.get(event.member_id) if event.member_id else None)
        for event in events
    ]


def parts(member_id: uuid.UUID) -> dict[str, Any]:
    """Everything on the page. Raises MayNot for others when one sees oneself only, NotFound for no such member."""
    member, overrides = seen(member_id)
    is_self = member.id == g.member.id
    return {
        "member": member,
        "is_self": is_self,
        "overrides": {name: effect for name, effect in overrides.items() if effect != "role"},
        "permissions": permissions_of(member.roles, overrides),
        "invitation": queries.open_invitations([member.id]).get(member.id),
        "now": clock.now(),
        "history": history(member),
        "panels": _panels(member.id) if is_self or may("money.see") else (),
        "revealed": None,
    }


def _panels(member_id: uuid.UUID) -> list[Section]:
    found = [room.member_panel(member_id) for room in rooms() if room.member_panel is not None]
    return sorted((panel for panel in found if panel is not None), key=lambda panel: panel.order)


def differences(member: Member, form: MemberForm) -> list[tuple[object, Any, Any]]:
    """Field by field, what is kept now and what a stale page would make of it."""
    now = services.shown(member)
    typed = {name: form[name].data for name in now}
    return [(words.field(name), now[name], typed[name]) for name in now if (now[name] or "") != (typed[name] or "")]


def add(form: NewMemberForm, *, by: uuid.UUID) -> uuid.UUID:
    """Add the member of the form; returns the id. Raises what the verb raises."""
    roles = form.roles.data or ()
    made = services.add_member(**_typed(form), roles=roles, by=by)
    return made.id


def change(member: Member, form: MemberForm, *, by: uuid.UUID) -> None:
    """Change a member as the form says. Raises what the verb raises."""
    services.edit_member(
        member=member,
        by=by,
        version=form.version.data or "",
        forget_national_id=bool(form.forget_national_id.data),
        **_typed(form),
    )


def _typed(form: MemberForm | NewMemberForm) -> dict[str, Any]:
    names = ("display_name", "identifier", "email", "phone", "joined_on", "national_id")
    return {name: form[name].data or None for name in names} | {"voting_rights": bool(form.voting_rights.data)}


def standing_form(member: Member) -> StandingForm:
    """The form with the steps that can be taken from where the member stands."""
    form = StandingForm()
    form.step.choices = choices((step, STEPS[step][0]) for step in next_steps(member.status))
    return form


def take_step(member: Member, step: str, *, reason: str, on: date | None, by: uuid.UUID) -> None:
    """Carry out the step that was chosen; who left did so today unless a day is said. Raises what the verbs raise."""
    if step == Status.SUSPENDED:
        services.suspend_member(member=member, reason=reason, by=by)
    elif step == Status.INACTIVE:
        services.mark_inactive(member=member, reason=reason, by=by)
    elif step == Status.LEFT:
        services.mark_left(member=member, on=on or clock.today(g.group.time_zone), by=by)
    else:
        services.restore_member(member=member, by=by)
