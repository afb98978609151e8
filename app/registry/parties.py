"""Parties: entering them, linking members and the group itself, changing what is known, putting them aside."""

import itertools
import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.groups.errors import Stale
from app.groups.models import Member
from app.groups.queries import member as member_with
from app.groups.rules import fingerprint
from app.groups.services.members import lock_group
from app.registry import details
from app.registry.errors import (
    CodeTaken,
    GroupHasParty,
    GroupIsCompany,
    MemberHasParty,
    NameNotHere,
    PartyLinked,
)
from app.registry.models import Party
from app.registry.once import said_the_same
from app.registry.queries import party
from app.registry.rules import LONGEST_CODE, Kind, code_of, family_of, name_of

EDITABLE = ("code", "kind", "professional", "name", "family_count", "active")
_COUNTED = re.compile(r"P(\d{1,9})")


def make_party(
    *,
    by: uuid.UUID | None,
    key: str,
    kind: Kind = Kind.PERSON,
    code: str | None = None,
    name: str | None = None,
    professional: bool = False,
    member_id: uuid.UUID | None = None,
    is_group: bool = False,
    family_count: int = 0,
    **known: str | None,
) -> Party:
    """Enter a party, once for each key; without a code the next free P001. A member's name stands with the member.

    `known` may give tax_id, email, phone and address. Raises CodeMissing, CodeTaken, NameMissing, NameNotHere,
    MemberHasParty, GroupHasParty, GroupIsCompany, BadFamilyCount, BadDetail, SentOtherwise; NotFound for no member.
    """
    lock_group()
    if (found := session().scalar(sa.select(Party).where(Party.idempotency_key == key))) is not None:
        said = {"kind": kind.value, "professional": professional, "member_id": member_id, "is_group": is_group}
        said |= {"code": code_of(code)} if code and code.strip() else {}
        said |= {} if member_id or is_group else {"name": name_of(name or "")}
        return said_the_same(found, family_count=family_count, **said)
    _check_link(kind, name, member_id, is_group=is_group)
    row = Party(id=new_id(), kind=kind.value, professional=professional, member_id=member_id, is_group=is_group)
    row.code = free_code(code_of(code), None) if code and code.strip() else next(new_codes())
    row.name = None if member_id or is_group else name_of(name or "")
    row.subject_id, row.family_count = member_id or row.id, family_of(family_count)
    row.active, row.idempotency_key, row.recorded_by = True, key, by
    told = details.checked(known)
    row.details_sealed = details.sealed(row, told)
    session().add(row)
    session().flush()
    record("create", "party", row.id, by=by, after=shown(row) | told, about=member_id)
    return row


def _check_link(kind: Kind, name: str | None, member_id: uuid.UUID | None, *, is_group: bool) -> None:
    if is_group and (kind is not Kind.COMPANY or member_id):
        raise GroupIsCompany(field="kind")
    if (is_group or member_id) and (name or "").strip():
        raise NameNotHere(field="name")
    if is_group and (found := session().scalar(sa.select(Party.code).where(Party.is_group))):
        raise GroupHasParty(field="is_group", code=found)
    if member_id:
        member_with(member_id)
        if found := session().scalar(sa.select(Party.code).where(Party.member_id == member_id)):
            raise MemberHasParty(field="member", code=found)


def edit_party(
    party_id: uuid.UUID,
    *,
    by: uuid.UUID,
    version: str | None = None,
    tax_id: str | None = None,
    member_id: uuid.UUID | None = None,
    **changes: Any,
) -> Party:
    """Change what is known of a party (EDITABLE, and email, phone, address); an empty tax number keeps the one there.

    `member_id` links somebody from outside who has become a member: the name then stands there, and what is sealed
    goes under the member's key. `version` is the fingerprint of what the form showed. Raises NoSuchParty, Stale,
    PartyLinked, and what `make_party` raises.
    """
    lock_group()
    row = party(party_id)
    session().refresh(row)
    known = details.details_of(row)
    before = shown(row) | known
    if version is not None and version != version_of(row):
        raise Stale
    linked = member_id is not None and _link(row, member_id)
    wanted = _wanted(row, {name: value for name, value in changes.items() if not (linked and name == "name")})
    for name, value in wanted.items():
        setattr(row, name, value)
    told = details.checked({**known, **{name: changes[name] for name in details.LIMITS if name in changes}})
    if tax_id and tax_id.strip():
        told = details.checked({**told, "tax_id": tax_id})
    if told != known or linked:
        row.details_sealed = details.sealed(row, told)
    session().flush()
    after = shown(row) | told
    record("update", "party", row.id, by=by, before=before, after=after, about=row.member_id)
    return row


def _link(row: Party, member_id: uuid.UUID) -> bool:
    """Make a party the member's; it is already, nothing happens. Raises PartyLinked, MemberHasParty, NotFound."""
    if row.member_id == member_id:
        return False
    if row.is_group or row.member_id:
        raise PartyLinked(field="member")
    _check_link(Kind(row.kind), None, member_id, is_group=False)
    row.member_id, row.subject_id, row.name = member_id, member_id, None
    return True


