"""Asking to be forgotten, taking it back, and carrying it out when the time has come."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.auth import events, queries
from app.auth.models import UserAccount
from app.auth.signing_in import confirm_password
from app.core import clock, mail
from app.core.db import platform, session, transaction
from app.core.ids import new_id
from app.core.keys import open_for, seal_for
from app.core.outbox import later, later_for_person
from app.groups import queries as members
from app.groups.models import Member
from app.groups.services.members import check_rank_of, lock_group
from app.privacy import forgetting, standing_against
from app.privacy.errors import ErasedAlready, HasSignIn, ReasonMissing, StandsAgainst
from app.privacy.models import MemberErasure, PersonErasure
from app.privacy.rules import WAITS

PERSON, MEMBER = "privacy.erase_person", "privacy.erase_member"


def ask(*, account: UserAccount, password: str) -> PersonErasure:
    """Ask to be erased everywhere in two weeks. Asked already, that wish is found.

    Raises WrongPassword, StandsAgainst with every reason.
    """
    confirm_password(account, password)
    platform().get_one(UserAccount, account.id, with_for_update=True)  # pressed twice at once, it is one wish
    if found := waiting_of(account.id):
        return found
    if reasons := standing_against.of_person(account.id):
        raise StandsAgainst(reasons=" ".join(reasons))
    now = _now()
    row = PersonErasure(id=new_id(), user_id=account.id, asked_at=now, due_at=now + WAITS)
    platform().add(row)
    platform().flush()
    events.record("erasure_asked", user_id=account.id, severity="warning")
    later_for_person(PERSON, key=f"{PERSON}:{row.id}", due=row.due_at, erasure_id=str(row.id))
    _tell(account, "privacy_erasure_asked", row.id, until=row.due_at)
    return row


def cancel(*, account: UserAccount) -> None:
    """Take the wish back; nothing when there is none."""
    row = waiting_of(account.id)
    if row is not None:
        row.cancelled_at = clock.now()
        events.record("erasure_cancelled", user_id=account.id, severity="notice")


def waiting_of(user_id: uuid.UUID, *, to_read: bool = False) -> PersonErasure | None:
    """The wish of a person that waits for its day; held against others unless it is only `to_read`."""
    open_ = sa.and_(PersonErasure.cancelled_at.is_(None), PersonErasure.done_at.is_(None))
    mine = sa.select(PersonErasure).where(PersonErasure.user_id == user_id, open_)
    return platform().scalar(mine if to_read else mine.with_for_update())


def ask_for_member(*, member: Member, reason: str, by: uuid.UUID) -> MemberErasure:
    """Ask for the erasure of a member who has no sign-in, or has left. Asked already, that is found.

    Raises HasSignIn, ErasedAlready, ReasonMissing, StandsAgainst, MayNot (who has a role is for those who give roles).
    """
    lock_group()
    check_rank_of(member, by=by)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if member.user_id is not None and member.status != "left":
        raise HasSignIn(name=member.display_name)
    if erased(member.id):
        raise ErasedAlready
    if found := waiting_of_member(member.id):
        return found
    if reasons := standing_against.of_member(member):
        raise StandsAgainst(reasons=" ".join(reasons))
    now = _now()
    row = _wish(member.id, now, now + WAITS, by=by, reason=reason)
    record("request", "erasure", member.id, by=by, after={"reason": reason}, about=member.id, severity="warning")
    later(MEMBER, key=f"{MEMBER}:{row.id}", due=row.due_at, erasure_id=str(row.id))
    return row


def _now() -> datetime:
    # The database counts the two weeks, so they begin by its clock: it takes no wish that says otherwise.
    told: datetime = platform().execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return told


def _wish(
    member_id: uuid.UUID, asked: datetime, due: datetime, *, by: uuid.UUID | None, reason: str = ""
) -> MemberErasure:
    row = MemberErasure(id=new_id(), member_id=member_id, asked_by=by, asked_at=asked, due_at=due)
    row.reason = seal_for(member_id, reason, reason_place(row.id)) if reason else None
    session().add(row)
    session().flush()
    return row


def cancel_for_member(*, member: Member, by: uuid.UUID) -> None:
    """Take the wish back; nothing when there is none."""
    row = waiting_of_member(member.id)
    if row is not None:
        row.cancelled_at, row.cancelled_by = clock.now(), by
        record("withdraw", "erasure", member.id, by=by, about=member.id, severity="notice")


def waiting_of_member(member_id: uuid.UUID, *, to_read: bool = False) -> MemberErasure | None:
    """The wish about a member that waits for its day; held against others unless it is only `to_read`."""
    open_ = sa.and_(MemberErasure.cancelled_at.is_(None), MemberErasure.done_at.is_(None))
    mine = sa.select(MemberErasure).where(MemberErasure.member_id == member_id, open_)
    return session().scalar(mine if to_read else mine.with_for_update())


def erased(member_id: uuid.UUID) -> bool:
    """Whether a member was erased."""
    done = sa.select(MemberErasure.id).where(MemberErasure.member_id == member_id, MemberErasure.done_at.is_not(None))
    return session().scalar(done) is not None


def about(member: Member) -> dict[str, Any]:
    """Whether a member was or will be erased, what stands against it, and after how many days it is done."""
    return {
        "wish": waiting_of_member(member.id, to_read=True),
        "erased": erased(member.id),
        "signs_in": member.user_id is not None and member.status != "left",
        "reasons": standing_against.of_member(member),
        "days": WAITS.days,
    }


def reason_of(row: MemberErasure) -> str | None:
    """Why an officer asked; gone with the member's key."""
    return open_for(row.member_id, row.reason, reason_place(row.id)) if row.reason else None


