"""An entry with all that belongs to it, and the names of people and owners that the books know by id only."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.core.db import session
from app.groups.queries import names
from app.ledgers.chart import CHART, Owner
from app.ledgers.errors import NoSuchEntry
from app.ledgers.models import Account, Entry, Posting
from app.ledgers.notes import note_of


@dataclass(frozen=True)
class EntryView:
    """Everything that the page of an entry shows. `erased` says that there was a note and its person is forgotten."""

    entry: Entry
    who: str | None
    owners: dict[uuid.UUID, str]
    note: str | None
    erased: bool
    reverses: Entry | None
    reversed_by: Entry | None
    replacement: Entry | None
    replaces: Sequence[Entry]


def entry_numbered(number: int) -> Entry:
    """The entry with this number, with its lines and their accounts. Raises NoSuchEntry."""
    found = session().scalar(
        sa.select(Entry).where(Entry.number == number).options(selectinload(Entry.postings).joinedload(Posting.account))
    )
    if found is None:
        raise NoSuchEntry
    return found


def entry_view(number: int) -> EntryView:
    """The entry with this number and all that belongs to it. Raises NoSuchEntry."""
    entry = entry_numbered(number)
    note, erased = _note(entry)
    reversed_by = _entry(Entry.reverses_id == entry.id)
    named = reversed_by.replacement_id if reversed_by else entry.replacement_id
    replaced = sa.select(Entry.reverses_id).where(Entry.replacement_id == entry.id)
    return EntryView(
        entry=entry,
        who=names([entry.recorded_by]).get(entry.recorded_by) if entry.recorded_by else None,
        owners=owner_names(posting.account for posting in entry.postings),
        note=note,
        erased=erased,
        reverses=_entry(Entry.id == entry.reverses_id) if entry.reverses_id else None,
        reversed_by=reversed_by,
        replacement=_entry(Entry.id == named) if named else None,
        replaces=session().scalars(sa.select(Entry).where(Entry.id.in_(replaced)).order_by(Entry.number)).all(),
    )


def _entry(which: sa.ColumnElement[bool]) -> Entry | None:
    return session().scalar(sa.select(Entry).where(which))


def _note(entry: Entry) -> tuple[str | None, bool]:
    if entry.note_digest is None:
        return None, False
    text = note_of(entry.id)
    return text, text is None


def owner_names(accounts: Iterable[Account]) -> dict[uuid.UUID, str]:
    """By account id, the name of the member whose account it is; other accounts are not in it."""
    owned = {row.id: row.owner_id for row in accounts if row.owner_kind == Owner.MEMBER and row.owner_id}
    known = names(list(owned.values()))
    return {account_id: known[owner] for account_id, owner in owned.items() if owner in known}


def owners_of(account_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """The members whose accounts are among these."""
    owned = [row.owner_id for row in accounts_with(account_ids) if row.owner_kind == Owner.MEMBER]
    return {owner for owner in owned if owner}


def accounts_by_hand() -> list[Account]:
    """The accounts on which officers may enter by hand, in the order of the chart."""
    kinds = [kind for kind, sort in CHART.items() if sort.by_hand]
    return list(session().scalars(sa.select(Account).where(Account.kind.in_(kinds)).order_by(Account.code)))


def accounts_with(ids: Iterable[uuid.UUID]) -> list[Account]:
    """The accounts that there are of these ids."""
    return list(session().scalars(sa.select(Account).where(Account.id.in_(set(ids)))))


def entry_under(key: str) -> EntryView:
    """The entry that was posted under a key. Raises NoSuchEntry."""
    number = session().scalar(sa.select(Entry.number).where(Entry.idempotency_key == key))
    return entry_view(number or 0)


def reversal_of(number: int) -> EntryView:
    """The entry that undid the one with this number. Raises NoSuchEntry."""
    undone = sa.select(Entry.id).where(Entry.number == number)
    return entry_view(session().scalar(sa.select(Entry.number).where(Entry.reverses_id.in_(undone))) or 0)


def categories(kinds: Iterable[str]) -> list[Account]:
    """The group's own categories under some kinds of the chart, by name."""
    query = sa.select(Account).where(Account.kind.in_(list(kinds)), Account.owner_kind == Owner.CATEGORY)
    return list(session().scalars(query.order_by(Account.kind, Account.name)))


def expense_accounts() -> list[Account]:
    """Every account of expenses that the group has, its own categories among them, by code."""
    return list(session().scalars(sa.select(Account).where(Account.type == "expense").order_by(Account.code)))
