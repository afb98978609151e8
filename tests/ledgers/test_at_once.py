"""Many hands at once, with real commits: no gap, no deadlock, no pot below zero; and what happens without the lock."""

from collections import Counter
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import transaction
from app.ledgers import books as verbs
from app.ledgers import holds
from app.ledgers.balances import natural_balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import Account, PostingKind
from app.ledgers.errors import NotEnough
from app.ledgers.heads import head
from tests.ledgers.committed import at_once, faults, fresh, save, unlocked_post
from tests.ledgers.conftest import Books, member_of

pytestmark = pytest.mark.committed


def number(app: Flask, books: Books) -> int:
    with app.app_context(), transaction(group_id=books.cast.group_id):
        return head().number


def withdraw(books: Books, amount: int) -> None:
    lines = [debit("savings", Decimal(amount), member_of(books.cast.member)), credit("treasury", Decimal(amount))]
    with transaction(group_id=books.cast.group_id):
        post(Draft(PostingKind.WITHDRAWAL, clock.today("Africa/Nairobi"), lines), by=None)


@pytest.mark.slow
def test_a_thousand_postings_at_once_into_one_group_leave_no_gap(committed: Flask):
    books = fresh(committed)
    assert at_once(committed, 1000, lambda _: save(books)) == []
    assert number(committed, books) == 1001
    assert faults(committed, books.cast.group_id) == []


def test_hands_in_several_groups_do_not_disturb_each_other(committed: Flask):
    several = [fresh(committed) for _ in range(3)]
    assert at_once(committed, 150, lambda n: save(several[n % 3])) == []
    assert [number(committed, books) for books in several] == [51, 51, 51]
    assert [faults(committed, books.cast.group_id) for books in several] == [[], [], []]


def test_a_pot_is_never_overdrawn_however_many_reach_into_it(committed: Flask):
    books = fresh(committed)  # with 10,000 in it
    refused = at_once(committed, 40, lambda _: withdraw(books, 500))
    assert Counter(type(error) for error in refused) == {NotEnough: 20}
    with committed.app_context(), transaction(group_id=books.cast.group_id):
        assert natural_balance(Account("savings", member_of(books.cast.member))) == 0
    assert faults(committed, books.cast.group_id) == []


def test_holds_and_withdrawals_share_one_pot(committed: Flask):
    books = fresh(committed)

    def reach(place: int) -> None:
        if place % 2:
            withdraw(books, 1000)
            return
        whose, source = Account("savings", member_of(books.cast.member)), ("test", books.bank)
        with transaction(group_id=books.cast.group_id):
            holds.hold(whose, Decimal(1000), reason="guarantee", source=source, by=None)

    assert len(at_once(committed, 24, reach)) == 14
    assert faults(committed, books.cast.group_id) == []


def test_without_the_lock_on_the_head_the_same_hands_collide(committed: Flask, monkeypatch: pytest.MonkeyPatch):
    unlocked = sa.text(str(verbs._POST).replace("ledger.post(", "scratch.post("))
    monkeypatch.setattr(verbs, "_POST", unlocked.bindparams(*verbs._POST._bindparams.values()))
    with unlocked_post(committed):
        books = fresh(committed)
        errors = at_once(committed, 80, lambda _: save(books))
    assert errors, "the test of many hands would pass without the lock, and so proves nothing"
    assert {type(error) for error in errors} <= {sa.exc.IntegrityError, sa.exc.OperationalError}
