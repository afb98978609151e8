"""The two verbs of the books, `post` and `reverse`, for one entry or many; every room writes money through them."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.ledgers import chart, notes
from app.ledgers.accounts import account_ids
from app.ledgers.calling import call_ledger
from app.ledgers.chart import PostingKind
from app.ledgers.errors import (
    AlreadyReversed,
    DayInFuture,
    DayTooLongAgo,
    IsReversal,
)
from app.ledgers.heads import today
from app.ledgers.leavers import refuse_leavers
from app.ledgers.lots import refuse_used
from app.ledgers.models import Entry
from app.ledgers.telling import tell

EARLIEST = date(1970, 1, 1)  # months are closed one by one from the first entry on: 0206 for 2026 would end that
LAST_ZONE = "Etc/GMT+12"  # where each day begins last
UUIDS, TEXTS, DAYS = sa.ARRAY(sa.Uuid), sa.ARRAY(sa.Text), sa.ARRAY(sa.Date)
_POST = sa.text(
    "SELECT id, number, effective_on, hash FROM ledger.post(:by, :at, :ids, :kinds, :days, :source_kinds, :source_ids,"
    " :keys, :reverses, :replacements, :notes, :line_entries, :line_accounts, :line_amounts, :strict, :overdraft)"
).bindparams(
    sa.bindparam("by", type_=sa.Uuid),
    sa.bindparam("at", type_=sa.DateTime(timezone=True)),
    *(sa.bindparam(name, type_=UUIDS) for name in ("ids", "source_ids", "reverses", "replacements", "line_accounts")),
    *(sa.bindparam(name, type_=TEXTS) for name in ("kinds", "source_kinds", "keys", "notes")),
    sa.bindparam("days", type_=DAYS),
    sa.bindparam("line_entries", type_=sa.ARRAY(sa.Integer)),
    sa.bindparam("line_amounts", type_=sa.ARRAY(sa.Numeric)),
)


_USE = sa.text("SELECT ledger.use_savings(:entries)").bindparams(sa.bindparam("entries", type_=UUIDS))
_WATCHING: ContextVar["list[Posted] | None"] = ContextVar("watching", default=None)


@dataclass(frozen=True)
class Line:
    """A line of a draft: an account, by what it is for and whose it is, and a signed amount, debit positive."""

    account: chart.Account | uuid.UUID
    amount: Decimal


def debit(kind: str, amount: Decimal, owner: uuid.UUID | None = None) -> Line:
    """A debit of `amount` on an account of the chart."""
    return Line(chart.Account(kind, owner), amount)


def credit(kind: str, amount: Decimal, owner: uuid.UUID | None = None) -> Line:
    """A credit of `amount` on an account of the chart."""
    return Line(chart.Account(kind, owner), -amount)


@dataclass(frozen=True)
class Draft:
    """An entry to be: why it exists, its day, its lines, the record it comes from, and what was typed about it.

    `key` makes it happen once: a second entry of the group with the same key is refused by the database.
    `note` is personal text; it is sealed with the key of `subject` (a member), or of the group.
    """

    kind: PostingKind
    on: date
    lines: Sequence[Line]
    source: tuple[str, uuid.UUID] | None = None
    key: str | None = None
    note: str | None = None
    subject: uuid.UUID | None = None
    reverses: uuid.UUID | None = None
    replacement: uuid.UUID | None = None
    id: uuid.UUID = field(default_factory=new_id)

    @property
    def debits(self) -> Decimal:
        """How much it moves: the sum of one side."""
        return sum((line.amount for line in self.lines if line.amount > 0), Decimal(0))


@dataclass(frozen=True)
class Posted:
    """An entry as the books took it. `on` is later than asked when that month was closed."""

    id: uuid.UUID
    number: int
    on: date
    hash: bytes


def post(draft: Draft, *, by: uuid.UUID | None, strict: bool = False, overdraft: bool = False) -> Posted:
    """Write one entry. `by` is the member who acts, None for the service itself; the rest as in `post_many`."""
    return post_many([draft], by=by, strict=strict, overdraft=overdraft)[0]


def post_many(
    drafts: Sequence[Draft], *, by: uuid.UUID | None, strict: bool = False, overdraft: bool = False
) -> list[Posted]:
    """Write entries in the given order, all or none, under the group's lock.

    `strict` refuses a closed day instead of taking the first open one; `overdraft` confirms that a cash account may go
    below zero. Raises DayInFuture, DayTooLongAgo, PeriodClosed, NotEnough, NeedsConfirmation.
    """
    if not drafts:
        return []
    _refuse_odd_days(drafts)
    salted = [notes.salted(draft.note) if draft.note else None for draft in drafts]
    values = _arrays(drafts, [notes.digest(text) if text else None for text in salted])
    values |= {"by": by, "at": clock.now(), "strict": strict, "overdraft": overdraft}
    rows = call_ledger(_POST, values)
    if users := [draft.id for draft in drafts if _may_use_savings(draft)]:
        call_ledger(_USE, {"entries": users})
    notes.keep(
        (draft.id, draft.subject or session().group_id, text)
        for draft, text in zip(drafts, salted, strict=True)
        if text
    )
    session().flush()
    tell([(draft.id, draft.kind.value, draft.debits) for draft in drafts])
    posted = [Posted(row.id, row.number, row.effective_on, bytes(row.hash)) for row in rows]
    if (watching := _WATCHING.get()) is not None:
        watching.extend(posted)
    return posted


def _may_use_savings(draft: Draft) -> bool:
    """Whether the lots of savings must be asked: it lessens savings, or names accounts of which we do not know it."""
    if draft.reverses is not None:
        return True
    lessened = (line.account for line in draft.lines if line.amount > 0)
    return any(isinstance(item, uuid.UUID) or item.kind == "savings" for item in lessened)


def _arrays(drafts: Sequence[Draft], digests: Sequence[str | None]) -> dict[str, Any]:
    """The drafts as the arrays of the function: some by entry, some by line."""
    accounts = account_ids(line.account for draft in drafts for line in draft.lines)
    lines = [
        (n, accounts[line.account], line.amount)
        for n, draft in enumerate(drafts, 1)
        for line in draft.lines
        if line.amount
    ]
    return {
        "ids": [draft.id for draft in drafts],
        "kinds": [draft.kind.value for draft in drafts],
        "days": [draft.on for draft in drafts],
        "source_kinds": [draft.source[0] if draft.source else None for draft in drafts],
        "source_ids": [draft.source[1] if draft.source else None for draft in drafts],
        "keys": [draft.key for draft in drafts],
        "reverses": [draft.reverses for draft in drafts],
        "replacements": [draft.replacement for draft in drafts],
        "notes": digests,
        "line_entries": [n for n, _, _ in lines],
        "line_accounts": [account for _, account, _ in lines],
        "line_amounts": [amount for _, _, amount in lines],
    }


@contextmanager
def watched() -> Iterator[list[Posted]]:
    """Collects what is posted within the block, for whoever lets others post and must know what came of it."""
    posted: list[Posted] = []
    token = _WATCHING.set(posted)
    try:
        yield posted
    finally:
        _WATCHING.reset(token)


def reverse(
    entry: Entry,
    *,
    by: uuid.UUID | None,
    on: date,
    reason: str,
    subject: uuid.UUID | None = None,
    replacement: uuid.UUID | None = None,
    overdraft: bool = False,
) -> Posted:
    """Mirror every line of an entry, on an open day. The room checks first that nothing rests on its record.

    `replacement` is the id of the entry that says it right: one that exists.
    Raises IsReversal, AlreadyReversed, SomethingRestsOnIt (savings of it were used, or who leaves was promised it),
    PeriodClosed, NotEnough, NeedsConfirmation.
    """
    _refuse_reversal([entry])
    draft = mirror(entry, on=on, reason=reason, subject=subject, replacement=replacement)
    return post(draft, by=by, strict=True, overdraft=overdraft)


def reverse_many(
    entries: Sequence[Entry],
    *,
    by: uuid.UUID | None,
    on: date,
    reason: str,
    subject: uuid.UUID | None = None,
    overdraft: bool = False,
) -> list[Posted]:
    """Reverse several entries at once, as `reverse` does."""
    _refuse_reversal(entries)
    drafts = [mirror(entry, on=on, reason=reason, subject=subject) for entry in entries]
    return post_many(drafts, by=by, strict=True, overdraft=overdraft)


def replace(
    entry: Entry, draft: Draft, *, by: uuid.UUID | None, on: date, reason: str, overdraft: bool = False
) -> tuple[Posted, Posted]:
    """Reverse an entry and post what takes its place, at once; the reversal names it. Raises as `reverse` does."""
    _refuse_reversal([entry])
    mirrored = mirror(entry, on=on, reason=reason, subject=draft.subject, replacement=draft.id)
    reversal, replacement = post_many([mirrored, draft], by=by, strict=True, overdraft=overdraft)
    return reversal, replacement


def mirror(
    entry: Entry,
    *,
    on: date,
    reason: str,
    subject: uuid.UUID | None = None,
    replacement: uuid.UUID | None = None,
) -> Draft:
    """The draft that undoes an entry leg by leg."""
    return Draft(
        PostingKind.REVERSAL,
        on,
        [Line(posting.account_id, -posting.amount) for posting in entry.postings],
        source=(entry.source_kind, entry.source_id) if entry.source_kind and entry.source_id else None,
        note=reason,
        subject=subject,
        reverses=entry.id,
        replacement=replacement,
    )


def _refuse_odd_days(drafts: Sequence[Draft]) -> None:
    days = [draft.on for draft in drafts]
    # Days that are over everywhere on earth are not the future here either: the group's zone need not be read.
    if max(days) > clock.today(LAST_ZONE) and max(days) > today():
        raise DayInFuture(day=max(days).isoformat(), field="day")
    if min(days) < EARLIEST:
        raise DayTooLongAgo(day=min(days).isoformat(), field="day")


def _refuse_reversal(entries: Sequence[Entry]) -> None:
    refuse_second_reversal(entries)
    ids = [entry.id for entry in entries]
    refuse_used(ids)
    refuse_leavers(ids)


def refuse_second_reversal(entries: Sequence[Entry]) -> None:
    """Raises IsReversal, AlreadyReversed: a record is reversed once, and a reversal never."""
    for entry in entries:
        if entry.reverses_id is not None:
            raise IsReversal(number=entry.number)
    ids = [entry.id for entry in entries]
    done = session().scalar(
        sa.select(sa.func.min(Entry.number)).where(
            Entry.id.in_(sa.select(Entry.reverses_id).where(Entry.reverses_id.in_(ids)))
        )
    )
    if done is not None:
        raise AlreadyReversed(number=done)
