"""Invitations: sent by mail, renewed, withdrawn, accepted with the secret that only the mail holds."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from app.audit.log import record
from app.auth.models import UserAccount
from app.auth.rules import digest
from app.auth.services import register
from app.core import clock, mail
from app.core.db import act_as, enter, platform, session
from app.core.ids import new_id
from app.core.outbox import later
from app.groups.contacts import email_of, name_of
from app.groups.errors import (
    AlreadyHere,
    AlreadySignsIn,
    ConfirmAddress,
    EmailTaken,
    GroupSuspended,
    InvitationEnded,
    NoAddress,
    NobodyInvited,
    OtherAddress,
    WrongStatus,
)
from app.groups.invitees import Invitee
from app.groups.models import Invitation, Member, SavingsGroup, SecretDigest
from app.groups.queries import OPEN_GROUPS, group, invitation_by, member_by_email, member_of, names
from app.groups.queries import member as find_member
from app.groups.rules import ENTERS, Status
from app.groups.services.members import add_member, check_rank, check_rank_of, check_room, lock_group

HOLDS = timedelta(days=7)
PURPOSE = "invitation"
JOINED = "groups.joined"  # the message that a new sign-in belongs to the group; notifications tell the officers
LONGEST_TOKEN = 100


@dataclass(frozen=True)
class Arrival:
    """What a link of an invitation leads to."""

    invitation: Invitation
    member: Member
    group: SavingsGroup
    inviter: str | None


def invite(*, rows: Sequence[Invitee], by: uuid.UUID | None) -> list[Invitation]:
    """Make everyone on the list a member who is invited, and mail each; all or nothing.

    Raises NobodyInvited, TooManyMembers, EmailTaken, IdentifierTaken, MayNot.
    """
    if not rows:
        raise NobodyInvited(field="people")
    check_room(lock_group(), len(rows))
    return [_send(_back_again(row, by=by) or _newcomer(row, by=by), row.email, by=by) for row in rows]


def _newcomer(row: Invitee, *, by: uuid.UUID | None) -> Member:
    return add_member(
        display_name=row.display_name,
        email=row.email,
        phone=row.phone,
        roles=row.roles,
        status=Status.INVITED,
        by=by,
    )


def _back_again(row: Invitee, *, by: uuid.UUID | None) -> Member | None:
    """Who was invited before, did not come, and was withdrawn: the same member is invited again."""
    known = member_by_email(row.email)
    if known is None or known.status != Status.LEFT or known.user_id is not None:
        return None
    check_rank(row.roles, by=by)
    check_rank_of(known, by=by)
    before = {"status": known.status, "roles": known.roles}
    known.display_name, known.phone, known.roles = row.display_name, row.phone or known.phone, list(row.roles)
    known.status, known.left_on, known.leaving_since = Status.INVITED.value, None, None
    after = {"status": known.status, "roles": known.roles}
    record("update", "member", known.id, by=by, before=before, after=after, about=known.id)
    return known


def invite_member(*, member: Member, by: uuid.UUID | None, email: str | None = None) -> Invitation:
    """Invite somebody who is in the group without a sign-in, or once more. Earlier links end.

    Raises NoAddress, AlreadySignsIn, EmailTaken, WrongStatus, MayNot.
    """
    lock_group()
    session().refresh(member)
    check_rank_of(member, by=by)
    if member.user_id is not None:
        raise AlreadySignsIn(name=member.display_name)
    if member.status not in (Status.INVITED, *ENTERS):
        raise WrongStatus(standing=member.status)
    if not (email or member.email):
        raise NoAddress(field="email")
    address = email_of(email or member.email or "")
    if (other := member_by_email(address)) is not None and other.id != member.id:
        raise EmailTaken(field="email", name=other.display_name, email=address)
    end_invitations(member)
    member.email = address
    return _send(member, address, by=by)


def invite_members(members: Sequence[Member], *, by: uuid.UUID) -> list[Invitation]:
    """Invite several members at the addresses that they have; who may be is looked at before. Earlier links end."""
    for member in members:
        end_invitations(member)
    return [_send(member, member.email, by=by) for member in members if member.email]


def resend_invitation(*, invitation: Invitation, by: uuid.UUID) -> Invitation:
    """Send a fresh link to the member's address; the one before ends. Raises as `invite_member` does."""
    return invite_member(member=find_member(invitation.member_id), by=by)


def withdraw_invitation(*, invitation: Invitation, by: uuid.UUID) -> None:
    """End the link. Who was only invited leaves the list of members too. Raises InvitationEnded, MayNot."""
    lock_group()
    session().refresh(invitation)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationEnded
    invited = find_member(invitation.member_id)
    check_rank_of(invited, by=by)
    end_invitations(invited)
    if invited.status == Status.INVITED:
        invited.status = Status.LEFT.value
        invited.left_on = clock.today(group().time_zone)
        session().flush()
    record("withdraw", "invitation", invitation.id, by=by, about=invited.id)


