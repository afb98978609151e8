"""Whatever happens in whatever order: sums, numbers, chain, kept balances and balances as of a day hold."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.core.db import attempt, session, transaction
from app.ledgers import balances, closing
from app.ledgers.books import Draft, Line, post_many, reverse
from app.ledgers.chart import Account, PostingKind
from app.ledgers.errors import (
    AlreadyReversed,
    IsReversal,
    NeedsConfirmation,
    NotEnough,
    PeriodClosed,
    SomethingRestsOnIt,
)
from app.ledgers.models import Account as AccountRow
from app.ledgers.models import Entry, Posting
from app.ledgers.queries import entry_numbered
from app.ledgers.room import ROOM
from tests import factories
from tests.factories import Cast
from tests.ledgers.conftest import NOW, make_books

TODAY = date(2026, 11, 21)
days = st.integers(0, 110).map(lambda back: TODAY - timedelta(days=back))
REFUSALS = (NotEnough, NeedsConfirmation, PeriodClosed, AlreadyReversed, IsReversal, SomethingRestsOnIt)
amounts = st.decimals("0.01", "999999.99", places=2)


@dataclass(frozen=True)
class Deed:
    """Something that happens: a batch, a reversal, or the closing of a month."""

    what: str
    day: date = TODAY
    moves: list[tuple[int, int, Decimal]] = field(default_factory=list)
    number: int = 1


moves = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), amounts), min_size=1, max_size=4)
deeds = st.lists(
    st.one_of(
        st.builds(Deed, st.just("post"), days, moves),
        st.builds(Deed, st.just("post"), days, moves),
        st.builds(Deed, st.just("reverse"), days, st.just([]), st.integers(1, 12)),
        st.builds(Deed, st.just("close")),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture
def people(context: Flask) -> Cast:
    return factories.cast()


def do(deed: Deed, accounts: list[Account]) -> None:
    if deed.what == "close":
        if (month := closing.next_month()) is not None and closing.obstacle(month) is None:
            closing.close_month(month, by=None)  # type: ignore[arg-type]
    elif deed.what == "reverse":
        entry = session().scalar(sa.select(Entry).where(Entry.number == deed.number))
        if entry is not None:
            reverse(entry, by=None, on=deed.day, reason="why", overdraft=True)
    else:
        drafts = [
            Draft(PostingKind.MANUAL, deed.day, [Line(accounts[into], amount), Line(accounts[out], -amount)])
            for into, out, amount in deed.moves
        ]
        post_many(drafts, by=None, overdraft=True)


def accounts_of(bank: object, whose: Cast) -> list[Account]:
    saver, other = whose.member.member_id, whose.other_member.member_id
    kinds = [
        ("savings", saver),
        ("savings", other),
        ("treasury", None),
        ("other_income", None),
        ("other_expense", None),
    ]
    return [Account("cash", bank), *(Account(kind, owner) for kind, owner in kinds)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_after_any_history_everything_is_proved(context: Flask, history: list[Deed]):
    with clock.held(NOW):
        books = make_books(factories.cast())
        accounts = accounts_of(books.bank, books.cast)
        with transaction(group_id=books.cast.group_id):
            for deed in history:
                try:
                    with attempt():
                        do(deed, accounts)
                except REFUSALS:
                    continue
            checks = [check() for check in ROOM.checks]
            assert [fault for check in checks for fault in check.faults] == []
            for day in {deed.day for deed in history}:
                assert_as_of(day)


def assert_as_of(day: date) -> None:
    """The balance of every account at the end of a day is the plain sum of its lines until then."""
    naive = (
        sa.select(AccountRow.id, sa.func.coalesce(sa.func.sum(Posting.amount), 0))
        .outerjoin(Posting, sa.and_(Posting.account_id == AccountRow.id, Posting.effective_on <= day))
        .group_by(AccountRow.id)
    )
    sums = {id_: amount for id_, amount in session().execute(naive)}  # noqa: C416
    assert {row.account.id: row.balance for row in balances.balances(day)} == sums
    for row in balances.balances(day)[:3]:
        assert balances.balance(row.account.id, day) == sums[row.account.id]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_a_reversal_brings_every_account_back(context: Flask, batch: list[tuple[int, int, Decimal]]):
    with clock.held(NOW):
        books = make_books(factories.cast())
        accounts = accounts_of(books.bank, books.cast)
        free = [accounts[n] for n in (0, 0, 0, 3, 4, 5)]  # those that may be anything
        with transaction(group_id=books.cast.group_id):
            before = {row.account.id: row.balance for row in balances.balances() if row.balance}
            lines = [line for a, b, m in batch for line in (Line(free[a], m), Line(free[b], -m))]
            [made] = post_many([Draft(PostingKind.MANUAL, TODAY, lines)], by=None, overdraft=True)
            reverse(entry_numbered(made.number), by=None, on=TODAY, reason="why", overdraft=True)
            assert {row.account.id: row.balance for row in balances.balances() if row.balance} == before
