"""Shapes of members, roles and invitations, as they are told."""

import uuid
from collections.abc import Mapping
from typing import Any, Literal

from app.core import clock
from app.groups import services
from app.groups.invitees import Invitee, LineFault
from app.groups.member_page import Happened
from app.groups.models import Invitation, Member
from app.groups.permissions import permissions_of
from app.groups.rules import Status, fingerprint, next_steps
from app.web.api.shapes import Day, Moment, Shape


class InvitationOut(Shape):
    """An invitation that was neither accepted nor withdrawn; once it has expired its link leads nowhere."""

    id: uuid.UUID
    member_id: uuid.UUID
    email: str
    created_at: Moment
    expires_at: Moment
    expired: bool


class MemberRowOut(Shape):
    """A member in a list. `leaving_since` is the moment of an exit request that was not cancelled."""

    id: uuid.UUID
    identifier: str
    display_name: str
    email: str | None
    phone: str | None
    status: Status
    roles: list[str]
    joined_on: Day
    left_on: Day | None
    leaving_since: Moment | None
    voting_rights: bool
    signs_in: bool
    invitation: InvitationOut | None


class OverrideOut(Shape):
    """A right that one member has or lacks beside the roles."""

    permission: str
    effect: Literal["grant", "deny"]


class MemberOut(MemberRowOut):
    """A member whole. `national_id_kept` is told to who may read or change it; `version` names what is shown here."""

    overrides: list[OverrideOut]
    permissions: list[str]
    next_steps: list[Status]
    national_id_kept: bool | None
    version: str


class HappenedOut(Shape):
    """Something that was done to a member; `by` is null for the service."""

    at: Moment
    action: str
    fields: list[str]
    by_id: uuid.UUID | None
    by: str | None


class CountOut(Shape):
    """How many members stand there."""

    status: Status
    members: int


class NationalIdOut(Shape):
    """An identity number as it is kept, or null."""

    national_id: str | None


class RoleOut(Shape):
    """A role, and what it allows."""

    role: str
    name: str
    permissions: list[str]


class HolderOut(Shape):
    """Somebody with more than the plain role of a member."""

    member_id: uuid.UUID
    display_name: str
    status: Status
    roles: list[str]
    overrides: list[OverrideOut]


class InviteeOut(Shape):
    """A person as a line of the list says."""

    line: int
    display_name: str
    email: str
    phone: str | None
    roles: list[str]


class LineFaultOut(Shape):
    """What is wrong with a line."""

    line: int
    text: str
    detail: str


class InviteesOut(Shape):
    """What a pasted list says."""

    people: list[InviteeOut]
    faults: list[LineFaultOut]


def invitation_out(row: Invitation) -> InvitationOut:
    """An invitation as it is told."""
    names = ("id", "member_id", "email", "created_at", "expires_at")
    told = {name: getattr(row, name) for name in names}
    return InvitationOut.model_validate(told | {"expired": row.expires_at < clock.now()})


def member_row_out(row: Member, invitation: Invitation | None) -> MemberRowOut:
    """A member in a list as it is told."""
    return MemberRowOut.model_validate(_row(row, invitation))


def member_out(row: Member, effects: Mapping[str, str], invitation: Invitation | None, *, kept_told: bool) -> MemberOut:
    """A member as it is told; `effects` are the own grants and denials."""
    told = {
        "overrides": overrides_out(effects),
        "permissions": sorted(permissions_of(row.roles, effects)),
        "next_steps": [Status(step) for step in next_steps(row.status)],
        "national_id_kept": row.national_id is not None if kept_told else None,
        "version": fingerprint(services.shown(row)),
    }
    return MemberOut.model_validate(_row(row, invitation) | told)


def _row(row: Member, invitation: Invitation | None) -> dict[str, Any]:
    names = ("id", "identifier", "display_name", "email", "phone", "roles", "joined_on", "left_on", "leaving_since")
    told = {name: getattr(row, name) for name in (*names, "voting_rights")}
    about = {"status": Status(row.status), "signs_in": row.user_id is not None}
    return told | about | {"invitation": invitation_out(invitation) if invitation else None}


def overrides_out(effects: Mapping[str, str]) -> list[OverrideOut]:
    """Grants and denials as they are told; what follows the roles again is none."""
    rows = sorted((name, effect) for name, effect in effects.items() if effect != "role")
    return [OverrideOut.model_validate({"permission": name, "effect": effect}) for name, effect in rows]


def happened_out(one: Happened) -> HappenedOut:
    """An event of a member's history as it is told."""
    told = {name: getattr(one.event, name) for name in ("at", "action", "fields")}
    return HappenedOut.model_validate(told | {"by_id": one.event.member_id, "by": one.who})


def holder_out(row: Member, effects: Mapping[str, str]) -> HolderOut:
    """Somebody with a role as they are told."""
    told = {"member_id": row.id, "display_name": row.display_name, "status": Status(row.status), "roles": row.roles}
    return HolderOut.model_validate(told | {"overrides": overrides_out(effects)})


def invitee_out(row: Invitee) -> InviteeOut:
    """A person of a list as they are told."""
    names = ("line", "display_name", "email", "phone")
    return InviteeOut.model_validate({name: getattr(row, name) for name in names} | {"roles": list(row.roles)})


def line_fault_out(row: LineFault) -> LineFaultOut:
    """A fault of a list as it is told."""
    return LineFaultOut(line=row.line, text=row.text, detail=str(row.sentence))
