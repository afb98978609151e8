"""Endpoints of members: the list, one member, adding, editing, standing, and the sealed identity number."""

import uuid

from flask import g

from app.groups import member_page, queries, services
from app.groups.access import needs
from app.groups.asking_schemas import MemberIn, MemberSearch, NewMemberIn, StandingIn
from app.groups.blueprint import api
from app.groups.rules import Status
from app.groups.schemas import CountOut, HappenedOut, MemberOut, MemberRowOut, NationalIdOut, happened_out
from app.groups.schemas import member_row_out as row_out
from app.groups.telling import told
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed, whole


@api.get("/members", endpoint="members")
@needs("members.see")
@endpoint("The members of the group", covers="groups.members", paged=True)
def members_list(query: MemberSearch) -> Listing[MemberRowOut]:
    """By name."""
    status = query.status.value if query.status else ""
    found = queries.members_page(search=query.q or "", status=status, at=keyset.asked(str, uuid.UUID))
    invited = queries.open_invitations([row.id for row in found.rows])
    return listed(found, lambda row: row_out(row, invited.get(row.id)))


@api.get("/members/counts")
@needs("members.see")
@endpoint("How many members there are", covers="groups.members")
def member_counts() -> Listing[CountOut]:
    """For each standing."""
    counts = queries.counts()
    return whole(Status, lambda status: CountOut(status=status, members=counts.get(status, 0)))


@api.get("/members/<uuid:member_id>")
@needs("group.see")
@endpoint("A member", covers="groups.member")
def member(member_id: uuid.UUID) -> MemberOut:
    """Oneself; others need the right members.see."""
    return told(*member_page.seen(member_id))


@api.get("/members/<uuid:member_id>/history")
@needs("group.see")
@endpoint("What happened to a member", covers="groups.member")
def member_history(member_id: uuid.UUID) -> Listing[HappenedOut]:
    """The last twelve events, the latest first; of others it needs the right members.see."""
    found, _ = member_page.seen(member_id)
    return whole(member_page.history(found), happened_out)


@api.post("/members")
@needs("members.manage")
@endpoint("Add a member without a sign-in", covers=("groups.member_new", "groups.member_create"), status=201)
def member_create(body: NewMemberIn) -> MemberOut:
    """Who gets a role beside member is added with the right roles.manage only."""
    made = services.add_member(**body.model_dump(), by=g.member.id)
    return told(*queries.standing(made.id))


@api.put("/members/<uuid:member_id>")
@needs("members.manage")
@endpoint("Change a member's profile", covers=("groups.member_edit", "groups.member_change"))
def member_change(member_id: uuid.UUID, body: MemberIn) -> MemberOut:
    """All of it is replaced. Who has a role is changed with the right roles.manage only."""
    services.edit_member(member=queries.member(member_id), by=g.member.id, **body.model_dump())
    return told(*queries.standing(member_id))


@api.post("/members/<uuid:member_id>/standing")
@needs("members.manage")
@endpoint("Suspend, pause, let back in, or note who left", covers=("groups.standing", "groups.standing_change"))
def standing_change(member_id: uuid.UUID, body: StandingIn) -> MemberOut:
    """Who is suspended or has left loses access at once; nobody leaves while the books hold something of theirs."""
    found, reason = queries.member(member_id), body.reason or ""
    member_page.take_step(found, body.status, reason=reason, on=body.on, by=g.member.id)
    return told(*queries.standing(member_id))


@api.post("/members/<uuid:member_id>/national-id")
@needs("members.manage")
@endpoint("Read a member's identity number", covers="groups.national_id", secret=True)
def national_id(member_id: uuid.UUID) -> NationalIdOut:
    """Each reading stands in the audit log; the answer is not kept for the key, so sent again it is read again."""
    found = queries.member(member_id)
    return NationalIdOut(national_id=services.reveal_national_id(member=found, by=g.member.id))
