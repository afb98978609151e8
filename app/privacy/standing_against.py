"""Why somebody cannot be erased yet: sentences for them and for the officer who asks."""

import uuid

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session, transaction
from app.core.rooms import rooms
from app.groups.models import Member
from app.groups.queries import memberships, other_leaders
from app.ledgers.models import ApprovalDecision, ApprovalRequest


def of_member(member: Member) -> list[str]:
    """What keeps a member of the chosen group from being erased."""
    found = [str(reason) for room in rooms() if (ask := room.rests_on.get("member")) for reason in ask(member.id)]
    if "leader" in member.roles and not other_leaders(member.id):
        found.append(_("Nobody else leads the group: make somebody else a leader first."))
    if open_ := _open_requests(member.id):
        found.append(_("Movements they asked for still wait for a second person: %(count)s.", count=open_))
    return found


def _open_requests(member_id: uuid.UUID) -> int:
    decided = sa.select(ApprovalDecision.request_id)
    waiting = sa.select(sa.func.count()).select_from(ApprovalRequest)
    own = waiting.where(ApprovalRequest.requested_by == member_id, ApprovalRequest.id.not_in(decided))
    return session().scalar(own) or 0


def of_person(user_id: uuid.UUID) -> list[str]:
    """What keeps a person from being erased, in any of their groups, each sentence with the group's name."""
    with transaction(user_id=user_id):
        places = [(place.group.id, place.group.name, place.member_id) for place in memberships(user_id)]
    found = []
    for group_id, name, member_id in places:
        with transaction(user_id=user_id, group_id=group_id):
            row = session().scalars(sa.select(Member).where(Member.id == member_id)).one()
            found += [f"{name}: {reason}" for reason in of_member(row)]
    return found
