"""Undoing and correcting above the threshold: what two decided is not undone by one alone."""

from datetime import date
from decimal import Decimal

import pytest

from app.core.db import transaction
from app.ledgers import chart, entries
from app.ledgers.balances import balance
from tests.ledgers.approving import Ask, ask, books, till
from tests.ledgers.conftest import Books

__all__ = ["ask", "books"]


def test_what_two_decided_is_not_undone_by_one_alone(books: Books, ask: Ask):
    treasurer, leader = ask(books.cast.treasurer), ask(books.cast.leader)
    rest = treasurer.transfer(amount="9000").location.split("/ledger/")[1]
    made = leader.post(f"{rest}/approval").location.split("/ledger/")[1]
    waits = treasurer.post(f"{made}/reversal", reason="Not this one", when="original", once="b" * 32)
    rest = waits.location.split("/ledger/")[1]
    assert rest.startswith("approvals/")
    again = treasurer.post(f"{made}/reversal", reason="Not this one", when="original", once="b" * 32)
    assert again.location == waits.location
    assert till(books) == 9000
    assert treasurer.post(f"{rest}/approval").status_code == 403
    asked = leader.client.get(waits.location).text
    assert "Not this one" in asked
    assert "Entry 2 of 3 Nov 2026: Transfer" in asked
    assert "/ledger/entries/" in leader.post(f"{rest}/approval").location
    assert till(books) == 0
    assert treasurer.post(f"{made}/reversal", reason="Again", once="c" * 32).status_code == 409


def test_undoing_that_overdraws_asks_the_approver(books: Books, ask: Ask):
    treasurer, leader = ask(books.cast.treasurer), ask(books.cast.leader)
    rest = treasurer.transfer(amount="9000").location.split("/ledger/")[1]
    made = leader.post(f"{rest}/approval").location.split("/ledger/")[1]
    with transaction(group_id=books.cast.group_id):
        entries.cash_entry(
            cash_account=books.till,
            category=chart.Account("other_expense"),
            amount=Decimal(500),
            on=date(2026, 11, 4),
            by=books.by,
            key="spent",
        )
    rest = treasurer.post(f"{made}/reversal", reason="No", once="b" * 32).location.split("/ledger/")[1]
    refused = leader.post(f"{rest}/approval")
    assert refused.status_code == 409
    assert 'name="overdraft"' in refused.text
    assert leader.post(f"{rest}/approval", overdraft="y").status_code == 303
    assert till(books) == -500


@pytest.mark.parametrize(("first", "then"), [("1", "9000"), ("2000", "1")])
def test_a_correction_waits_when_what_it_undoes_or_enters_is_above(books: Books, ask: Ask, first: str, then: str):
    treasurer, leader = ask(books.cast.treasurer), ask(books.cast.leader)
    made = treasurer.lines(("1300", first, ""), ("4200", "", first)).location
    if "approvals" in made:
        made = leader.post(f"{made.split('/ledger/')[1]}/approval").location
    number, again = int(made.rsplit("/", 1)[1]), {"reason": "Typo", "once": "c" * 32}
    right = ("1300", then, ""), ("4200", "", then)
    waits = treasurer.lines(*right, rest=f"entries/{number}/correction", **again).location
    assert "/approvals/" in waits
    assert "Typo" in leader.client.get(waits).text
    done = leader.post(f"{waits.split('/ledger/')[1]}/approval").location
    assert done.endswith(f"/entries/{number + 2}")
    assert treasurer.lines(*right, rest=f"entries/{number}/correction", **again).location == done
    with transaction(group_id=books.cast.group_id):
        assert balance(chart.Account("tax_recoverable")) == int(then)


def test_a_small_correction_and_reversal_wait_for_nobody(books: Books, ask: Ask):
    treasurer = ask(books.cast.treasurer)
    assert treasurer.lines(("1300", "70", ""), ("4200", "", "70")).location.endswith("/entries/2")
    right = ("1300", "1000", ""), ("4200", "", "1000")
    made = treasurer.lines(*right, rest="entries/2/correction", reason="Typo", once="c" * 32)
    assert made.location.endswith("/entries/4")
    assert treasurer.post("entries/4/reversal", reason="Typo", once="d" * 32).location.endswith("/entries/5")
