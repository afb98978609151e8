"""Balances, now from the kept rows and as of a day from checkpoint and tail: no dearer as the history grows."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.ledgers import chart
from app.ledgers.chart import CHART, NAMED_OWNERS
from app.ledgers.models import Account, AccountBalance, BalanceCheckpoint, Posting

BEFORE_ALL = date(1, 1, 1)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Total:
    """The balance of an account, or of all accounts of a kind that belong to people; debit positive.

    `account_id` is None when it stands for several, and `accounts` says for how many.
    """

    kind: str
    account_id: uuid.UUID | None
    code: str
    name: str
    accounts: int
    balance: Decimal

    @property
    def type(self) -> chart.AccountType:
        """asset, liability, equity, income or expense."""
        return CHART[self.kind].type

    @property
    def natural(self) -> Decimal:
        """The balance, positive on the side where the account grows."""
        return self.balance * self.type.normal


@dataclass(frozen=True)
class AccountAmount:
    """An account and its balance, debit positive."""

    account: Account
    balance: Decimal


def balance(wanted: chart.Account | uuid.UUID, on: date | None = None) -> Decimal:
    """The balance of one account, debit positive: now, or at the end of a day. Zero for one that was never used."""
    amount, source = _amount(on)
    query = sa.select(amount).select_from(source).where(*_is(wanted))
    return session().scalar(query) or ZERO


def natural_balance(wanted: chart.Account, on: date | None = None) -> Decimal:
    """The same, positive on the side where the account grows: savings of 500 are 500."""
    return balance(wanted, on) * CHART[wanted.kind].type.normal


def held(wanted: chart.Account | uuid.UUID) -> Decimal:
    """How much of an account is held now; free is its natural balance less this."""
    query = sa.select(AccountBalance.held).join(Account, Account.id == AccountBalance.account_id).where(*_is(wanted))
    return session().scalar(query) or ZERO


def balances_of_kind(kind: str, on: date | None = None) -> dict[uuid.UUID, Decimal]:
    """Of every account of a kind by its owner, positive on its natural side: the savings of all members at once."""
    amount, source = _amount(on)
    rows = session().execute(
        sa.select(Account.owner_id, amount * Account.normal)
        .select_from(source)
        .where(Account.kind == kind, Account.owner_id.is_not(None))
    )
    return {owner: Decimal(value) for owner, value in rows if owner is not None}


def balances(on: date | None = None, *, kinds: Collection[str] = ()) -> list[AccountAmount]:
    """Every account with its balance, in the order of the chart; only those of `kinds` if given."""
    amount, source = _amount(on)
    query = sa.select(Account, amount).select_from(source).order_by(Account.code)
    if kinds:
        query = query.where(Account.kind.in_(kinds))
    return [AccountAmount(row, Decimal(value)) for row, value in session().execute(query)]


def totals(on: date | None = None) -> list[Total]:
    """The books in one query: each account of the group, and one row for all accounts of a kind that people own."""
    amount, source = _amount(on)
    alone = sa.or_(Account.owner_kind.is_(None), Account.owner_kind.in_([str(kind) for kind in NAMED_OWNERS]))
    alone_id = sa.case((alone, Account.id))
    query = (
        sa.select(
            Account.kind,
            alone_id.label("id"),
            sa.func.min(Account.code).label("code"),
            sa.func.min(Account.name).label("name"),
            sa.func.count().label("accounts"),
            sa.func.sum(amount).label("balance"),
        )
        .select_from(source)
        .group_by(Account.kind, alone_id)
        .order_by(sa.func.min(Account.code))
    )
    return [_total(row) for row in session().execute(query)]


def _total(row: sa.Row[Any]) -> Total:
    sort = CHART[row.kind]
    shown = sort.number if row.id is None else row.code
    name = str(sort.name) if shown == sort.number else row.name
    return Total(row.kind, row.id, shown, name, row.accounts, Decimal(row.balance))


def _is(wanted: chart.Account | uuid.UUID) -> list[sa.ColumnElement[bool]]:
    if isinstance(wanted, uuid.UUID):
        return [Account.id == wanted]
    return [Account.kind == wanted.kind, Account.owner_id.is_not_distinct_from(wanted.owner)]


def _amount(on: date | None) -> tuple[sa.ColumnElement[Decimal], sa.FromClause]:
    if on is None:
        joined = sa.outerjoin(Account, AccountBalance, AccountBalance.account_id == Account.id)
        return sa.func.coalesce(AccountBalance.balance, 0), joined
    return _as_of(on)


def _as_of(on: date) -> tuple[sa.ColumnElement[Decimal], sa.FromClause]:
    """LATERAL joins, never a scalar sub-select in WHERE: that would lose the index under row-level security."""
    latest: Any = (
        sa.select(BalanceCheckpoint.through, BalanceCheckpoint.balance)
        .where(BalanceCheckpoint.account_id == Account.id, BalanceCheckpoint.through <= on)
        .order_by(BalanceCheckpoint.through.desc())
        .limit(1)
        .lateral("latest")
    )
    tail: Any = (
        sa.select(sa.func.sum(Posting.amount).label("moved"))
        .where(
            Posting.account_id == Account.id,
            Posting.effective_on > sa.func.coalesce(latest.c.through, sa.literal(BEFORE_ALL, sa.Date)),
            Posting.effective_on <= on,
        )
        .lateral("tail")
    )
    source = sa.outerjoin(Account, latest, sa.true()).outerjoin(tail, sa.true())
    return sa.func.coalesce(latest.c.balance, 0) + sa.func.coalesce(tail.c.moved, 0), source
