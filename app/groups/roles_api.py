"""Endpoints of roles and permissions."""

import uuid

from flask import g

from app.groups import queries, services
from app.groups.access import needs
from app.groups.asking_schemas import OverrideIn, RolesIn
from app.groups.blueprint import api
from app.groups.permissions import BY_ROLE, ROLES
from app.groups.schemas import HolderOut, MemberOut, RoleOut, holder_out
from app.groups.telling import told
from app.web.api.endpoints import Listing, endpoint, whole


@api.get("/roles")
@needs("members.see")
@endpoint("Roles, and what each allows", covers="groups.roles")
def roles() -> Listing[RoleOut]:
    """They are the same in every group."""
    return whole(ROLES, lambda role: RoleOut(role=role, name=str(ROLES[role]), permissions=sorted(BY_ROLE[role])))


@api.get("/roles/holders")
@needs("members.see")
@endpoint("Who has a role", covers="groups.roles")
def role_holders() -> Listing[HolderOut]:
    """Everyone with more than the plain role of a member, by name, with what was granted or denied beside it."""
    own = queries.overrides()
    return whole(queries.holders(), lambda row: holder_out(row, own.get(row.id, {})))


@api.put("/members/<uuid:member_id>/roles")
@needs("roles.manage")
@endpoint("Give and take roles", covers=("groups.member_roles", "groups.member_roles_change"))
def member_roles_change(member_id: uuid.UUID, body: RolesIn) -> MemberOut:
    """The member has exactly these roles afterwards; nobody gives oneself one.

    On the page a person proves anew who they are; a token was made by a person who had just done so.
    """
    found = queries.member(member_id)
    # An auditor from outside is no member: that is said by taking the role away.
    services.set_roles(member=found, roles=body.roles, outside_auditor=True, by=g.member.id)
    return told(*queries.standing(member_id))


@api.post("/members/<uuid:member_id>/permissions")
@needs("roles.manage")
@endpoint("Grant or deny one right", covers="groups.member_permission")
def member_permission(member_id: uuid.UUID, body: OverrideIn) -> MemberOut:
    """Beside the roles, or as the roles say again; nobody does so for oneself. The other rights stay as they are.

    On the page a person proves anew who they are; a token was made by a person who had just done so.
    """
    found = queries.member(member_id)
    services.set_override(member=found, permission=body.permission, effect=body.effect, by=g.member.id)
    return told(*queries.standing(member_id))
