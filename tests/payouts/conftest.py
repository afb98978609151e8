"""What tests of this room start from: a group with money in a till that owes members something."""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.db import enter, transaction
from app.core.ids import new_id
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.methods import Method
from app.payouts.models import MemberPayment
from app.payouts.rules import Owed, PayOne
from app.payouts.services import owe, pay
from tests import factories
from tests.factories import Cast, Person

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)
FIRST = date(2026, 11, 1)
D = Decimal
_count = itertools.count(1)


@dataclass(frozen=True)
class Owing:
    """The cast's group with 100,000 of its own in a till."""

    cast: Cast
    till: uuid.UUID

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    def owe(self, amount: str, who: Person | None = None, *, on: date = FIRST, kind: str = "part_bought") -> uuid.UUID:
        """The group buys something of a member and owes the price; returns what is owed."""
        member_id, source, price = (who or self.cast.member).member_id, (kind, new_id()), D(amount)
        with transaction(group_id=self.cast.group_id):
            lines = [debit("treasury", price), credit("member_payable", price, member_id)]
            entry = post(Draft(PostingKind.BUY_OUT, on, lines, source=source), by=self.by)
            return owe([Owed(member_id, price, source, entry.id, entry.on)], by=self.by)[0]

    def pay(self, *parts: tuple[uuid.UUID, str], **more: Any) -> list[MemberPayment]:
        """Pay these, in cash unless it is said otherwise."""
        told: dict[str, Any] = {
            "payments": [PayOne(payable_id, D(amount)) for payable_id, amount in parts],
            "cash_account_id": self.till,
            "method": Method.CASH,
            "on": TODAY,
            "by": self.by,
            "key": f"{next(_count):032d}",
        }
        with transaction(group_id=self.cast.group_id):
            return pay(**(told | more))


def make_owing(people: Cast) -> Owing:
    """A till with 100,000 from opening balances."""
    with transaction(group_id=people.group_id):
        till = add_cash_account(name="Till", method="petty_cash", by=None).id
        lines = [debit("cash", D(100_000), till), credit("opening", D(100_000))]
        post(Draft(PostingKind.OPENING_BALANCE, date(2026, 1, 1), lines), by=None)
        return Owing(people, till)


@pytest.fixture
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def owing(context: Flask, held_clock: None) -> Owing:
    """The group of the cast, owing; the test reads inside it."""
    made = make_owing(factories.cast())
    enter(made.cast.group_id)
    return made
