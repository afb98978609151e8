"""Importing a list of members: what each row would change, and doing it, all or nothing."""

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.errors import DomainError
from app.groups.errors import MayNot, TooManyMembers
from app.groups.models import Member
from app.groups.queries import group, permissions_held, places_taken
from app.groups.rules import Status, roles_of
from app.groups.services import add_member, edit_member, set_roles
from app.groups.services.members import lock_group
from app.imports import files, readers
from app.imports.errors import FileHasErrors, RowError
from app.imports.members_file import MemberRow, MembersFile
from app.imports.models import ImportFile
from app.ledgers import chart
from app.ledgers.chart import PostingKind
from app.ledgers.entries import opening_balances
from app.ledgers.errors import SetUpConfirmed
from app.ledgers.models import Account, Entry, Posting

_GIVEN_BY_US = re.compile(r"M\d{3,}")


class Fate(StrEnum):
    """What a row does: a new member, a known one with gaps to fill, or nothing."""

    NEW = "new"
    COMPLETED = "completed"
    KNOWN = "known"


@dataclass(frozen=True)
class MemberPlan:
    """A row, whom it is about if known, what would change of them, and the savings still to be opened."""

    row: MemberRow
    fate: Fate
    member: Member | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    roles: list[str] | None = None
    savings: Decimal = Decimal(0)


