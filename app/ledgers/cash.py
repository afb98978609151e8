"""Cash accounts: the places where a group's money lies, each with the account of the books that it owns."""

import enum
import uuid
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import ring
from app.core.money import lazily
from app.core.rows import row_with
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers import chart
from app.ledgers.accounts import account_ids
from app.ledgers.errors import (
    CashAccountClosed,
    CashAccountNameTaken,
    CashAccountNotEmpty,
    NoSuchCashAccount,
)
from app.ledgers.models import Account, AccountBalance, CashAccount


class CashMethod(enum.StrEnum):
    """What kind of place it is."""

    BANK = "bank"
    MOBILE_MONEY = "mobile_money"
    PETTY_CASH = "petty_cash"
    OTHER = "other"


METHODS = {
    CashMethod.BANK: _("Bank account"),
    CashMethod.MOBILE_MONEY: _("Mobile money"),
    CashMethod.PETTY_CASH: _("Petty cash"),
    CashMethod.OTHER: _("Other"),
}


@dataclass(frozen=True)
class CashBalance:
    """A cash account with the id of its account in the books and what lies there now."""

    cash_account: CashAccount
    account_id: uuid.UUID
    balance: Decimal


def cash_account(cash_account_id: uuid.UUID, *, field: str | None = None) -> CashAccount:
    """The cash account with this id, open or closed. Raises NoSuchCashAccount."""
    return row_with(CashAccount, cash_account_id, partial(NoSuchCashAccount, field=field))


def open_cash_account(cash_account_id: uuid.UUID, *, field: str | None = None) -> CashAccount:
    """The same, only when it is open: for new movements. Raises NoSuchCashAccount, CashAccountClosed."""
    found = cash_account(cash_account_id, field=field)
    if found.closed_at is not None:
        raise CashAccountClosed(name=found.name, field=field)
    return found


def cash_accounts(*, closed: bool = False) -> list[CashAccount]:
    """The open cash accounts by name; with `closed` all of them, the open ones first."""
    query = sa.select(CashAccount).order_by(CashAccount.closed_at.is_not(None), CashAccount.name)
    if not closed:
        query = query.where(CashAccount.closed_at.is_(None))
    return list(session().scalars(query))


def cash_balances(*, closed: bool = False) -> list[CashBalance]:
    """The cash accounts with their balances now, in one query."""
    return _balances(*([] if closed else [CashAccount.closed_at.is_(None)]))


def cash_balance(cash_account_id: uuid.UUID) -> CashBalance:
    """One cash account with its balance now. Raises NoSuchCashAccount."""
    found = _balances(CashAccount.id == cash_account_id)
    if not found:
        raise NoSuchCashAccount
    return found[0]


def _balances(*which: sa.ColumnElement[bool]) -> list[CashBalance]:
    query = (
        sa.select(CashAccount, Account.id, sa.func.coalesce(AccountBalance.balance, 0))
        .join(Account, sa.and_(Account.owner_id == CashAccount.id, Account.kind == "cash"))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(*which)
        .order_by(CashAccount.closed_at.is_not(None), CashAccount.name)
    )
    return [CashBalance(row, account_id, Decimal(balance)) for row, account_id, balance in session().execute(query)]


def add_cash_account(*, name: str, method: str, number: str | None = None, by: uuid.UUID | None) -> CashAccount:
    """Open a cash account and its account in the books. `number` is kept encrypted. Raises CashAccountNameTaken."""
    lock_group()  # who goes on to record payments needs it too, and it comes before the books
    _refuse_taken(name, None)
    row = CashAccount(id=new_id(), name=name, method=CashMethod(method).value)
    row.number = _sealed(row.id, number)
    session().add(row)
    session().flush()
    account_ids([chart.Account("cash", row.id)])
    _rename(row)
    record("create", "cash_account", row.id, by=by, after={"name": name, "method": method})
    return row


def change_cash_account(row: CashAccount, *, name: str, method: str, number: str | None, by: uuid.UUID) -> None:
    """Rename it or correct its number; the account in the books follows. Raises CashAccountNameTaken."""
    _refuse_taken(name, row.id)
    before = {"name": row.name, "method": row.method, "number": number_of(row)}
    row.name, row.method, row.number = name, CashMethod(method).value, _sealed(row.id, number)
    _rename(row)
    after = {"name": name, "method": method, "number": number or None}
    record("update", "cash_account", row.id, by=by, before=before, after=after)


def close_cash_account(row: CashAccount, *, by: uuid.UUID) -> None:
    """Offer it no more for new movements. Raises CashAccountNotEmpty; closing a closed one changes nothing."""
    left = session().scalar(
        sa.select(AccountBalance.balance)
        .join(Account, Account.id == AccountBalance.account_id)
        .where(Account.kind == "cash", Account.owner_id == row.id)
    )
    if left:
        raise CashAccountNotEmpty(name=row.name, amount=lazily(left, group().currency))
    if row.closed_at is None:
        row.closed_at = clock.now()
        record("update", "cash_account", row.id, by=by, before={"closed": False}, after={"closed": True})


def reopen_cash_account(row: CashAccount, *, by: uuid.UUID) -> None:
    """Offer it again."""
    if row.closed_at is not None:
        row.closed_at = None
        record("update", "cash_account", row.id, by=by, before={"closed": True}, after={"closed": False})


def number_of(row: CashAccount) -> str | None:
    """The number of the account at its bank or provider, in clear; for people who may see the books."""
    return ring().open(row.number, _place(row.id)).decode() if row.number else None


def _sealed(row_id: uuid.UUID, number: str | None) -> bytes | None:
    return ring().seal(number.encode(), _place(row_id)) if number else None


def _place(row_id: uuid.UUID) -> str:
    return f"cash_account|{session().group_id}|{row_id}|number"


def _refuse_taken(name: str, but: uuid.UUID | None) -> None:
    taken = sa.select(CashAccount.id).where(sa.func.lower(CashAccount.name) == sa.func.lower(name))
    if but is not None:
        taken = taken.where(CashAccount.id != but)
    if session().scalar(taken) is not None:
        raise CashAccountNameTaken(name=name, field="name")


def _rename(row: CashAccount) -> None:
    session().flush()
    session().execute(
        sa.update(Account).where(Account.kind == "cash", Account.owner_id == row.id).values(name=row.name)
    )
