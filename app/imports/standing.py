"""What lines stand for now, and what moved a cash account without a line: the reads that others are made of."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from app.core.db import session
from app.imports.models import ImportedLine, LineAllocation
from app.ledgers.chart import PostingKind
from app.ledgers.models import Account, Entry, Posting
from app.savings.models import Contribution, HeldReceipt, Payment, Penalty, PenaltyPayment
from app.savings.standings import taken_back

WAITS = "unallocated"
RELEASE = "release"


def reversed_entries() -> sa.Select[Any]:
    """The ids of entries that were undone."""
    return sa.select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))


def stands() -> sa.ColumnElement[bool]:
    """The condition for an allocation that counts: neither taken back itself, nor the record that it made."""
    released = sa.select(LineAllocation.reverses_id).where(LineAllocation.reverses_id.is_not(None))
    return sa.and_(
        LineAllocation.what != RELEASE,
        LineAllocation.id.not_in(released),
        sa.or_(LineAllocation.payment_id.is_(None), LineAllocation.payment_id.not_in(taken_back("payment"))),
        sa.or_(LineAllocation.entry_id.is_(None), LineAllocation.entry_id.not_in(reversed_entries())),
    )


def last_standing() -> sa.Subquery:
    """Of each line that is anything, the last allocation that stands: its id, what it is, and its record."""
    return (
        sa.select(
            LineAllocation.line_id,
            LineAllocation.id,
            LineAllocation.what,
            LineAllocation.payment_id,
            LineAllocation.entry_id,
        )
        .where(stands())
        .ext(distinct_on(LineAllocation.line_id))
        .order_by(LineAllocation.line_id, LineAllocation.number.desc())
        .subquery()
    )


def standing_of(line_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, LineAllocation]:
    """By line, the last allocation that stands; a line that is nothing yet is not in it."""
    rows = session().scalars(
        sa.select(LineAllocation)
        .where(LineAllocation.line_id.in_(line_ids), stands())
        .order_by(LineAllocation.line_id, LineAllocation.number)
    )
    return {row.line_id: row for row in rows}


def numbers(line_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """By line, how many allocations it had, taken back ones too."""
    rows = session().execute(
        sa.select(LineAllocation.line_id, sa.func.max(LineAllocation.number))
        .where(LineAllocation.line_id.in_(line_ids))
        .group_by(LineAllocation.line_id)
    )
    return {line_id: number for line_id, number in rows}  # noqa: C416  # dict(rows) is not typed as one


def entries_of_payments() -> sa.Subquery:
    """Which payment an entry belongs to."""
    tables = (Contribution, Penalty, PenaltyPayment, HeldReceipt)
    return sa.union_all(
        *(
            sa.select(table.group_id, table.entry_id, table.payment_id).where(
                table.entry_id.is_not(None), table.payment_id.is_not(None)
            )
            for table in tables
        )
    ).subquery()


@dataclass
class Movement:
    """What moved a cash account in the books: a whole payment, or an entry. Debit positive."""

    id: uuid.UUID  # of the payment, else of the entry
    payment_id: uuid.UUID | None
    member_id: uuid.UUID | None
    day: date
    kind: str
    number: int
    amount: Decimal = Decimal(0)
    entry_ids: list[uuid.UUID] = field(default_factory=list)

    @property
    def is_opening(self) -> bool:
        """Whether it was brought in and so never stands on a statement."""
        return self.kind == PostingKind.OPENING_BALANCE


def without_line(cash_account_id: uuid.UUID, *, first: date | None = None, last: date | None = None) -> list[Movement]:
    """What moved a cash account and no line of it says so; entries that were undone, and their undoing, are left out.

    A transfer has two ends, so that a line of the other account does not count.
    """
    parts, linked = entries_of_payments(), _linked(cash_account_id)
    own = sa.and_(Account.kind == "cash", Account.owner_id == cash_account_id)
    query = (
        sa.select(
            *(Entry.id, Entry.number, Entry.kind, Entry.effective_on, Posting.amount),
            *(parts.c.payment_id, Payment.member_id),
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, sa.and_(Account.id == Posting.account_id, own))
        .outerjoin(parts, parts.c.entry_id == Entry.id)
        .outerjoin(Payment, Payment.id == parts.c.payment_id)
        .where(Entry.reverses_id.is_(None), Entry.id.not_in(reversed_entries()))
        .where(Entry.id.not_in(_known(linked.c.entry_id)))
        .where(sa.or_(parts.c.payment_id.is_(None), parts.c.payment_id.not_in(_known(linked.c.payment_id))))
        .order_by(Entry.effective_on, Entry.number)
    )
    if first is not None:
        query = query.where(Entry.effective_on >= first)
    if last is not None:
        query = query.where(Entry.effective_on <= last)
    return _gathered(session().execute(query).all())


def _linked(cash_account_id: uuid.UUID) -> sa.Subquery:
    """The payments and entries that lines of an account stand for."""
    return (
        sa.select(LineAllocation.payment_id, LineAllocation.entry_id)
        .join(ImportedLine, ImportedLine.id == LineAllocation.line_id)
        .where(ImportedLine.cash_account_id == cash_account_id, stands())
        .subquery()
    )


def _known(column: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(column).where(column.is_not(None))  # NOT IN a list with a NULL would find nothing


def _gathered(rows: Sequence[Any]) -> list[Movement]:
    found: dict[uuid.UUID, Movement] = {}
    for entry_id, number, kind, day, amount, payment_id, member_id in rows:
        key = payment_id or entry_id
        movement = found.setdefault(key, Movement(key, payment_id, member_id, day, kind, number))
        movement.amount += amount
        movement.entry_ids.append(entry_id)
    return list(found.values())
