"""Two officers at the same moment, each with a connection of their own: neither deadlocks, neither slips through."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core.db import transaction
from app.core.periods import Month
from app.groups.services.members import lock_group
from app.ledgers import approvals, chart, closing, entries
from app.ledgers.accounts import account_ids
from app.ledgers.balance_checks import opening_balances_are_complete
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import AwaitsApproval, SetUpConfirmed
from tests import factories
from tests.ledgers.conftest import Books, make_books

pytestmark = pytest.mark.committed
FEES = chart.Account("payment_fees")
NOT_YET = 0.4  # seconds in which the other one comes as far as it can


@pytest.fixture
def books(committed: Flask) -> Iterator[Books]:
    with committed.app_context():
        yield make_books(factories.cast(approval_threshold="1000"))


def at_once(app: Flask, books: Books, *deeds: Callable[[], Any]) -> list[Exception]:
    """Do each in a thread and a transaction of its own; what was raised."""
    raised: list[Exception] = []

    def run(deed: Callable[[], Any]) -> None:
        try:
            with app.app_context(), transaction(group_id=books.cast.group_id):
                deed()
        except Exception as error:  # noqa: BLE001  # whatever it was, the test wants to see it
            raised.append(error)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return raised


def charge(books: Books, kind: str = "bank_charges") -> None:
    amount = Decimal(1)
    lines = [debit(kind, amount), credit("cash", amount, books.bank)]
    post(Draft(PostingKind.BANK_CHARGE, date(2026, 11, 3), lines), by=None)


def test_who_holds_the_group_and_then_posts_does_not_deadlock_with_who_only_posts(
    committed: Flask, books: Books
) -> None:
    with transaction(group_id=books.cast.group_id):
        charge(books)
    held = threading.Event()

    def counts_then_posts() -> None:
        lock_group()
        held.set()
        threading.Event().wait(NOT_YET)
        charge(books)

    def posts() -> None:
        assert held.wait(5)
        charge(books)

    assert at_once(committed, books, counts_then_posts, posts) == []


def test_two_who_are_the_first_to_use_an_account_do_not_deadlock(committed: Flask, books: Books) -> None:
    posted, opening = threading.Event(), threading.Event()

    def posts_twice() -> None:
        charge(books, "other_expense")
        posted.set()
        assert opening.wait(5)
        threading.Event().wait(NOT_YET)
        charge(books)

    def posts_once() -> None:
        assert posted.wait(5)
        opening.set()
        charge(books)

    assert at_once(committed, books, posts_twice, posts_once) == []


@pytest.mark.usefixtures("committed")
def test_an_account_whose_opening_was_undone_is_opened_again(books: Books) -> None:
    with transaction(group_id=books.cast.group_id) as unit:
        undone = unit.tenant.begin_nested()
        first = account_ids([FEES])[FEES]
        assert account_ids([FEES])[FEES] == first
        undone.rollback()
    with transaction(group_id=books.cast.group_id):
        charge(books, FEES.kind)
        assert account_ids([FEES])[FEES] != first


def test_an_opening_balance_cannot_slip_in_while_the_set_up_is_confirmed(committed: Flask, books: Books) -> None:
    confirmed = threading.Event()

    def confirm() -> None:
        entries.confirm_set_up(by=books.by)
        confirmed.set()
        threading.Event().wait(NOT_YET)

    def bring_in() -> None:
        assert confirmed.wait(5)
        held = (chart.Account("cash", books.bank), Decimal(500))
        entries.opening_balances([held], on=date(2026, 11, 1), by=books.by, key="late")

    assert [type(error) for error in at_once(committed, books, confirm, bring_in)] == [SetUpConfirmed]
    with transaction(group_id=books.cast.group_id):
        assert not opening_balances_are_complete().faults


def test_a_month_is_not_closed_while_somebody_asks_for_something_in_it(committed: Flask, books: Books) -> None:
    asked, day = threading.Event(), date(2026, 10, 20)

    def ask() -> None:
        what = {"source": books.bank, "target": books.till, "amount": "2000", "on": day.isoformat()}
        approvals.ask_or_do("transfer", what, amount=Decimal(2000), on=day, by=books.by, key="asked")
        asked.set()
        threading.Event().wait(NOT_YET)

    def close() -> None:
        assert asked.wait(5)
        closing.close_month(Month(2026, 10), by=books.by)

    assert [type(error) for error in at_once(committed, books, ask, close)] == [AwaitsApproval]
