"""Months close in order, for ever, and balances as of any day come out the same before and after."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.core.db import transaction
from app.core.periods import Month
from app.ledgers import balances, chart, closing
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import AwaitsApproval, MonthNotOver, NothingToClose, OutOfOrder, PeriodClosed
from app.ledgers.queries import entry_numbered
from tests import factories
from tests.ledgers.conftest import Books, make_books, member_of
from tests.ledgers.officer import Officer
from tests.ledgers.test_cash import move
from tests.ledgers.test_entering import As

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def savings(books: Books, on: date | None = None) -> Decimal:
    return balances.natural_balance(chart.Account("savings", member_of(books.cast.member)), on)


def test_only_the_next_past_month_closes(books: Books):
    with transaction(group_id=books.cast.group_id):
        with pytest.raises(OutOfOrder):
            closing.close_month(Month(2026, 9), by=books.by)
        closing.close_month(OCTOBER, by=books.by)
        with pytest.raises(OutOfOrder):
            closing.close_month(OCTOBER, by=books.by)
        with pytest.raises(MonthNotOver):
            closing.close_month(NOVEMBER, by=books.by)


def test_there_is_nothing_to_close_without_entries(context: Flask):
    people = factories.cast()
    with transaction(group_id=people.group_id), pytest.raises(NothingToClose):
        closing.close_month(OCTOBER, by=member_of(people.leader))


def test_a_month_in_which_something_waits_does_not_close(context: Flask, as_person: As):
    books = make_books(factories.cast(approval_threshold="100"))
    officer = Officer(books, as_person(books.cast.treasurer))
    assert officer.transfer(on="2026-10-20").status_code == 303
    refused = officer.post("months/2026-10")
    assert refused.status_code == 409
    assert "wait for approval" in refused.text
    with transaction(group_id=books.cast.group_id), pytest.raises(AwaitsApproval):
        closing.close_month(OCTOBER, by=books.by)


def test_what_comes_later_takes_the_first_open_day_and_a_reversal_is_refused_there(books: Books):
    with transaction(group_id=books.cast.group_id):
        closing.close_month(OCTOBER, by=books.by)
        assert books.save("10", date(2026, 10, 7)).on == date(2026, 11, 1)
    lines = [debit("cash", Decimal(1), books.bank), credit("treasury", Decimal(1))]
    with pytest.raises(PeriodClosed, match="2026-10-31"), transaction(group_id=books.cast.group_id):
        post(Draft(PostingKind.MANUAL, date(2026, 10, 7), lines), by=None, strict=True)


def test_balances_as_of_any_day_are_the_naive_sums_before_and_after_closing(books: Books):
    with transaction(group_id=books.cast.group_id):
        for day in range(1, 21):
            books.save(f"{day}.25", date(2026, 9 + day % 3, day))
        days = [date(2026, 8, 31) + timedelta(days=n) for n in range(85)]
        before = [savings(books, day) for day in days]
        for month in (Month(2026, 9), OCTOBER):
            closing.close_month(month, by=books.by)
        assert [savings(books, day) for day in days] == before
        assert before[-1] == savings(books)
        as_of = {(row.kind, row.account_id): row.balance for row in balances.totals(days[-1])}
        assert as_of == {(row.kind, row.account_id): row.balance for row in balances.totals()}


def test_an_overdraft_on_a_closed_day_moves_to_the_open_one(books: Books):
    with transaction(group_id=books.cast.group_id):
        closing.close_month(OCTOBER, by=books.by)
        assert move(books, "10", key="x").on == date(2026, 11, 3)


def test_the_page_shows_what_closes_and_what_is_closed(books: Books, as_person: As):
    officer = Officer(books, as_person(books.cast.leader))
    assert "Close October 2026" in officer.client.get(officer.base + "months").text
    assert officer.post("months/2026-10").status_code == 303
    shown = officer.client.get(officer.base + "months").text
    assert "November 2026 is not over yet" in shown or "2026-11 is not over yet" in shown
    assert officer.post("months/2026-10").status_code == 409
    assert officer.post("months/2026-99").status_code == 422
    assert Officer(books, as_person(books.cast.auditor)).post("months/2026-11").status_code == 403
    with transaction(group_id=books.cast.group_id):
        assert entry_numbered(1).number == closing.closed_periods()[0].entry_number
