"""What officers ask for: checked first, so that nobody is asked about what cannot be booked; done, or kept for a second
person. Forms and programs come here alike.
"""

import uuid
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.groups.services.members import lock_group
from app.ledgers import approvals, cash, entries
from app.ledgers.approvals import Outcome
from app.ledgers.books import Posted
from app.ledgers.chart import CHART, Account
from app.ledgers.closing import is_open
from app.ledgers.entries import HandLine
from app.ledgers.errors import (
    NoSuchEntry,
    NotByHand,
    PeriodClosed,
    SameCashAccount,
    UnknownAccount,
    UnknownReplacement,
)
from app.ledgers.heads import head, today
from app.ledgers.models import Entry
from app.ledgers.once import posted_once
from app.ledgers.picking import Wanted
from app.ledgers.queries import accounts_with, entry_numbered

BY_HAND = frozenset(kind for kind, sort in CHART.items() if sort.by_hand)


@dataclass(frozen=True)
class Asked:
    """What every movement of money has: its day, who asks, the key by which the deed is known again, a note.

    `overdraft` confirms that a cash account may go below zero.
    """

    on: date
    by: uuid.UUID
    key: str
    note: str | None = None
    overdraft: bool = False


def _ask(kind: str, asked: Asked, amount: Decimal, **payload: Any) -> Outcome:
    told = payload | {"on": asked.on, "note": asked.note, "overdraft": asked.overdraft, "amount": amount}
    return approvals.ask_or_do(kind, told, amount=amount, on=asked.on, by=asked.by, key=asked.key)


def transfer(asked: Asked, *, source: uuid.UUID, target: uuid.UUID, amount: Decimal) -> Outcome:
    """Transfer, or ask for it. Raises SameCashAccount, NoSuchCashAccount, CashAccountClosed, and as `ask_or_do`."""
    if source == target:
        raise SameCashAccount(field="target")
    cash.open_cash_account(source, field="source")
    cash.open_cash_account(target, field="target")
    return _ask("transfer", asked, amount, source=source, target=target)


def cash_entry(asked: Asked, *, cash_account: uuid.UUID, category: Wanted, amount: Decimal) -> Outcome:
    """Book an expense or an income, or ask for it. Raises NoSuchCashAccount, CashAccountClosed, UnknownAccount."""
    cash.open_cash_account(cash_account, field="cash_account")
    _refuse_unknown([category], ["category"], kinds=entries.FLOWS)
    return _ask("cash_entry", asked, amount, cash_account=cash_account, category=_named(category))


def manual(asked: Asked, *, lines: Sequence[HandLine]) -> Outcome:
    """Enter by hand, or ask for it. Raises UnknownAccount, and as `entries.manual_draft`."""
    _refuse_unknown_lines(lines)
    entries.manual_draft(lines=lines, on=asked.on, note=None, key=asked.key)
    return _ask("manual_entry", asked, entries.debits(lines), lines=_told(lines))


def correction(asked: Asked, entry: Entry, *, lines: Sequence[HandLine], reason: str) -> Outcome:
    """Put right what was entered by hand, or ask for it: by the larger of what is undone and what takes its place."""
    lock_group()  # it comes before the books
    _refuse_unknown_lines(lines)
    if not posted_once([entries.manual_draft(lines=lines, on=asked.on, note=reason, key=asked.key)]):
        entries.refuse_reversal(entry)
    amount = max(entries.debits(entry.postings), entries.debits(lines))
    return _ask("correction", asked, amount, number=entry.number, lines=_told(lines), reason=reason)


def reversal(
    entry: Entry,
    *,
    reason: str,
    on_its_day: bool,
    replacement: int | None = None,
    by: uuid.UUID,
    key: str,
    overdraft: bool = False,
) -> Outcome:
    """Undo an entry, today or on its own day, or ask for it. `replacement` is the number of the one that is right.

    Raises PeriodClosed when its own day is closed, UnknownReplacement, and what stands against it.
    """
    entries.refuse_reversal(entry)
    if on_its_day and not is_open(entry.effective_on):
        raise PeriodClosed(through=head().closed_through.isoformat(), field="when")
    on = entry.effective_on if on_its_day else today()
    told = {"number": entry.number, "reason": reason, "replacement": _replacement(replacement)}
    amount = entries.debits(entry.postings)
    return _ask("reversal", Asked(on, by, key, overdraft=overdraft), amount, **told)


def opening(balances: Sequence[tuple[Wanted, Decimal]], *, on: date, by: uuid.UUID, key: str) -> list[Posted]:
    """Bring in what accounts held before, each on the side where it grows. Raises UnknownAccount, SetUpConfirmed."""
    _refuse_unknown([wanted for wanted, _amount in balances], [f"balances.{n}.account" for n in range(len(balances))])
    return entries.opening_balances(balances, on=on, by=by, key=key)


def _refuse_unknown_lines(lines: Sequence[HandLine]) -> None:
    _refuse_unknown([line.account for line in lines], [f"lines.{n}.account" for n in range(len(lines))])


def _refuse_unknown(wanted: Sequence[Wanted], fields: Sequence[str], *, kinds: Container[str] = BY_HAND) -> None:
    ids = [one for one in wanted if isinstance(one, uuid.UUID)]
    known = {row.id: row.kind for row in accounts_with(ids)} if ids else {}
    for one, field in zip(wanted, fields, strict=True):
        kind = one.kind if isinstance(one, Account) else known.get(one)
        if kind is None:
            raise UnknownAccount(field=field)
        if kind not in kinds:
            raise NotByHand(account=CHART[kind].name, field=field)


def _told(lines: Sequence[HandLine]) -> list[tuple[object, Decimal]]:
    return [(_named(line.account), line.amount) for line in lines]


def _named(wanted: Wanted) -> object:
    return wanted.kind if isinstance(wanted, Account) else wanted


def _replacement(number: int | None) -> uuid.UUID | None:
    if number is None:
        return None
    try:
        return entry_numbered(number).id
    except NoSuchEntry:
        raise UnknownReplacement(field="replacement") from None