def reason_place(row_id: uuid.UUID) -> str:
    """What a sealed reason is bound to."""
    return f"member_erasure|{row_id}|reason"


def carry_out_member(*, erasure_id: str) -> None:
    """Erase a member whose time has come; the handler of `privacy.erase_member`."""
    row = session().scalar(sa.select(MemberErasure).where(MemberErasure.id == uuid.UUID(erasure_id)).with_for_update())
    if row is None or row.cancelled_at or row.done_at:
        return
    member = members.member(row.member_id)
    if standing_against.of_member(member) or (member.user_id is not None and member.status != "left"):
        row.cancelled_at = clock.now()
        record("reject", "erasure", member.id, by=None, about=member.id, severity="warning")
        return
    forgetting.forget_member(member, row)


def carry_out_person(*, erasure_id: str) -> None:
    """Erase a person whose time has come, group by group; begun again where it stopped.

    The handler of `privacy.erase_person`. Where something stands against it by now, they are told and stay.
    """
    row = platform().get(PersonErasure, uuid.UUID(erasure_id), with_for_update=True)
    if row is None or row.cancelled_at or row.done_at:
        return
    account = queries.account(row.user_id)
    if reasons := standing_against.of_person(account.id):
        row.cancelled_at = clock.now()
        _tell(account, "privacy_erasure_stopped", row.id, reasons=reasons)
        return
    facts = forgetting.facts_of(account)
    with transaction(user_id=account.id):
        places = [(place.group.id, place.member_id) for place in members.memberships(account.id)]
    for group_id, member_id in places:
        with transaction(group_id=group_id):
            wish = waiting_of_member(member_id) or _wish(member_id, row.asked_at, row.due_at, by=None)
            forgetting.forget_member(members.member(member_id), wish, also=facts)
    forgetting.forget_account(account, row)


def _tell(account: UserAccount, template: str, wish: uuid.UUID, **data: object) -> None:
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
    mail.queue_for_person(
        key=f"{template}:{wish}",
        user_id=account.id,
        to=account.email,
        template=template,
        data={"name": account.name, **told},
        locale=account.locale,
    )
