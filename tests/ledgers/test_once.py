"""A form that is sent twice: the same again leads to the same place, something else under its key is refused."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core.db import transaction
from app.core.periods import Month
from app.ledgers import approvals, chart, closing, entries
from app.ledgers.errors import KeyUsed
from tests import factories
from tests.ledgers.committed import at_once, fresh
from tests.ledgers.conftest import Books, make_books, member_of

DAY = date(2026, 11, 3)


def moved(books: Books, amount: str = "10", on: date = DAY, **changed: Any) -> int:
    told: dict[str, Any] = {
        "source": books.bank,
        "target": books.till,
        "amount": Decimal(amount),
        "on": on,
        "key": "form",
    }
    with transaction(group_id=books.cast.group_id):
        return entries.transfer(by=books.by, **(told | changed)).number


def test_the_same_form_again_finds_what_it_posted(books: Books) -> None:
    assert moved(books) == moved(books)


def test_a_day_that_was_closed_is_still_the_same_content(books: Books) -> None:
    first = moved(books, on=date(2026, 10, 30))
    with transaction(group_id=books.cast.group_id):
        closing.close_month(Month(2026, 10), by=books.by)
    assert moved(books, on=date(2026, 10, 30)) == first
    later = moved(books, on=date(2026, 10, 29), key="closed")
    assert moved(books, on=date(2026, 10, 29), key="closed") == later


@pytest.mark.parametrize("changed", [{"amount": "11"}, {"on": date(2026, 11, 4)}])
def test_other_content_under_the_same_key_is_refused(books: Books, changed: dict[str, Any]) -> None:
    moved(books)
    with pytest.raises(KeyUsed):
        moved(books, **changed)


def test_the_key_of_one_form_in_another_one_is_refused(books: Books) -> None:
    moved(books)
    with pytest.raises(KeyUsed), transaction(group_id=books.cast.group_id):
        entries.cash_entry(
            cash_account=books.bank,
            category=chart.Account("bank_charges"),
            amount=Decimal(10),
            on=DAY,
            by=books.by,
            key="form",
        )


def test_opening_balances_sent_again_with_a_line_less_are_refused(books: Books) -> None:
    held = [(chart.Account("cash", books.bank), Decimal(5)), (chart.Account("cash", books.till), Decimal(6))]

    def bring_in(count: int) -> list[int]:
        with transaction(group_id=books.cast.group_id):
            made = entries.opening_balances(held[:count], on=DAY, by=books.by, key="opening")
            return [entry.number for entry in made]

    assert bring_in(2) == bring_in(2)
    with pytest.raises(KeyUsed):
        bring_in(1)


@pytest.mark.parametrize("who", ["treasurer", "leader"])
@pytest.mark.usefixtures("context")
def test_a_request_sent_again_for_something_else_is_refused(who: str) -> None:
    books = make_books(factories.cast(approval_threshold="1000"))

    def ask(amount: int, by: str = "treasurer") -> object:
        told = {"source": books.bank, "target": books.till, "amount": str(amount), "on": DAY.isoformat()}
        whose = member_of(getattr(books.cast, by))
        with transaction(group_id=books.cast.group_id):
            return approvals.ask_or_do("transfer", told, amount=Decimal(amount), on=DAY, by=whose, key="asked")

    assert ask(2_000) == ask(2_000)
    with pytest.raises(KeyUsed):
        ask(2_001 if who == "treasurer" else 2_000, who)


@pytest.mark.committed
def test_two_presses_at_one_moment_lead_to_the_same_place(committed: Flask) -> None:
    books, numbers = fresh(committed), []
    together = threading.Barrier(2)

    def press(_number: int) -> None:
        together.wait(5)
        numbers.append(moved(books))

    assert at_once(committed, 2, press) == []
    assert numbers[0] == numbers[1]