def find_invitation(token: str) -> Arrival:
    """What a link leads to; enters its group in this unit of work. Raises InvitationEnded for one that is not good."""
    kept = platform().get(SecretDigest, digest(token[:LONGEST_TOKEN]))
    if kept is None or kept.purpose != PURPOSE:
        raise InvitationEnded
    enter(kept.group_id)
    found = invitation_by(kept.digest)
    if found is None or group().status not in OPEN_GROUPS:
        raise InvitationEnded
    invitation, member = found
    if member.user_id is not None or member.status not in (Status.INVITED, *ENTERS):
        raise InvitationEnded
    inviter = names([invitation.invited_by]).get(invitation.invited_by) if invitation.invited_by else None
    return Arrival(invitation, member, group(), inviter)


def accept_invitation(*, arrival: Arrival, account: UserAccount) -> Member:
    """Make the account the member who was invited. The invitation must have gone to the account's confirmed address.

    Raises OtherAddress, ConfirmAddress, AlreadyHere, InvitationEnded, GroupSuspended.
    """
    lock_group()
    if arrival.group.status == "suspended":  # no page of the group stands between the link and the deed
        raise GroupSuspended
    invitation, invited = arrival.invitation, arrival.member
    session().refresh(invitation)
    session().refresh(invited)
    if invitation.accepted_at or invitation.withdrawn_at or invited.user_id is not None:
        raise InvitationEnded
    if account.email.lower() != invitation.email.lower():
        raise OtherAddress(email=invitation.email)
    if account.email_confirmed_at is None:
        raise ConfirmAddress
    if member_of(account.id) is not None:
        raise AlreadyHere
    act_as(account.id)
    before = {"status": invited.status}
    if invited.status == Status.INVITED:
        invited.status, invited.joined_on = Status.ACTIVE.value, clock.today(arrival.group.time_zone)
    invited.user_id = account.id
    invitation.accepted_at = clock.now()
    end_invitations(invited)
    after = {"status": invited.status}
    record("accept", "invitation", invitation.id, by=invited.id, before=before, after=after, about=invited.id)
    later(JOINED, key=f"joined:{invitation.id}", member_id=str(invited.id))
    return invited


def join_anew(*, arrival: Arrival, name: str, password: str) -> UserAccount:
    """Open an account at the address that was invited, and join with it.

    The link came to that very address, so it counts as confirmed. Raises PasswordRefused, OtherAddress when the address
    has an account already (its password is asked for, never set), and what `accept_invitation` raises.
    """
    account = register(
        email=arrival.invitation.email,
        name=name_of(name),
        password=password,
        locale=arrival.group.locale,
        time_zone=arrival.group.time_zone,
        phone=arrival.member.phone,
        confirmed=True,
    )
    if account is None:
        raise OtherAddress(email=arrival.invitation.email)
    accept_invitation(arrival=arrival, account=account)
    return account


def end_invitations(member: Member) -> None:
    """End every open link of a member."""
    mine = sa.and_(Invitation.member_id == member.id, Invitation.withdrawn_at.is_(None))
    ended = session().scalars(sa.select(Invitation).where(mine)).all()
    for row in ended:
        if row.accepted_at is None:
            row.withdrawn_at = clock.now()
    session().flush()
    # Without its digest a link leads nowhere at all, and the global table keeps no more than it must.
    platform().execute(sa.delete(SecretDigest).where(SecretDigest.digest.in_([row.digest for row in ended])))


def _send(invited: Member, address: str, *, by: uuid.UUID | None) -> Invitation:
    token, now = secrets.token_urlsafe(32), clock.now()
    row = Invitation(
        id=new_id(),
        member_id=invited.id,
        email=address,
        digest=digest(token),
        invited_by=by,
        created_at=now,
        expires_at=now + HOLDS,
    )
    session().add(row)
    platform().add(SecretDigest(digest=row.digest, group_id=session().group_id, purpose=PURPOSE))
    platform().flush()
    session().flush()
    _mail(row, invited, token)
    record("invite", "invitation", row.id, by=by, after={"email": address, "roles": invited.roles}, about=invited.id)
    return row


def _mail(row: Invitation, invited: Member, token: str) -> None:
    home = group()
    inviter = names([row.invited_by]).get(row.invited_by) if row.invited_by else None
    told = {"name": invited.display_name, "group": home.name, "inviter": inviter, "token": token, "days": HOLDS.days}
    mail.queue(
        key=f"invitation:{row.id}",
        to=row.email,
        template="invitation",
        data=told,
        locale=home.locale,
        member_id=invited.id,
    )
