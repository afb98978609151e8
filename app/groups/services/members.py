"""Members: adding somebody without a sign-in, editing, and reading a sealed identity number."""

import itertools
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import platform, session
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.keys import open_for, seal_for
from app.groups.contacts import email_of, name_of, phone_of
from app.groups.errors import EmailTaken, IdentifierTaken, MayNot, Stale, TooManyMembers
from app.groups.models import Member, SavingsGroup
from app.groups.permissions import BY_ROLE, MEMBER
from app.groups.queries import member_by_email, member_by_identifier, permissions_held, permissions_used, places_taken
from app.groups.rules import Status, fingerprint, roles_of

EDITABLE = ("display_name", "identifier", "email", "phone", "joined_on", "voting_rights")
LONGEST_NUMBER = 64


def add_member(
    *,
    display_name: str,
    by: uuid.UUID | None,
    identifier: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    joined_on: date | None = None,
    roles: Iterable[str] = (MEMBER,),
    outside_auditor: bool = False,
    voting_rights: bool = True,
    national_id: str | None = None,
    status: Status = Status.ACTIVE,
) -> Member:
    """Add somebody without a sign-in. The number defaults to the e-mail address, else to the next free M001.

    Everyone gets the role member too, except an outside auditor. Raises TooManyMembers, IdentifierTaken, EmailTaken,
    MayNot (roles are given by whoever may give them), and Invalid with the name of the field.
    """
    given = roles_of(roles, outside_auditor=outside_auditor)
    check_rank(given, by=by)
    grp = lock_group()
    check_room(grp, 1)
    today = clock.today(grp.time_zone)
    address = email_of(email) if email else None
    row = Member(
        id=new_id(),
        display_name=name_of(display_name),
        identifier=_number(identifier, address),
        email=address,
        phone=phone_of(phone, grp.country) if phone else None,
        joined_on=_joined(joined_on or today, today),
        roles=given,
        voting_rights=voting_rights,
        status=status.value,
    )
    _check_taken(row.id, row.identifier, address)
    if national_id:
        row.national_id = _sealed(row.id, national_id)
    return _added(row, by=by)


def _added(row: Member, *, by: uuid.UUID | None) -> Member:
    session().add(row)
    session().flush()
    record("create", "member", row.id, by=by, after={**shown(row), "roles": row.roles}, about=row.id)
    return row


def edit_member(
    *,
    member: Member,
    by: uuid.UUID,
    version: str | None = None,
    national_id: str | None = None,
    forget_national_id: bool = False,
    **changes: Any,
) -> Member:
    """Change a member's profile (EDITABLE). An empty `national_id` leaves the kept one as it is.

    `version` is the fingerprint of the values the form showed. Raises Stale, IdentifierTaken, EmailTaken, MayNot,
    Invalid with the name of the field.
    """
    grp = lock_group()
    session().refresh(member)
    if version is not None and version != fingerprint(shown(member)):
        raise Stale
    check_rank_of(member, by=by, oneself=True)
    before = shown(member) | {"national_id": member.national_id}
    wanted = _checked(shown(member) | {name: changes[name] for name in EDITABLE if name in changes}, grp)
    _check_taken(member.id, wanted["identifier"], wanted["email"])
    for name, value in wanted.items():
        setattr(member, name, value)
    if national_id or forget_national_id:
        member.national_id = _sealed(member.id, national_id) if national_id else None
    session().flush()
    after = wanted | {"national_id": member.national_id}
    record("update", "member", member.id, by=by, before=before, after=after, about=member.id)
    return member


def _checked(profile: dict[str, Any], grp: SavingsGroup) -> dict[str, Any]:
    email = email_of(profile["email"]) if profile["email"] else None
    return {
        **profile,
        "display_name": name_of(profile["display_name"]),
        "identifier": _number(profile["identifier"], email),
        "email": email,
        "phone": phone_of(profile["phone"], grp.country) if profile["phone"] else None,
        "joined_on": _joined(profile["joined_on"], clock.today(grp.time_zone)),
    }


def reveal_national_id(*, member: Member, by: uuid.UUID) -> str | None:
    """The sealed identity number, opened; that somebody read it is written down. None where none is kept."""
    record("read", "member", member.id, by=by, after={"what": "identity number"}, about=member.id, severity="notice")
    if member.national_id is None:
        return None
    return open_for(member.id, member.national_id, place_of(member.id))


def shown(member: Member) -> dict[str, Any]:
    """The values a form shows and may change; their fingerprint tells whether a page is stale."""
    return {name: getattr(member, name) for name in EDITABLE}


def lock_group() -> SavingsGroup:
    """Take the group's row, so that two people cannot both pass a check that counts. Held until the commit."""
    mine = sa.select(SavingsGroup).where(SavingsGroup.id == session().group_id)
    # Without the key: who posts holds the head of the books and then asks for the key by its foreign keys.
    alone = mine.with_for_update(key_share=True)
    return platform().scalars(alone.execution_options(populate_existing=True)).one()


def check_room(grp: SavingsGroup, more: int) -> None:
    """Refuse to grow beyond the group's limit. Raises TooManyMembers."""
    wanted = places_taken() + more
    if wanted > grp.max_members:
        raise TooManyMembers(limit=grp.max_members, wanted=wanted)


def check_rank(roles: Iterable[str], *, by: uuid.UUID | None) -> None:
    """Only who may give roles adds who has one: else a secretary could make officers of friends. Raises MayNot."""
    if set(roles) - {MEMBER}:
        _check_giver(by)


def check_rank_of(member: Member, *, by: uuid.UUID | None, oneself: bool = False) -> None:
    """Only who may give roles touches those who have one, or a granted right: else a secretary could sign in with it.

    `oneself`: the member concerned may do it as well. Raises MayNot.
    """
    if oneself and by == member.id:
        return
    if set(member.roles) - {MEMBER} or permissions_held(member.id) - BY_ROLE[MEMBER]:
        _check_giver(by)


def _check_giver(by: uuid.UUID | None) -> None:
    if by is not None and "roles.manage" not in permissions_used(by):
        raise MayNot(field="roles")


def _number(identifier: str | None, email: str | None) -> str:
    number = " ".join((identifier or "").split()) or email
    if number:
        if len(number) > max(LONGEST_NUMBER, len(email or "")):
            raise Invalid(field="identifier")
        return number
    count = session().scalar(sa.select(sa.func.count()).select_from(Member)) or 0
    return next(free for n in itertools.count(count + 1) if not member_by_identifier(free := f"M{n:03d}"))


def _joined(day: date, today: date) -> date:
    if not date(1900, 1, 1) <= day <= today:
        raise Invalid(field="joined_on")
    return day


def _check_taken(member_id: uuid.UUID, identifier: str, email: str | None) -> None:
    if email and (other := member_by_email(email)) is not None and other.id != member_id:
        raise EmailTaken(field="email", name=other.display_name, email=email)
    if (other := member_by_identifier(identifier)) is not None and other.id != member_id:
        raise IdentifierTaken(field="identifier", identifier=identifier)


def _sealed(member_id: uuid.UUID, national_id: str) -> bytes:
    text = " ".join(national_id.split())
    if len(text) > LONGEST_NUMBER:
        raise Invalid(field="national_id")
    return seal_for(member_id, text, place_of(member_id))


def place_of(member_id: uuid.UUID) -> str:
    """What a sealed identity number is bound to."""
    return f"member|{member_id}|national_id"
