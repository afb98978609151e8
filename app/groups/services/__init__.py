"""The verbs of groups: founding, members, invitations, roles, policy and settings. They flush and never commit."""

from app.groups.services.founding import edit_group, found_group, profile_version
from app.groups.services.invitations import (
    Arrival,
    accept_invitation,
    find_invitation,
    invite,
    invite_member,
    join_anew,
    resend_invitation,
    withdraw_invitation,
)
from app.groups.services.members import add_member, edit_member, reveal_national_id, shown
from app.groups.services.policies import new_version
from app.groups.services.roles import set_override, set_roles
from app.groups.services.settings import change_settings
from app.groups.services.standing import mark_inactive, mark_left, restore_member, suspend_member

__all__ = [
    "Arrival",
    "accept_invitation",
    "add_member",
    "change_settings",
    "edit_group",
    "edit_member",
    "find_invitation",
    "found_group",
    "invite",
    "invite_member",
    "join_anew",
    "mark_inactive",
    "mark_left",
    "new_version",
    "profile_version",
    "resend_invitation",
    "restore_member",
    "reveal_national_id",
    "set_override",
    "set_roles",
    "shown",
    "suspend_member",
    "withdraw_invitation",
]
