"""Reads of a person's groups and of a group's members, each for the question it answers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import g

from app.core import clock
from app.core.db import act_as, platform, session
from app.core.errors import NotFound
from app.core.rows import row_with
from app.groups.models import Invitation, Member, MemberPermission, SavingsGroup
from app.groups.permissions import permissions_of
from app.groups.rules import COUNTED, ENTERS, Status
from app.web.keyset import Cursor, Slice, slice_of

OPEN_GROUPS = ("active", "pending", "suspended", "dissolved")


@dataclass(frozen=True)
class Membership:
    """A group of a person, and what the person is in it."""

    group: SavingsGroup
    member_id: uuid.UUID
    roles: Sequence[str]
    status: str

    @property
    def may_enter(self) -> bool:
        """Neither suspended nor gone, and the group is there; who may not enter is answered as a stranger is."""
        return self.status in ENTERS and self.group.status in OPEN_GROUPS


def memberships(user_id: uuid.UUID) -> list[Membership]:
    """All groups of a person, by name: the only read across groups. It works before a group is chosen, not after."""
    act_as(user_id)
    rows = platform().execute(
        sa.select(SavingsGroup, Member.id, Member.roles, Member.status)
        .join(Member, Member.group_id == SavingsGroup.id)
        .where(Member.user_id == user_id)
        .order_by(sa.func.lower(SavingsGroup.name), SavingsGroup.id)
    )
    return [Membership(group, member_id, roles, status) for group, member_id, roles, status in rows]


def group() -> SavingsGroup:
    """The chosen group."""
    return platform().get_one(SavingsGroup, session().group_id)


def standing(member_id: uuid.UUID) -> tuple[Member, dict[str, str]]:
    """A member with own grants and denials (of each permission the latest row). Raises NotFound."""
    mine = sa.and_(MemberPermission.member_id == Member.id, MemberPermission.group_id == Member.group_id)
    rows = (
        session()
        .execute(
            sa.select(Member, MemberPermission.permission, MemberPermission.effect)
            .outerjoin(MemberPermission, mine)
            .where(Member.id == member_id)
            .order_by(MemberPermission.set_at, MemberPermission.id)
        )
        .all()
    )
    if not rows:
        raise NotFound
    return rows[0][0], {permission: effect for _, permission, effect in rows if permission}


def permissions_held(member_id: uuid.UUID) -> frozenset[str]:
    """What a member may do: roles, grants and denials together."""
    held_by, own = standing(member_id)
    return permissions_of(held_by.roles, own)


def permissions_used(member_id: uuid.UUID) -> frozenset[str]:
    """The same for somebody who acts: through a program no more than its token was given."""
    held = permissions_held(member_id)
    acting: Member | None = g.get("member")
    return held & g.permissions if acting is not None and acting.id == member_id and "permissions" in g else held


def member(member_id: uuid.UUID) -> Member:
    """A member of the chosen group. Raises NotFound for any other id."""
    return row_with(Member, member_id, NotFound)


def member_of(user_id: uuid.UUID) -> Member | None:
    """Who a person is in the chosen group."""
    return session().scalar(sa.select(Member).where(Member.user_id == user_id))


def member_by_email(email: str) -> Member | None:
    """Who has an address in the chosen group."""
    return session().scalar(sa.select(Member).where(sa.func.lower(Member.email) == email.lower()))


def member_by_identifier(identifier: str) -> Member | None:
    """Who has a number in the chosen group."""
    return session().scalar(sa.select(Member).where(sa.func.lower(Member.identifier) == identifier.lower()))


def names(member_ids: Sequence[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    """Names of members by id, in one read."""
    wanted = {member_id for member_id in member_ids if member_id}
    if not wanted:
        return {}
    rows = session().execute(sa.select(Member.id, Member.display_name).where(Member.id.in_(wanted)))
    return {member_id: name for member_id, name in rows}  # noqa: C416  # dict(rows) is not typed as one


def emails_here(emails: Sequence[str]) -> dict[str, str]:
    """Which of these addresses members have already: the name by the address in lower case."""
    address = sa.func.lower(Member.email)
    withdrawn = sa.and_(Member.status == "left", Member.user_id.is_(None))  # who may simply be invited again
    wanted = sa.select(address, Member.display_name).where(address.in_([e.lower() for e in emails]), sa.not_(withdrawn))
    rows = session().execute(wanted)
    return {email: name for email, name in rows}  # noqa: C416  # dict(rows) is not typed as one


def counts() -> dict[str, int]:
    """How many members the group has, by status."""
    rows = session().execute(sa.select(Member.status, sa.func.count()).group_by(Member.status))
    return {status: count for status, count in rows}  # noqa: C416  # dict(rows) is not typed as one


def places_taken() -> int:
    """How many members count against the group's limit."""
    taken = sa.select(sa.func.count()).select_from(Member).where(Member.status.in_(COUNTED))
    return session().scalar(taken) or 0


