"""The books as Beancount text, so that a program that is not ours can check every entry and every balance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from app.core import money

_ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the chart. `label` may be any text that names no person, '' where there is none."""

    id: UUID
    code: str
    type: str
    label: str


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on an account, debits positive."""

    account_id: UUID
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its place in the group's chain; `reverses` is the number of the entry it takes back."""

    number: int
    kind: str
    day: date
    hash: str
    postings: Sequence[Posting]
    reverses: int | None


@dataclass(frozen=True, slots=True)
class Books:
    """A group's books to the end of a day, and the balances that we say they come to; an account without one has 0."""

    group_name: str
    currency: str
    as_of: date
    accounts: Sequence[Account]
    entries: Sequence[Entry]
    balances: Mapping[UUID, Decimal]


def text(books: Books) -> str:
    """A ledger file that loads without an error if, and only if, entries balance and come to our balances exactly."""
    return "\n".join(_lines(books)) + "\n"


def _lines(books: Books) -> Iterator[str]:
    names = {account.id: _name(account) for account in books.accounts}
    opened = min((entry.day for entry in books.entries), default=books.as_of)
    yield f'option "title" {_quoted(books.group_name)}'
    yield f'option "operating_currency" "{books.currency}"'
    # Without it the checker forgives differences below half a cent.
    yield 'option "tolerance_multiplier" "0"'
    yield ""
    for account in books.accounts:
        yield f"{opened} open {names[account.id]} {books.currency}"
        if account.label:
            yield f"  label: {_quoted(account.label)}"
    for entry in books.entries:
        yield from _entry(entry, names, books.currency)
    yield ""
    # An assertion speaks of the morning of its day.
    morning = books.as_of + timedelta(days=1)
    for account in books.accounts:
        balance = _figure(books.balances.get(account.id, Decimal(0)), books.currency)
        yield f"{morning} balance {names[account.id]} {balance} ~ 0 {books.currency}"


def _entry(entry: Entry, names: Mapping[UUID, str], currency: str) -> Iterator[str]:
    tag = re.sub(r"[^A-Za-z0-9_.-]", "-", entry.kind)
    links = f"^entry-{entry.number}" + (f" ^entry-{entry.reverses}" if entry.reverses else "")
    yield ""
    yield f"{entry.day} * {_quoted(entry.kind.replace('_', ' '))} #{tag} {links}"
    yield f"  number: {entry.number}"
    yield f"  kind: {_quoted(entry.kind)}"
    yield f"  hash: {_quoted(entry.hash)}"
    if entry.reverses:
        yield f"  reverses: {entry.reverses}"
    for posting in entry.postings:
        yield f"  {names[posting.account_id]}  {_figure(posting.amount, currency)} {currency}"


def _name(account: Account) -> str:
    """A legal account name that says what the account is and tells no one whose: its code and the end of its id."""
    code = re.sub(r"[^A-Za-z0-9]+", "-", account.code).strip("-").upper() or "0"
    return f"{_ROOTS[account.type]}:{code}-{account.id.hex[-12:]}"


def _figure(amount: Decimal, currency: str) -> str:
    """The currency's digits, and more only if the books hold more, so that nothing is rounded on the way out."""
    usual = amount.quantize(money.quantum(currency))
    return format(usual if usual == amount else amount, "f")


def _quoted(words: str) -> str:
    """One line between quotation marks."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
