"""Endpoints that invite everybody who is in the group without a sign-in."""

from flask import g

from app.groups.access import needs
from app.groups.blueprint import api
from app.groups.everybody_schemas import EverybodyIn, EverybodyOut, everybody_out
from app.groups.schemas import InvitationOut, invitation_out
from app.groups.services import everybody
from app.web.api.endpoints import Listing, endpoint, whole


@api.get("/invitations/everybody")
@needs("members.manage")
@endpoint("Who is not invited yet", covers="groups.invite_all")
def uninvited() -> EverybodyOut:
    """Members without a sign-in and without an invitation that still holds."""
    return everybody_out(everybody.waiting(by=g.member.id))


@api.post("/invitations/everybody")
@needs("members.manage")
@endpoint("Invite everybody not invited yet", covers="groups.invite_all_send", status=201)
def invite_everybody(body: EverybodyIn) -> Listing[InvitationOut]:
    """Everybody who was told as ready, or nobody: when it would be others now, it is refused."""
    return whole(everybody.invite_everybody(version=body.version, by=g.member.id), invitation_out)
