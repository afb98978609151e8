"""Lists of the books, read by key: a page costs the same however long the list is and however far one has read."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.core.db import session
from app.groups.queries import names
from app.ledgers import balances
from app.ledgers.balances import Query
from app.ledgers.chart import Owner
from app.ledgers.models import Account, ApprovalDecision, ApprovalRequest, Entry, Posting
from app.ledgers.pairs import pairs
from app.ledgers.rules import Filter
from app.web.keyset import Cursor, Slice, slice_of

ROWS = 50
Column: TypeAlias = "sa.orm.InstrumentedAttribute[Any]"


@dataclass(frozen=True)
class EntryRow:
    """An entry in a list; `amount` is what it moved, the sum of its debits; `about` are the members whose it is."""

    entry: Entry
    amount: Decimal
    who: str | None
    reversed_by: int | None
    about: Sequence[str] = ()


@dataclass(frozen=True)
class Movement:
    """What an entry did to an account, debit positive, the account's balance after it, and the other accounts."""

    entry: Entry
    amount: Decimal
    balance: Decimal
    against: Sequence[Account]


def entries_page(wanted: Filter, *, at: Cursor | None = None, size: int = ROWS) -> Slice[EntryRow]:
    """The entries that fit, the newest first; `size` of them, where it is not a page of a screen."""
    query = _filtered(sa.select(Entry.effective_on, Entry.number), wanted)
    page = _slice(query, (Entry.effective_on, Entry.number), at, size=size)
    found = _entries(row.number for row in page.rows)
    known = names([id_ for row in found.values() for id_ in (row.recorded_by, *_owners(row))])
    reversals = _reversals(row.id for row in found.values())
    rows = [
        EntryRow(
            row,
            _moved(row),
            known.get(row.recorded_by) if row.recorded_by else None,
            reversals.get(row.id),
            [known[owner] for owner in _owners(row) if owner in known],
        )
        for row in (found[place.number] for place in page.rows)
    ]
    return Slice(rows, page.before, page.after)


def _owners(entry: Entry) -> list[uuid.UUID]:
    accounts = (posting.account for posting in entry.postings)
    return list(dict.fromkeys(row.owner_id for row in accounts if row.owner_kind == Owner.MEMBER and row.owner_id))


def movements_page(account_id: uuid.UUID, wanted: Filter, *, at: Cursor | None = None) -> Slice[Movement]:
    """What moved an account, the newest first, each with the balance after it. An entry counts once."""
    own = sa.select(Posting.effective_on, Posting.entry_number, sa.func.sum(Posting.amount).label("amount")).where(
        Posting.account_id == account_id
    )
    query = _within(own, wanted, Posting.effective_on).group_by(Posting.effective_on, Posting.entry_number)
    page = _slice(query, (Posting.effective_on, Posting.entry_number), at)
    if not page.rows:
        return Slice((), page.before, page.after)
    found = _entries(row.entry_number for row in page.rows)
    before = _balance_before(account_id, page.rows[-1])
    after = list(accumulate((row.amount for row in reversed(page.rows)), initial=before))[:0:-1]
    rows = [
        Movement(found[row.entry_number], row.amount, balance, _against(found[row.entry_number], account_id))
        for row, balance in zip(page.rows, after, strict=True)
    ]
    return Slice(rows, page.before, page.after)


def approvals_page(*, waits: bool | None = None, at: Cursor | None = None) -> Slice[ApprovalRequest]:
    """What was asked of a second person, the newest first; only what waits, or only what was decided."""
    decided = sa.exists().where(ApprovalDecision.request_id == ApprovalRequest.id)
    query = sa.select(ApprovalRequest).options(selectinload(ApprovalRequest.decision))
    if waits is not None:
        query = query.where(sa.not_(decided) if waits else decided)
    return slice_of(
        lambda statement: session().scalars(statement).all(),
        query,
        by=(ApprovalRequest.id,),  # its beginning is the time
        key=lambda row: (row.id,),
        at=at,
        newest_first=True,
    )


def _slice(query: Query, by: Sequence[Column], at: Cursor | None, size: int = ROWS) -> Slice[Any]:
    return slice_of(
        lambda statement: session().execute(statement).all(),
        query,
        by=by,
        key=lambda row: (row[0], row[1]),
        at=at,
        newest_first=True,
        size=size,
    )


def _balance_before(account_id: uuid.UUID, row: Any) -> Decimal:
    """The balance just before an entry: as of the day before, and what came earlier on the same day."""
    same_day = session().scalar(
        sa.select(sa.func.sum(Posting.amount)).where(
            Posting.account_id == account_id,
            Posting.effective_on == row.effective_on,
            Posting.entry_number < row.entry_number,
        )
    )
    return balances.balance(account_id, row.effective_on - timedelta(days=1)) + (same_day or 0)


def _filtered(query: Query, wanted: Filter) -> Query:
    query = _within(query, wanted, Entry.effective_on)
    if wanted.kind:
        query = query.where(Entry.kind == wanted.kind)
    if wanted.number is not None:
        query = query.where(Entry.number == wanted.number)
    if wanted.account_id:
        query = query.where(Entry.id.in_(sa.select(Posting.entry_id).where(Posting.account_id == wanted.account_id)))
    return query


def _within(query: Query, wanted: Filter, on: Column) -> Query:
    if wanted.first:
        query = query.where(on >= wanted.first)
    if wanted.last:
        query = query.where(on <= wanted.last)
    return query


def _entries(numbers: Iterable[int]) -> dict[int, Entry]:
    query = sa.select(Entry).where(Entry.number.in_(list(numbers)))
    lines = selectinload(Entry.postings).joinedload(Posting.account)
    return {row.number: row for row in session().scalars(query.options(lines))}


def _reversals(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, int]:
    return pairs(sa.select(Entry.reverses_id, Entry.number).where(Entry.reverses_id.in_(list(ids))))


def _moved(entry: Entry) -> Decimal:
    return sum((posting.amount for posting in entry.postings if posting.amount > 0), Decimal(0))


def _against(entry: Entry, account_id: uuid.UUID) -> list[Account]:
    return [posting.account for posting in entry.postings if posting.account_id != account_id]
