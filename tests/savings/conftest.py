"""What tests of this room start from: a group that saves 5,000 a month with 5% for late payments, and short verbs."""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.core.periods import instant_of
from app.ledgers.cash import add_cash_account
from app.savings import rules
from app.savings.models import Payment
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from app.savings.windows import all_windows, open_due
from tests import factories
from tests.factories import Cast, Person

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
NAIROBI = ZoneInfo("Africa/Nairobi")
TERMS = {"frequency": "monthly", "expected": "5000", "late_rule": "percent_fee", "fee_percent": "5"}
_count = itertools.count(1)


@dataclass(frozen=True)
class Saving:
    """The cast's group with a till and the windows since September 2026."""

    cast: Cast
    till: uuid.UUID
    windows: dict[str, uuid.UUID]

    @property
    def by(self) -> uuid.UUID:
        return member_of(self.cast.treasurer)

    def receipt(self, amount: str, on: date, who: Person | None = None, **more: Any) -> Receipt:
        """A payment in cash, of the member unless somebody else is named."""
        told: dict[str, Any] = {"method": "cash", "cash_account_id": self.till, "key": f"key{next(_count)}"} | more
        member_id = member_of(who or self.cast.member)
        return Receipt(member_id=member_id, amount=Decimal(amount), paid_at=instant_of(on, NAIROBI), **told)

    def pay(self, amount: str, on: date, who: Person | None = None, **more: Any) -> uuid.UUID:
        """Record it; returns the payment's id. Inside a unit of work of the group, or in one of its own."""
        with transaction(group_id=self.cast.group_id):
            return record_receipts([self.receipt(amount, on, who, **more)], by=self.by)[0].id

    def get(self, payment_id: uuid.UUID) -> Payment:
        return session().get_one(Payment, (self.cast.group_id, payment_id))


def member_of(person: Person) -> uuid.UUID:
    """The id of the member that a person of the cast is."""
    assert person.member_id is not None
    return person.member_id


def make_saving(people: Cast) -> Saving:
    """A till, and windows since September 2026."""
    with transaction(group_id=people.group_id):
        till = add_cash_account(name="Till", method="petty_cash", by=None).id
        open_due(by=None, since=date(2026, 9, 1))
        return Saving(people, till, {window.name: window.id for window in all_windows()})


@pytest.fixture
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def saving(context: Flask, held_clock: None) -> Saving:
    """The group of the cast, saving."""
    return make_saving(factories.cast(savings=TERMS))


@pytest.fixture
def strict(context: Flask, held_clock: None) -> Saving:
    """The same with a maximum of 6,000, over which nothing is taken."""
    return make_saving(factories.cast(savings={**TERMS, "maximum": "6000", "over_rule": str(rules.OverRule.REFUSE)}))
