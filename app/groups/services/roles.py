"""Roles given and taken, and single permissions granted or denied beside them."""

import uuid
from collections.abc import Iterable

from app.audit.log import record
from app.core.db import session
from app.core.errors import Invalid
from app.groups.errors import LastLeader, MayNot, OwnAccess
from app.groups.models import Member, MemberPermission
from app.groups.permissions import PERMISSIONS
from app.groups.queries import other_leaders, permissions_held, standing
from app.groups.rules import roles_of
from app.groups.services.invitations import end_invitations
from app.groups.services.members import lock_group

EFFECTS = ("grant", "deny", "role")


def set_roles(*, member: Member, roles: Iterable[str], by: uuid.UUID | None, outside_auditor: bool = False) -> Member:
    """Give a member exactly these roles (and member).

    Nobody gives oneself a role; the last leader keeps theirs. Open invitations end: who sent them chose the address
    before these roles were given. Raises LastLeader, OwnAccess, MayNot, UnknownRole,
    NoRole, AuditorIsOfficer.
    """
    lock_group()
    session().refresh(member)
    wanted = roles_of(roles, outside_auditor=outside_auditor)
    if wanted == member.roles:
        return member
    _check_actor(by)
    if by == member.id and set(wanted) - set(member.roles):
        raise OwnAccess(field="roles")
    if "leader" in member.roles and "leader" not in wanted and not other_leaders(member.id):
        raise LastLeader(field="roles")
    before, member.roles = {"roles": member.roles}, wanted
    end_invitations(member)  # flushes
    after = {"roles": wanted}
    record("update", "member", member.id, by=by, before=before, after=after, about=member.id, severity="notice")
    return member


def set_override(*, member: Member, permission: str, effect: str, by: uuid.UUID) -> None:
    """Grant or deny one permission to a member, or go back to what the roles say (`role`).

    Open invitations end: who sent them chose the address before this right was given.
    Raises OwnAccess, MayNot, Invalid.
    """
    if permission not in PERMISSIONS or effect not in EFFECTS:
        raise Invalid(field="permission" if permission not in PERMISSIONS else "effect")
    _check_actor(by)
    if by == member.id:
        raise OwnAccess
    before = standing(member.id)[1].get(permission, "role")
    if before == effect:
        return
    session().add(MemberPermission(member_id=member.id, permission=permission, effect=effect, set_by=by))
    end_invitations(member)  # flushes
    record(
        "update",
        "permission",
        member.id,
        by=by,
        before={permission: before},
        after={permission: effect},
        about=member.id,
        severity="notice",
    )


def _check_actor(by: uuid.UUID | None) -> None:
    if by is not None and "roles.manage" not in permissions_held(by):
        raise MayNot
