"""The journal, line by line, and the books as the Beancount text wants them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.exports import Cell
from app.groups.queries import group, names
from app.ledgers.balances import balances
from app.ledgers.chart import Owner
from app.ledgers.heads import today
from app.ledgers.models import Account, Entry, Posting
from app.reports import beancount
from app.reports.queries import Period

HEAD = (
    *(_("Entry"), _("Day"), _("Recorded"), _("Kind"), _("Account code"), _("Account"), _("Whose")),
    *(_("Debit"), _("Credit"), _("Reverses"), _("Hash")),
)


def journal(period: Period) -> Iterator[Sequence[Cell]]:
    """Every line of every entry of a period, in the order of the books."""
    reversed_ = sa.orm.aliased(Entry)
    rows = (
        session()
        .execute(
            sa.select(Entry, Posting.amount, Account, reversed_.number)
            .join(Posting, Posting.entry_id == Entry.id)
            .join(Account, Account.id == Posting.account_id)
            .outerjoin(reversed_, reversed_.id == Entry.reverses_id)
            .where(Entry.effective_on.between(period.first, period.last))
            .order_by(Entry.number, Posting.line)
        )
        .all()
    )
    whose = names([account.owner_id for _entry, _amount, account, _n in rows if account.owner_kind == Owner.MEMBER])
    for entry, amount, account, reverses in rows:
        yield (
            *(entry.number, entry.effective_on, entry.recorded_at, entry.kind, account.code, account.label),
            whose.get(account.owner_id) if account.owner_id else None,
            *(amount if amount > 0 else None, -amount if amount < 0 else None, reverses, entry.hash.hex()),
        )


def beancount_text(on: date | None = None) -> str:
    """The whole books to the end of a day, today by default, as an independent program reads them; without names."""
    until = on or today()
    amounts = balances(until)
    told = [
        beancount.Account(row.account.id, row.account.code, row.account.type, _label(row.account)) for row in amounts
    ]
    return beancount.text(
        beancount.Books(
            group_name=group().name,
            currency=group().currency,
            as_of=until,
            accounts=told,
            entries=list(_entries(until)),
            balances={row.account.id: row.balance for row in amounts},
        )
    )


def _label(account: Account) -> str:
    return account.label  # chart names and the group's own; whose a member's account is stands nowhere in it


def _entries(until: date) -> Iterator[beancount.Entry]:
    lines: dict[Any, list[beancount.Posting]] = {}
    postings = sa.select(Posting.entry_id, Posting.account_id, Posting.amount).where(Posting.effective_on <= until)
    for entry_id, account_id, amount in session().execute(postings.order_by(Posting.entry_number, Posting.line)):
        lines.setdefault(entry_id, []).append(beancount.Posting(account_id, amount))
    found = (
        session()
        .execute(
            sa.select(Entry.id, Entry.number, Entry.kind, Entry.effective_on, Entry.hash, Entry.reverses_id)
            .where(Entry.effective_on <= until)
            .order_by(Entry.effective_on, Entry.number)
        )
        .all()
    )
    numbers = {row.id: row.number for row in found}
    for row in found:
        reverses = numbers.get(row.reverses_id) if row.reverses_id else None
        yield beancount.Entry(row.number, row.kind, row.effective_on, row.hash.hex(), lines[row.id], reverses)
