"""A group in which members leave and withdraw, and short verbs for its pages."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.core.periods import instant_of
from app.exits import liquidity, requesting
from app.exits.rules import LiquidityType
from app.groups.models import Member
from app.savings.penalties import levy_penalty
from tests import factories
from tests.factories import Person
from tests.mail.box import work
from tests.savings.conftest import NAIROBI, TERMS, Saving, make_saving, member_of

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


def put_aside(house: Saving, amount: str) -> uuid.UUID:
    """Set aside by the treasurer; the worker has not come yet."""
    with transaction(group_id=house.cast.group_id):
        told: dict[str, Any] = {"type_": LiquidityType.DEPOSIT, "at": instant_of(DAY, NAIROBI), "by": house.by}
        row = liquidity.set_aside(amount=Decimal(amount), cash_account_id=house.till, key=uuid.uuid4().hex, **told)
        return row.id


def sets_aside(house: Saving, amount: str) -> uuid.UUID:
    """The same, and given to the queue by the worker."""
    id_ = put_aside(house, amount)
    work(house.cast.group_id)
    return id_


def levied(house: Saving, amount: str) -> None:
    """A penalty that the member owes."""
    with transaction(group_id=house.cast.group_id):
        who = member_of(house.cast.member)
        levy_penalty(member_id=who, amount=Decimal(amount), on=DAY, note="Noise", by=house.by, key=uuid.uuid4().hex)


def address_of(house: Saving, who: Person) -> str:
    """Where somebody gets mail."""
    with transaction(group_id=house.cast.group_id):
        return str(session().get_one(Member, (house.cast.group_id, member_of(who))).email)


def in_order(answer: Any, *words: str) -> bool:
    """Whether a page says these words, each after the one before."""
    place, text = 0, answer.get_data(as_text=True).replace("\u00a0", " ")
    for word in words:
        place = text.find(word, place) + 1
        assert place, f"{word!r} does not stand there (any more): {text[-3000:]}"
        place += len(word) - 1
    return True


def terms(**change: str) -> dict[str, str]:
    """The form of the rules: nothing of the growth, one sum, nothing by itself, no withdrawals."""
    told = {"growth_percent": "0", "deduct": "y", "contributions_percent": "0", "sales_percent": "0"}
    return told | {"withdrawal_floor": "0", "effective_on": "2026-11-21"} | change
