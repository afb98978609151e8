"""Cash accounts, and the entries that move money between them."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.ledgers import cash, entries
from app.ledgers.books import Posted
from app.ledgers.errors import (
    CashAccountClosed,
    CashAccountNameTaken,
    CashAccountNotEmpty,
    NeedsConfirmation,
    NoSuchCashAccount,
    SameCashAccount,
)
from app.ledgers.models import Account, CashAccount
from tests.ledgers.conftest import Books

DAY = date(2026, 11, 3)


def move(books: Books, amount: str, **more: object) -> Posted:
    kept: dict[str, object] = {"source": books.bank, "target": books.till, "key": "k1", "by": books.by}
    return entries.transfer(amount=Decimal(amount), on=DAY, **(kept | more))  # type: ignore[arg-type]


def balances() -> dict[str, Decimal]:
    return {row.cash_account.name: row.balance for row in cash.cash_balances()}


def test_the_account_in_the_books_follows_the_name(books: Books):
    with transaction(group_id=books.cast.group_id):
        row = cash.cash_account(books.bank)
        cash.change_cash_account(row, name="Co-op Bank", method="bank", number="99", by=books.by)
        assert session().scalar(sa.select(Account.name).where(Account.owner_id == books.bank)) == "Co-op Bank"
        assert cash.number_of(row) == "99"
        assert b"99" not in (
            session().scalars(sa.select(CashAccount).where(CashAccount.id == books.bank)).one().number or b""
        )


def test_two_cash_accounts_cannot_have_one_name(books: Books):
    with transaction(group_id=books.cast.group_id), pytest.raises(CashAccountNameTaken):
        cash.add_cash_account(name="EQUITY bank", method="bank", by=books.by)


def test_a_transfer_moves_money_once_however_often_it_is_sent(books: Books):
    with transaction(group_id=books.cast.group_id):
        assert move(books, "2500").number == move(books, "2500").number
        assert balances() == {"Equity Bank": Decimal(7500), "Petty cash": Decimal(2500)}


def test_a_transfer_needs_two_open_accounts(books: Books):
    with transaction(group_id=books.cast.group_id):
        with pytest.raises(SameCashAccount):
            move(books, "1", target=books.bank)
        cash.close_cash_account(cash.cash_account(books.till), by=books.by)
        with pytest.raises(CashAccountClosed):
            move(books, "1")
        cash.reopen_cash_account(cash.cash_account(books.till), by=books.by)
        assert move(books, "1").number == 2


def test_an_overdraft_is_booked_only_after_a_confirmation(books: Books):
    with pytest.raises(NeedsConfirmation), transaction(group_id=books.cast.group_id):
        move(books, "10000.01")
    with transaction(group_id=books.cast.group_id):
        move(books, "10000.01", overdraft=True)
        assert balances()["Equity Bank"] == Decimal("-0.01")


def test_an_account_with_money_in_it_is_not_closed(books: Books):
    with pytest.raises(CashAccountNotEmpty), transaction(group_id=books.cast.group_id):
        cash.close_cash_account(cash.cash_account(books.bank), by=books.by)


def test_another_groups_cash_account_is_not_there(books: Books):
    with transaction(group_id=books.cast.outsider.group_id), pytest.raises(NoSuchCashAccount):
        cash.cash_account(books.bank)
