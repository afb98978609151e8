"""A form that is sent twice: the second time finds what the first one posted, unless it says something else."""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.core.db import session
from app.ledgers.accounts import account_ids
from app.ledgers.books import Draft, Posted
from app.ledgers.errors import KeyUsed
from app.ledgers.heads import head
from app.ledgers.locking import lock_books
from app.ledgers.models import Entry


def posted_once(drafts: Sequence[Draft], *, next_key: str | None = None) -> list[Posted]:
    """The entries that were posted under the drafts' keys, so that pressing twice leads to the same place; or none.

    `next_key` is the key after the last one, where keys are counted. Keeps the books' lock, so that of two presses at
    one moment the second finds the first. Raises KeyUsed when they say something else: another reason, day or line.
    """
    lock_books()
    keys = [draft.key for draft in drafts] + [next_key]
    wanted = sa.select(Entry).where(Entry.idempotency_key.in_([key for key in keys if key]))
    found = {row.idempotency_key: row for row in session().scalars(wanted.options(selectinload(Entry.postings)))}
    if not found:
        return []
    if found.keys() != {draft.key for draft in drafts} or not all(_same(found[draft.key], draft) for draft in drafts):
        raise KeyUsed
    rows = [found[draft.key] for draft in drafts]
    return [Posted(row.id, row.number, row.effective_on, row.hash) for row in rows]


def _same(entry: Entry, draft: Draft) -> bool:
    """Whether an entry says what a draft does, on its day, or on a later one because that was closed."""
    ids = account_ids(line.account for line in draft.lines)
    lines = Counter((ids[line.account], line.amount) for line in draft.lines if line.amount)
    moved = draft.on <= head().closed_through and entry.effective_on > draft.on
    return (
        entry.kind == draft.kind.value
        and (moved or entry.effective_on == draft.on)
        and lines == Counter((posting.account_id, posting.amount) for posting in entry.postings)
    )