@dataclass(frozen=True)
class MembersPreview:
    """What a list of members would do; with `errors` it does nothing."""

    plans: Sequence[MemberPlan]
    errors: Sequence[RowError]
    notes: Sequence[RowError]
    ignored: Sequence[str]

    @property
    def counts(self) -> Counter[str]:
        """How many rows there are of each fate."""
        return Counter(plan.fate.value for plan in self.plans)

    @property
    def savings(self) -> Decimal:
        """Opening savings that would be booked."""
        return sum((plan.savings for plan in self.plans), Decimal(0))

    @property
    def opened(self) -> int:
        """Of how many members savings would be opened."""
        return sum(1 for plan in self.plans if plan.savings)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in it is here already."""
        return not self.errors and all(plan.fate is Fate.KNOWN and not plan.savings for plan in self.plans)


def preview(data: bytes, *, by: uuid.UUID) -> MembersPreview:
    """What the file would do now, if this member confirmed it. Raises an UnreadableFile."""
    return _Planning(readers.members(data), by).preview()


class _Planning:
    """The rows of one file against the members that are here."""

    def __init__(self, read: MembersFile, by: uuid.UUID) -> None:
        self.read, self.by = read, by
        self.errors: list[RowError] = list(read.errors)
        self.notes: list[RowError] = list(read.notes)
        self.ranks = "roles.manage" in permissions_held(by)
        here = session().scalars(sa.select(Member)).all()
        self.by_number = {row.identifier.casefold(): row for row in here}
        self.by_email = {row.email.casefold(): row for row in here if row.email}
        self.opened = _savings_opened()
        self.confirmed = group().set_up_at is not None

    def preview(self) -> MembersPreview:
        plans = [self._plan(row) for row in self.read.rows]
        self._check_room(plans)
        errors = sorted(self.errors, key=lambda error: error.row)
        return MembersPreview(plans, errors, self.notes, self.read.ignored)

    def _plan(self, row: MemberRow) -> MemberPlan:
        member = self.by_number.get(row.identifier.casefold())
        other = self.by_email.get((row.email or "").casefold())
        if member and other and member is not other:
            self._wrong(row, "email", _("Another member here has this e-mail address."))
        member = member or other
        if member is None:
            self._check_roles(row)
            return MemberPlan(row, Fate.NEW, savings=self._savings(row, None))
        if member.status == Status.LEFT:
            self.notes.append(RowError(row.row, "identifier", _("This member has left and is not changed.")))
            return MemberPlan(row, Fate.KNOWN, member)
        changes, roles = self._changes(row, member), self._roles(row, member)
        fate = Fate.COMPLETED if changes or roles else Fate.KNOWN
        return MemberPlan(row, fate, member, changes, roles, self._savings(row, member))

    def _changes(self, row: MemberRow, member: Member) -> dict[str, Any]:
        """The gaps that a row fills: nothing that somebody entered is overwritten."""
        if set(member.roles) - {"member"} and not self.ranks and member.id != self.by:
            return {}
        changes: dict[str, Any] = {}
        if row.identifier != member.identifier and self._is_stopgap(member):
            changes["identifier"] = row.identifier
        changes |= {
            name: given for name in ("email", "phone") if (given := getattr(row, name)) and not getattr(member, name)
        }
        if row.joined_on and row.joined_on < member.joined_on:
            changes["joined_on"] = row.joined_on
        if row.identifier.casefold() not in (member.identifier.casefold(), changes.get("identifier", "").casefold()):
            self.notes.append(RowError(row.row, "identifier", _("Known here as %(number)s.", number=member.identifier)))
        return changes

    def _is_stopgap(self, member: Member) -> bool:
        """Whether the number is one we gave because there was none."""
        return member.identifier == member.email or bool(_GIVEN_BY_US.fullmatch(member.identifier))

    def _roles(self, row: MemberRow, member: Member) -> list[str] | None:
        missing = set(row.roles) - set(member.roles)
        if not missing:
            return None
        try:
            if not self.ranks or member.id == self.by:
                raise MayNot
            return roles_of({*member.roles, *row.roles})
        except DomainError as error:
            self.notes.append(RowError(row.row, "roles", error))
            return None

    def _check_roles(self, row: MemberRow) -> None:
        if set(row.roles) - {"member"} and not self.ranks:
            self._wrong(row, "roles", _("Only a leader may give roles. Leave this cell empty or ask a leader."))

    def _savings(self, row: MemberRow, member: Member | None) -> Decimal:
        if not row.opening_savings or (member is not None and member.id in self.opened):
            return Decimal(0)
        if self.confirmed:
            self.errors.append(RowError(row.row, "opening_savings", SetUpConfirmed()))
        return row.opening_savings

    def _check_room(self, plans: Sequence[MemberPlan]) -> None:
        new, limit = [plan for plan in plans if plan.fate is Fate.NEW], group().max_members
        free = max(limit - places_taken(), 0)
        if len(new) > free:
            fault = TooManyMembers(limit=limit, wanted=places_taken() + len(new))
            self.errors.append(RowError(new[free].row.row, "identifier", fault))

    def _wrong(self, row: MemberRow, column: str, sentence: Any) -> None:
        self.errors.append(RowError(row.row, column, sentence))


def _savings_opened() -> set[uuid.UUID]:
    """Members whose savings have an opening balance that stands."""
    undone = sa.select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    rows = session().scalars(
        sa.select(Account.owner_id)
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.kind == "savings", Entry.kind == PostingKind.OPENING_BALANCE, Entry.id.not_in(undone))
    )
    return {owner for owner in rows if owner}


def confirm(file: ImportFile, *, by: uuid.UUID) -> dict[str, Any]:
    """Import a list of members, all or nothing; who is here already stays. Returns the counts.

    Raises ImportOver, FileHasErrors, and what the verbs of members and books refuse.
    """
    lock_group()
    found = preview(files.content_of(file), by=by)
    if found.errors:
        raise FileHasErrors(count=len(found.errors))
    ids = {plan.row.row: _take(plan, by=by) for plan in found.plans}
    balances = [(chart.Account("savings", ids[plan.row.row]), plan.savings) for plan in found.plans if plan.savings]
    if balances:
        on = date.fromisoformat(file.options["on"])
        opening_balances(balances, on=on, by=by, key=f"members:{file.id}")
    result = {**found.counts, "opened": found.opened, "savings": str(found.savings), "rows": len(found.plans)}
    files.confirmed(file, result, by=by)
    return result


def _take(plan: MemberPlan, *, by: uuid.UUID) -> uuid.UUID:
    row, member = plan.row, plan.member
    if member is None:
        added = add_member(
            display_name=row.display_name,
            identifier=row.identifier,
            email=row.email,
            phone=row.phone,
            joined_on=row.joined_on,
            roles=row.roles,
            by=by,
        )
        return added.id
    if plan.changes:
        edit_member(member=member, by=by, **plan.changes)
    if plan.roles:
        set_roles(member=member, roles=plan.roles, by=by)
    return member.id
