"""Balances, now from the kept rows and as of a day from checkpoint and tail: no dearer as the history grows."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.core.db import session
from app.ledgers import chart
from app.ledgers.chart import CHART, NAMED_OWNERS
from app.ledgers.models import Account, AccountBalance, BalanceCheckpoint, Posting
from app.web.keyset import Cursor, Slice, slice_of

BEFORE_ALL = date(1, 1, 1)
ZERO = Decimal(0)
Join: TypeAlias = Callable[[Any], Any]
Query: TypeAlias = "sa.Select[*tuple[Any, ...]]"


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

    @property
    def natural(self) -> Decimal:
        """The balance, positive on the side where the account grows."""
        return self.balance * self.account.normal


def balance(wanted: chart.Account | uuid.UUID, on: date | None = None) -> Decimal:
    """The balance of one account, debit positive: now, or at the end of a day. Zero for one that was never used."""
    amount, joined = _amount(on)
    query = joined(sa.select(amount)).where(*is_account(wanted))
    return session().scalar(query) or ZERO


def natural_balance(wanted: chart.Account, on: date | None = None) -> Decimal:
    """The same, positive on the side where the account grows: savings of 500 are 500."""
    return balance(wanted, on) * CHART[wanted.kind].type.normal


def held(wanted: chart.Account | uuid.UUID) -> Decimal:
    """How much of an account is held now; free is its natural balance less this."""
    query = (
        sa.select(AccountBalance.held).join(Account, Account.id == AccountBalance.account_id).where(*is_account(wanted))
    )
    return session().scalar(query) or ZERO


def balances_of_kind(kind: str, on: date | None = None) -> dict[uuid.UUID, Decimal]:
    """Of every account of a kind by its owner, positive on its natural side: the savings of all members at once."""
    amount, joined = _amount(on)
    query = joined(sa.select(Account.owner_id, amount * Account.normal))
    rows = session().execute(query.where(Account.kind == kind, Account.owner_id.is_not(None)))
    return {owner: Decimal(value) for owner, value in rows if owner is not None}


def balances(on: date | None = None, *, kinds: Collection[str] = ()) -> list[AccountAmount]:
    """Every account with its balance, in the order of the chart; only those of `kinds` if given."""
    return _read(_every(on, kinds).order_by(Account.code))


def balances_page(
    on: date | None = None, *, kinds: Collection[str] = (), at: Cursor | None = None
) -> Slice[AccountAmount]:
    """The same, page by page."""
    return slice_of(_read, _every(on, kinds), by=(Account.code,), key=lambda row: (row.account.code,), at=at)


def _every(on: date | None, kinds: Collection[str]) -> Query:
    amount, joined = _amount(on)
    query: Query = joined(sa.select(Account, amount))
    return query.where(Account.kind.in_(kinds)) if kinds else query


def _read(query: Query) -> list[AccountAmount]:
    return [AccountAmount(row, Decimal(value)) for row, value in session().execute(query)]


def totals(on: date | None = None) -> list[Total]:
    """The books in one query: each account of the group, and one row for all accounts of a kind that people own."""
    amount, joined = _amount(on)
    alone = sa.or_(Account.owner_kind.is_(None), Account.owner_kind.in_([str(kind) for kind in NAMED_OWNERS]))
    alone_id = sa.case((alone, Account.id))
    query = joined(
        sa.select(
            Account.kind,
            alone_id.label("id"),
            sa.func.min(Account.code).label("code"),
            sa.func.min(Account.name).label("name"),
            sa.func.count().label("accounts"),
            sa.func.sum(amount).label("balance"),
        )
    )
    rows = session().execute(query.group_by(Account.kind, alone_id).order_by(sa.func.min(Account.code)))
    return [_total(row) for row in rows]


def _total(row: sa.Row[Any]) -> Total:
    sort = CHART[row.kind]
    shown = sort.number if row.id is None else row.code
    name = str(sort.name) if shown == sort.number else row.name
    return Total(row.kind, row.id, shown, name, row.accounts, Decimal(row.balance))


def is_account(wanted: chart.Account | uuid.UUID) -> list[sa.ColumnElement[bool]]:
    """Which account is meant. Not "is not distinct from", which no index serves."""
    if isinstance(wanted, uuid.UUID):
        return [Account.id == wanted]
    return [
        Account.kind == wanted.kind,
        Account.owner_id == wanted.owner if wanted.owner else Account.owner_id.is_(None),
    ]


def _amount(on: date | None) -> tuple[sa.ColumnElement[Decimal], Join]:
    """The column of the balance, and how to join what it is read from. Joined by the method of a select: only there
    the ORM puts its filter by group into the ON of an outer join, so that accounts never used stay in.
    """
    if on is not None:
        return _as_of(on)
    same = AccountBalance.account_id == Account.id
    return sa.func.coalesce(AccountBalance.balance, 0), lambda q: q.select_from(Account).outerjoin(AccountBalance, same)


def _as_of(on: date) -> tuple[sa.ColumnElement[Decimal], Join]:
    """LATERAL joins, never a scalar sub-select in WHERE: that would lose the index under row-level security.

    So would coalesce(), which the planner does not take for leakproof; greatest() is, and passes over a NULL as well.
    """
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
            Posting.effective_on > sa.func.greatest(latest.c.through, sa.literal(BEFORE_ALL, sa.Date)),
            Posting.effective_on <= on,
        )
        .lateral("tail")
    )
    amount = sa.func.coalesce(latest.c.balance, 0) + sa.func.coalesce(tail.c.moved, 0)
    return amount, lambda q: q.select_from(Account).outerjoin(latest, sa.true()).outerjoin(tail, sa.true())
