"""Where a member stands: suspended and back, inactive, gone; who is suspended or gone loses access at once."""

import uuid
from datetime import date

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.errors import Invalid
from app.core.rooms import rooms
from app.groups.errors import LastLeader, OwnAccess, StillHolds
from app.groups.models import Member
from app.groups.queries import other_leaders
from app.groups.rules import Status, check_step
from app.groups.services.invitations import end_invitations
from app.groups.services.members import check_rank_of, check_room, lock_group


def suspend_member(*, member: Member, reason: str, by: uuid.UUID) -> Member:
    """Take a member's access away at once; the history stays. Raises WrongStatus, LastLeader, OwnAccess, MayNot."""
    _check_away(member, by=by)
    if member.id == by:
        raise OwnAccess
    return _step(member, Status.SUSPENDED, "suspend", by=by, reason=reason, severity="warning")


def restore_member(*, member: Member, by: uuid.UUID) -> Member:
    """Let a suspended, inactive or departed member back in, with the history. Raises WrongStatus, TooManyMembers."""
    grp = lock_group()
    session().refresh(member)
    check_rank_of(member, by=by)
    if member.status == Status.LEFT:
        check_room(grp, 1)
        member.leaving_since = None  # who comes back saves again
    member.left_on = None
    return _step(member, Status.ACTIVE, "activate", by=by)


def mark_inactive(*, member: Member, reason: str, by: uuid.UUID) -> Member:
    """Note that a member pauses; they may still look. Raises WrongStatus, MayNot."""
    lock_group()
    session().refresh(member)
    check_rank_of(member, by=by, oneself=True)
    return _step(member, Status.INACTIVE, "deactivate", by=by, reason=reason)


def mark_left(*, member: Member, on: date, by: uuid.UUID | None) -> Member:
    """Note that a member has gone. Refused while any room still keeps something of theirs.

    Raises StillHolds with the reasons, LastLeader, WrongStatus, MayNot, Invalid for a day before joining or ahead.
    """
    _check_away(member, by=by)
    if not member.joined_on <= on <= clock.today(lock_group().time_zone):
        raise Invalid(field="on")
    reasons = [reason for room in rooms() if (ask := room.rests_on.get("member")) for reason in ask(member.id)]
    if reasons:
        raise StillHolds(name=member.display_name, reasons=" ".join(str(reason) for reason in reasons))
    end_invitations(member)
    member.left_on = on
    return _step(member, Status.LEFT, "leave", by=by, severity="notice")


def _check_away(member: Member, *, by: uuid.UUID | None) -> None:
    lock_group()
    session().refresh(member)
    check_rank_of(member, by=by, oneself=True)
    if "leader" in member.roles and not other_leaders(member.id):
        raise LastLeader


def _step(
    member: Member, then: Status, action: str, *, by: uuid.UUID | None, reason: str = "", severity: str = "info"
) -> Member:
    check_step(member.status, then)
    before = {"status": member.status}
    member.status = then.value
    session().flush()
    after = {"status": then.value} | ({"reason": reason} if reason else {})
    record(action, "member", member.id, by=by, before=before, after=after, about=member.id, severity=severity)
    return member
