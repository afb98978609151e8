"""Endpoints of the erasure of a member who has no sign-in, or who has left."""

import uuid

from flask import g

from app.groups.access import needs
from app.groups.queries import member as member_named
from app.privacy import erasing
from app.privacy.blueprint import api
from app.privacy.schemas import ErasureIn, ErasureOut, WishOut, wish_out
from app.web.api.endpoints import endpoint


@api.get("/members/<uuid:member_id>/erasure")
@needs("members.manage")
@endpoint("The erasure of a member", covers="member_privacy.erase")
def erasure(member_id: uuid.UUID) -> ErasureOut:
    """Whether it was asked for or carried out, and what stands against it now."""
    about = erasing.about(member_named(member_id))
    wish = about.pop("wish")
    return ErasureOut(waiting=wish_out(wish) if wish else None, **about)


@api.post("/members/<uuid:member_id>/erasure")
@needs("members.manage")
@endpoint("Ask for the erasure of a member", covers="member_privacy.erase_send", status=201)
def erasure_ask(member_id: uuid.UUID, body: ErasureIn) -> WishOut:
    """For who has no sign-in or has left; who has a role is erased with the right roles.manage only.

    It is carried out two weeks later and can be taken back until then. Asked already, that wish is found.
    """
    return wish_out(erasing.ask_for_member(member=member_named(member_id), reason=body.reason, by=g.member.id))


@api.delete("/members/<uuid:member_id>/erasure")
@needs("members.manage")
@endpoint("Take back the erasure of a member", covers="member_privacy.keep")
def erasure_cancel(member_id: uuid.UUID) -> None:
    """As long as it was not carried out; nothing happens when none waits."""
    erasing.cancel_for_member(member=member_named(member_id), by=g.member.id)
