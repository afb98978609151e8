"""Endpoints that invite everybody who is in the group without a sign-in."""

import uuid
from collections.abc import Sequence

from flask import g

from app.groups.access import needs
from app.groups.blueprint import api
from app.groups.models import Member
from app.groups.schemas import InvitationOut, invitation_out
from app.groups.services import everybody
from app.web.api.endpoints import Listing, endpoint, whole
from app.web.api.shapes import Shape


class UninvitedOut(Shape):
    """A member without a sign-in."""

    id: uuid.UUID
    identifier: str
    display_name: str
    email: str | None


class EverybodyOut(Shape):
    """Who can be invited, and who cannot: without an address, or with an office that the one who asks cannot give."""

    version: str
    ready: list[UninvitedOut]
    without_address: list[UninvitedOut]
    of_officers: list[UninvitedOut]


class EverybodyIn(Shape):
    """The version of who was shown."""

    version: str


@api.get("/invitations/everybody")
@needs("members.manage")
@endpoint("Who is not invited yet", covers="groups.invite_all")
def uninvited() -> EverybodyOut:
    """Members without a sign-in and without an invitation that still holds."""
    found = everybody.waiting(by=g.member.id)
    return EverybodyOut(
        version=found.version,
        ready=_told(found.ready),
        without_address=_told(found.without_address),
        of_officers=_told(found.of_officers),
    )


@api.post("/invitations/everybody")
@needs("members.manage")
@endpoint("Invite everybody not invited yet", covers="groups.invite_all_send", status=201)
def invite_everybody(body: EverybodyIn) -> Listing[InvitationOut]:
    """Everybody who was told as ready, or nobody: when it would be others now, it is refused."""
    return whole(everybody.invite_everybody(version=body.version, by=g.member.id), invitation_out)


def _told(rows: Sequence[Member]) -> list[UninvitedOut]:
    return [UninvitedOut.model_validate(row) for row in rows]
