"""A group in which a second person decides above a threshold, and short verbs for its tests."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.groups.models import Member
from app.ledgers import chart
from app.ledgers.balances import balance
from tests import factories
from tests.factories import Cast, Person
from tests.ledgers.conftest import Books, make_books
from tests.ledgers.officer import Officer

As = Callable[[Any], FlaskClient]
Ask = Callable[[Person], Officer]


@pytest.fixture
def books(context: Flask) -> Books:
    """A group in which movements above 1,000 wait for a second person."""
    return make_books(factories.cast(approval_threshold="1000"))


@pytest.fixture
def ask(books: Books, as_person: As) -> Ask:
    """Somebody at the browser."""
    return lambda person: Officer(books, as_person(person))


def till(books: Books) -> int:
    """What lies in the till."""
    with transaction(group_id=books.cast.group_id):
        return int(balance(chart.Account("cash", books.till)))


def only_one_approver(people: Cast) -> None:
    """The leader may not approve any more, which leaves the treasurer."""
    with transaction(group_id=people.group_id):
        leader = sa.update(Member).where(Member.id == people.leader.member_id).values(roles=["member"])
        session().execute(leader)
