"""Books for tests of statements, written as the rooms would write them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import transaction
from app.ledgers.books import Draft, Posted, credit, debit, post
from app.ledgers.chart import PostingKind
from tests import factories
from tests.factories import Cast

CASH = uuid.UUID(int=7)


def contribution(member_id: uuid.UUID | None, amount: int | Decimal, on: date) -> Posted:
    """A contribution in the chosen group's books."""
    assert member_id is not None
    lines = [debit("cash", Decimal(amount), CASH), credit("savings", Decimal(amount), member_id)]
    return post(Draft(PostingKind.CONTRIBUTION, on, lines), by=None)


def penalty(member_id: uuid.UUID | None, amount: int, on: date) -> Posted:
    """A penalty in the chosen group's books."""
    assert member_id is not None
    lines = [debit("penalties_receivable", Decimal(amount), member_id), credit("penalty_income", Decimal(amount))]
    return post(Draft(PostingKind.PENALTY_LEVIED, on, lines), by=None)


@pytest.fixture
def cast(committed: Flask) -> Iterator[Cast]:
    """Committed: what a statement's page keeps outlives its request, which a test's one connection cannot show."""
    with committed.app_context():
        yield factories.cast()


@pytest.fixture
def as_person(committed: Flask) -> Callable[[Any], FlaskClient]:
    """A browser signed in as a person of the cast, or as nobody."""
    return lambda person: factories.browser(committed, person)


@pytest.fixture
def october(cast: Cast) -> None:
    """Three months of one member's savings, a penalty, and something of another member."""
    with transaction(group_id=cast.group_id):
        for month, amount in ((8, 4000), (9, 5000), (10, 5500)):
            contribution(cast.member.member_id, amount, date(2026, month, 3))
        penalty(cast.member.member_id, 250, date(2026, 10, 9))
        contribution(cast.other_member.member_id, 999, date(2026, 10, 5))