def _wanted(row: Party, changes: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: changes[name] for name in EDITABLE if name in changes}
    if "code" in wanted:
        wanted["code"] = free_code(code_of(wanted["code"]), row.id)
    if "kind" in wanted:
        wanted["kind"] = Kind(wanted["kind"]).value
    if "family_count" in wanted:
        wanted["family_count"] = family_of(wanted["family_count"])
    if row.is_group and wanted.get("kind", Kind.COMPANY) != Kind.COMPANY:
        raise GroupIsCompany(field="kind")
    linked = row.is_group or row.member_id
    if linked and (wanted.get("name") or "").strip():
        raise NameNotHere(field="name")
    if "name" in wanted:
        wanted["name"] = None if linked else name_of(wanted["name"] or "")
    return wanted


def version_of(row: Party) -> str:
    """What a form carries of the values it showed."""
    return fingerprint(shown(row) | details.details_of(row))


def shown(row: Party) -> dict[str, Any]:
    """The plain values of a party."""
    return {name: getattr(row, name) for name in (*EDITABLE, "member_id", "is_group")}


def reveal_tax_id(party_id: uuid.UUID, *, by: uuid.UUID) -> str | None:
    """The sealed tax number, opened; that somebody read it is written down. None where none is kept."""
    row = party(party_id)
    told = {"what": "tax number"}
    record("read", "party", row.id, by=by, after=told, about=row.member_id, severity="notice")
    return details.details_of(row).get("tax_id")


def party_of_member(member_id: uuid.UUID, *, by: uuid.UUID | None) -> Party:
    """What a member is in the register, entered now when that is the first time. Raises NotFound for no member."""
    lock_group()
    found = session().scalar(sa.select(Party).where(Party.member_id == member_id))
    if found is not None:
        return found
    wanted = member_with(member_id).identifier
    code = wanted if len(wanted) <= LONGEST_CODE and not _taken(wanted, None) else None
    return make_party(member_id=member_id, code=code, by=by, key=f"member:{member_id}")


def parties_of_members(member_ids: Collection[uuid.UUID], *, by: uuid.UUID | None) -> dict[uuid.UUID, uuid.UUID]:
    """The parties of many members by the member's id, in one insert where they are missing; one event says how many."""
    lock_group()
    known = _by_member(member_ids)
    missing = [member_id for member_id in dict.fromkeys(member_ids) if member_id not in known]
    if missing:
        _insert(missing, by=by)
        record("create", "party", None, by=by, after={"count": len(missing)})
    return _by_member(member_ids)


def _by_member(member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    rows = session().execute(sa.select(Party.member_id, Party.id).where(Party.member_id.in_(member_ids)))
    return {member_id: party_id for member_id, party_id in rows if member_id}


def _insert(member_ids: Sequence[uuid.UUID], *, by: uuid.UUID | None) -> None:
    people = session().execute(sa.select(Member.id, Member.identifier).where(Member.id.in_(member_ids)))
    taken = {code.lower() for code in session().scalars(sa.select(Party.code))}
    fresh = new_codes()
    rows = []
    for member_id, number in people:
        code = number if len(number) <= LONGEST_CODE and number.lower() not in taken else next(fresh)
        taken.add(code.lower())
        rows.append(
            {
                "group_id": session().group_id,
                "id": new_id(),
                "code": code,
                "kind": Kind.PERSON.value,
                "professional": False,
                "member_id": member_id,
                "is_group": False,
                "family_count": 0,
                "subject_id": member_id,
                "active": True,
                "idempotency_key": f"member:{member_id}",
                "recorded_by": by,
            }
        )
    # Set-based: a levy over ten thousand members must not write them one by one.
    session().connection().execute(sa.insert(Party), rows)


def group_party(*, by: uuid.UUID | None) -> Party:
    """The group itself as a party, entered now when that is the first time."""
    lock_group()
    found = session().scalar(sa.select(Party).where(Party.is_group))
    if found is not None:
        return found
    code = None if _taken("GROUP", None) else "GROUP"
    return make_party(kind=Kind.COMPANY, is_group=True, code=code, by=by, key="group")


def free_code(code: str, own: uuid.UUID | None) -> str:
    """The code, when nobody else has it. Raises CodeTaken."""
    if _taken(code, own):
        raise CodeTaken(field="code", code=code)
    return code


def _taken(code: str, own: uuid.UUID | None) -> bool:
    same = sa.select(Party.id).where(sa.func.lower(Party.code) == code.lower())
    return session().scalar(same if own is None else same.where(Party.id != own)) is not None


def new_codes() -> Iterator[str]:
    """Free codes, counted up: P001, P002, …"""
    codes = session().scalars(sa.select(Party.code).where(sa.func.upper(Party.code).regexp_match("^P[0-9]{1,9}$")))
    last = max((int(found[1]) for code in codes if (found := _COUNTED.fullmatch(code.upper()))), default=0)
    return (f"P{number:03d}" for number in itertools.count(last + 1))
