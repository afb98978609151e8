"""Undoing and correcting: on days that keep every balance in between right, and never as of a mistyped year."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.periods import Month
from app.ledgers import chart, closing, entries
from app.ledgers.balances import balance
from app.ledgers.books import Posted
from app.ledgers.entries import HandLine
from app.ledgers.errors import DayTooLongAgo
from app.ledgers.models import Entry
from tests.ledgers.conftest import Books

EXPENSE = chart.Account("other_expense")


def lines(books: Books, amount: int) -> list[HandLine]:
    return [HandLine(EXPENSE, Decimal(amount)), HandLine(chart.Account("cash", books.bank), Decimal(-amount))]


def by_hand(books: Books, amount: int, on: date) -> Entry:
    with transaction(group_id=books.cast.group_id):
        made = entries.manual_entry(lines=lines(books, amount), on=on, note=None, by=books.by, key=f"of {on}")
    return session().scalars(sa.select(Entry).where(Entry.id == made.id)).one()


def correct(books: Books, entry: Entry, amount: int, on: date) -> Posted:
    return entries.correct_entry(entry, lines=lines(books, amount), on=on, reason="typo", by=books.by, key="right")


def spent(*days: int) -> list[Decimal]:
    return [balance(EXPENSE, date(2026, 11, day)) for day in days]


def test_a_correction_to_an_earlier_day_does_not_undo_what_had_not_begun(books: Books) -> None:
    with transaction(group_id=books.cast.group_id):
        correct(books, by_hand(books, 100, date(2026, 11, 10)), 70, date(2026, 11, 1))
        assert spent(5, 15) == [70, 70]


def test_a_correction_to_a_later_day_leaves_nothing_in_between(books: Books) -> None:
    with transaction(group_id=books.cast.group_id):
        correct(books, by_hand(books, 100, date(2026, 11, 1)), 70, date(2026, 11, 10))
        assert spent(5, 15) == [0, 70]


def test_what_lies_in_a_closed_month_is_undone_on_the_day_of_its_correction(books: Books) -> None:
    with transaction(group_id=books.cast.group_id):
        wrong = by_hand(books, 100, date(2026, 10, 20))
        closing.close_month(Month(2026, 10), by=books.by)
        correct(books, wrong, 70, date(2026, 11, 10))
        assert spent(5, 15) == [100, 70]


def test_a_mistyped_year_cannot_stop_the_months_from_being_closed(books: Books) -> None:
    with transaction(group_id=books.cast.group_id), pytest.raises(DayTooLongAgo):
        by_hand(books, 100, date(206, 11, 3))