def other_leaders(member_id: uuid.UUID) -> int:
    """How many others could lead the group: leaders who can sign in and enter."""
    leading = sa.and_(
        sa.literal("leader") == sa.any_(Member.roles), Member.user_id.is_not(None), Member.status.in_(ENTERS)
    )
    found = sa.select(sa.func.count()).select_from(Member).where(leading, Member.id != member_id)
    return session().scalar(found) or 0


def members_page(*, search: str = "", status: str = "", at: Cursor | None = None) -> Slice[Member]:
    """A page of members by name, those whose name, number, phone or e-mail holds the search."""
    wanted = sa.select(Member)
    if status:
        wanted = wanted.where(Member.status == status)
    if search:
        seen = (Member.display_name, Member.identifier, Member.phone, Member.email)
        wanted = wanted.where(sa.or_(*(column.icontains(search, autoescape=True) for column in seen)))
    return slice_of(
        lambda statement: session().scalars(statement).all(),
        wanted,
        by=(sa.func.lower(Member.display_name), Member.id),
        key=lambda member: (member.display_name.lower(), member.id),
        at=at,
    )


def open_invitations(member_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Invitation]:
    """The latest invitation of each member that was neither accepted nor withdrawn; it may have expired."""
    if not member_ids:
        return {}
    rows = session().scalars(
        sa.select(Invitation)
        .where(Invitation.member_id.in_(member_ids))
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.created_at, Invitation.id)
    )
    return {row.member_id: row for row in rows}


def uninvited() -> list[Member]:
    """Who is in the group without a sign-in, and without an invitation that still holds, by name."""
    holds = sa.select(Invitation.member_id).where(
        Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > clock.now()
    )
    here = sa.and_(Member.user_id.is_(None), Member.status.in_((Status.INVITED, *ENTERS)), Member.id.not_in(holds))
    return list(
        session().scalars(sa.select(Member).where(here).order_by(sa.func.lower(Member.display_name), Member.id))
    )


def invitation_by(digest: bytes) -> tuple[Invitation, Member] | None:
    """An open invitation by the digest of its secret, with the member it is for."""
    found = session().execute(
        sa.select(Invitation, Member)
        .join(Member, sa.and_(Member.id == Invitation.member_id, Member.group_id == Invitation.group_id))
        .where(Invitation.digest == digest, Invitation.expires_at > clock.now())
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    )
    for invitation, invited in found:
        return invitation, invited
    return None


def holders() -> list[Member]:
    """Everyone with more than the plain role of a member, by name."""
    return list(
        session().scalars(
            sa.select(Member)
            .where(Member.roles != ["member"], Member.status != "left")
            .order_by(sa.func.lower(Member.display_name), Member.id)
        )
    )


def overrides() -> dict[uuid.UUID, dict[str, str]]:
    """The grants and denials in force of every member who has any, in one read."""
    rows = session().execute(
        sa.select(MemberPermission.member_id, MemberPermission.permission, MemberPermission.effect).order_by(
            MemberPermission.set_at, MemberPermission.id
        )
    )
    found: dict[uuid.UUID, dict[str, str]] = {}
    for member_id, permission, effect in rows:
        found.setdefault(member_id, {})[permission] = effect
    return {
        member_id: kept
        for member_id, effects in found.items()
        if (kept := {name: effect for name, effect in effects.items() if effect != "role"})
    }


def holding(permission: str) -> list[uuid.UUID]:
    """Everyone who may do something and can sign in to do it."""
    own = overrides()
    rows = session().execute(
        sa.select(Member.id, Member.roles).where(Member.user_id.is_not(None), Member.status.in_(ENTERS))
    )
    return [member_id for member_id, roles in rows if permission in permissions_of(roles, own.get(member_id))]
