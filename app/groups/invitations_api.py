"""Endpoints of invitations: many, one, and withdrawing."""

import uuid

from flask import g

from app.groups import inviting, queries, services
from app.groups.access import needs
from app.groups.asking_schemas import AddressIn, InviteesIn, ListIn
from app.groups.blueprint import api
from app.groups.schemas import (
    InvitationOut,
    InviteesOut,
    invitation_out,
    invitee_out,
    line_fault_out,
)
from app.web.api.endpoints import Listing, endpoint, whole


@api.post("/invitations/preview")
@needs("members.manage")
@endpoint("Read a pasted list of people", covers="groups.invite")
def invitations_preview(body: ListIn) -> InviteesOut:
    """Who could be invited and what is wrong with the other lines; nothing is sent."""
    people, faults = inviting.read(body.text)
    return InviteesOut(people=[invitee_out(row) for row in people], faults=[line_fault_out(row) for row in faults])


@api.post("/invitations")
@needs("members.manage")
@endpoint("Invite people", covers=("groups.invite", "groups.invite_send"), status=201)
def invite(body: InviteesIn) -> Listing[InvitationOut]:
    """Everyone or nobody; each becomes a member who is invited and gets a mail with a link that works for a week."""
    people = inviting.checked([one.model_dump() for one in body.people])
    return whole(services.invite(rows=people, by=g.member.id), invitation_out)


@api.post("/members/<uuid:member_id>/invitation")
@needs("members.manage")
@endpoint("Invite a member", covers=("groups.invite_one", "groups.invite_one_send"), status=201)
def invite_one(member_id: uuid.UUID, body: AddressIn) -> InvitationOut:
    """Somebody who is in the group without a sign-in, or once more; the link before ends."""
    found = queries.member(member_id)
    return invitation_out(services.invite_member(member=found, email=body.email, by=g.member.id))


@api.delete("/members/<uuid:member_id>/invitation")
@needs("members.manage")
@endpoint("Withdraw an invitation", covers="groups.invitation_withdraw")
def invitation_withdraw(member_id: uuid.UUID) -> None:
    """The link ends; who was only invited leaves the list of members."""
    inviting.withdraw(member_id, by=g.member.id)
