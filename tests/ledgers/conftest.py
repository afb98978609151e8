"""What tests of the books start from: a group with cash accounts, and short words for days and amounts."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from app.core import clock
from app.core.db import transaction
from app.ledgers.books import Draft, Posted, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from tests.factories import Cast, Person

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Books:
    """The cast's group with two cash accounts and 10,000.00 of the member's savings in the bank."""

    cast: Cast
    bank: uuid.UUID
    till: uuid.UUID

    @property
    def by(self) -> uuid.UUID:
        return member_of(self.cast.treasurer)

    def save(self, amount: str, on: date = date(2026, 11, 2), *, member: Person | None = None, key: str = "") -> Posted:
        """Money put into savings by hand: what the savings room records has checks of its own."""
        whose = member_of(member or self.cast.member)
        lines = [debit("cash", Decimal(amount), self.bank), credit("savings", Decimal(amount), whose)]
        return post(Draft(PostingKind.MANUAL, on, lines, key=key or None), by=self.by)


def member_of(person: Person) -> uuid.UUID:
    """The id of the member that a person of the cast is."""
    assert person.member_id is not None
    return person.member_id


@pytest.fixture(autouse=True)
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026 for every test of the books."""
    with clock.held(NOW):
        yield


def make_books(people: Cast) -> Books:
    """Open two cash accounts and put savings into the first one."""
    with transaction(group_id=people.group_id):
        bank = add_cash_account(name="Equity Bank", method="bank", number="0123456789", by=None).id
        till = add_cash_account(name="Petty cash", method="petty_cash", by=None).id
        made = Books(people, bank, till)
        made.save("10000", date(2026, 10, 5))
    return made


@pytest.fixture
def books(context: Flask, cast: Cast) -> Books:
    """The books of the cast's group."""
    return make_books(cast)
