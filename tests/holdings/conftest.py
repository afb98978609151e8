"""What tests of this room start from: savings of 600, 300 and 100 in a bank account, and short verbs."""

import itertools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.db import transaction
from app.holdings.investing import Purchase, record_investment
from app.ledgers.books import Draft, Posted, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from tests import factories
from tests.factories import Cast, Person

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SAVED = {"leader": 600, "treasurer": 300, "member": 100}
_count = itertools.count(1)


@dataclass(frozen=True)
class Investing:
    """The cast's group with a bank account and savings."""

    cast: Cast
    bank: uuid.UUID

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    def save(self, who: Person, amount: str | int | Decimal, on: date = date(2026, 11, 2)) -> Posted:
        """Money put into savings by hand: what the savings room records has checks of its own."""
        lines = [debit("cash", Decimal(amount), self.bank), credit("savings", Decimal(amount), who.member_id)]
        return post(Draft(PostingKind.CONTRIBUTION, on, lines), by=self.by)

    def purchase(self, amount: str | int | Decimal | None = 500, **more: Any) -> Purchase:
        """An investment of 500 at 10 a unit today, unless said otherwise."""
        told: dict[str, Any] = {
            "name": "Umoja fund",
            "type": "unit_trust",
            "on": TODAY,
            "cash_account_id": self.bank,
            "amount": None if amount is None else Decimal(amount),
            "unit_value": Decimal(10),
            "key": f"key{next(_count)}",
        }
        return Purchase(**told | more)

    def invest(self, amount: str | int | Decimal | None = 500, **more: Any) -> uuid.UUID:
        """Record it; returns the investment's id."""
        return record_investment(self.purchase(amount, **more), by=self.by).id

    def parts(self, found: Mapping[Any, Any]) -> dict[str, Any]:
        """The same by the names of the cast."""
        names = {person.member_id: part for part, person in self.cast.people.items()}
        return {names[member_id]: value for member_id, value in found.items()}


def make_investing(people: Cast) -> Investing:
    """A bank account with the savings of three."""
    with transaction(group_id=people.group_id):
        bank = add_cash_account(name="Equity Bank", method="bank", by=None).id
        made = Investing(people, bank)
        for part, amount in SAVED.items():
            made.save(people.people[part], amount)
    return made


@pytest.fixture(autouse=True)
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def shown(context: Flask) -> Investing:
    """The group of the cast, for pages: each does its deeds in a unit of work of its own."""
    return make_investing(factories.cast())


@pytest.fixture
def investing(context: Flask) -> Iterator[Investing]:
    """The group of the cast, with a unit of work inside it."""
    made = make_investing(factories.cast())
    with transaction(group_id=made.cast.group_id):
        yield made
