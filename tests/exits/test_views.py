"""The pages of leaving and withdrawing as members, officers, auditors and strangers meet them."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import transaction
from app.core.periods import instant_of
from app.exits import liquidity, requesting
from app.exits.rules import LiquidityType
from tests import factories
from tests.factories import Person
from tests.mail.box import mails, text, work
from tests.savings.conftest import NAIROBI, TERMS, Saving, held_clock, make_saving, member_of
from tests.savings.test_views import fields

__all__ = ["held_clock"]
Open = Callable[[Any], FlaskClient]
DAY = date(2026, 11, 5)
RULES = {"withdrawals": True, "withdrawal_floor": "1000", "growth_percent": "10"}


@pytest.fixture
def house(context: Flask, held_clock: None) -> Saving:
    """A group in which the member has saved 6,000, the other member 4,000 and the leader 2,000."""
    found = make_saving(factories.cast(savings=TERMS, exits=RULES))
    for who, amount in (("member", "6000"), ("other_member", "4000"), ("leader", "2000")):
        found.pay(amount, DAY, found.cast.people[who])
    return found


def at(house: Saving, path: str = "/") -> str:
    return f"/g/{house.cast.slug}/exits{path}"


def leaves(house: Saving, who: Person) -> uuid.UUID:
    with transaction(group_id=house.cast.group_id):
        return requesting.request_exit(member_id=member_of(who), by=house.by, key=uuid.uuid4().hex).id


def sets_aside(house: Saving, amount: str) -> uuid.UUID:
    """Set aside by the treasurer, and given to the queue by the worker."""
    with transaction(group_id=house.cast.group_id):
        told: dict[str, Any] = {"type_": LiquidityType.DEPOSIT, "at": instant_of(DAY, NAIROBI), "by": house.by}
        row = liquidity.set_aside(amount=Decimal(amount), cash_account_id=house.till, key=uuid.uuid4().hex, **told)
        id_ = row.id
    work(house.cast.group_id)
    return id_


def test_every_page_opens_for_the_treasurer(house: Saving, as_person: Open) -> None:
    asked, event = leaves(house, house.cast.member), None
    leaves(house, house.cast.other_member)
    event = sets_aside(house, "1500")
    who = member_of(house.cast.leader)
    client = as_person(house.cast.treasurer)
    for path in (
        *("/", "/requests", "/requests?state=queued", "/requests/new", f"/requests/{asked}", "/mine", "/leaving"),
        *("/withdrawal", f"/members/{who}/leaving", f"/members/{who}/withdrawal", f"/requests/{asked}/cancellation"),
        *(f"/requests/{asked}/adjustment", "/what-if", "/what-if?amount=5000", "/liquidity", "/liquidity/new"),
        *(f"/liquidity/{event}", f"/liquidity/{event}/reversal", "/terms"),
    ):
        answer = client.get(at(house, path))
        assert answer.status_code == 200, (path, answer.text[:600])
