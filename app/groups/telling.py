"""A member whole, as endpoints answer it."""

from collections.abc import Mapping

from flask import g

from app.groups import queries
from app.groups.access import may
from app.groups.models import Member
from app.groups.schemas import MemberOut, member_out


def told(member: Member, effects: Mapping[str, str]) -> MemberOut:
    """With the open invitation, and whether an identity number is kept for whom that concerns."""
    invitation = queries.open_invitations([member.id]).get(member.id)
    concerned = may("members.manage") or member.id == g.member.id
    return member_out(member, effects, invitation, kept_told=concerned)
