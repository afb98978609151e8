"""What the database itself refuses of the queue: more than a request comes to, more than was set aside."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.core.ids import new_id
from app.exits.models import ExitAdjustment, ExitFulfilment, ExitsReversal
from tests.exits.making import D, House, house, key

pytestmark = pytest.mark.usefixtures("held_clock")


@pytest.fixture
def group(context: Flask) -> House:
    """The member asked for 400, of which 300 were fulfilled out of 300."""
    made = house()
    made.save("member", 400)
    made.save("leader", 1000)
    made.leave("member")
    made.set_aside(300)
    made.work()
    return made


def refused(group: House, deed: Callable[[], object]) -> str | None:
    """The SQLSTATE with which the database refuses a deed."""
    with pytest.raises(sa.exc.DBAPIError) as caught, transaction(group_id=group.cast.group_id):
        deed()
    assert isinstance(caught.value.orig, psycopg.Error)
    return caught.value.orig.sqlstate


def another(amount: int, event_id: uuid.UUID | None = None) -> None:
    """One more fulfilment of the same request, out of the same money or other money."""
    first = session().scalars(sa.select(ExitFulfilment)).one()
    told: dict[str, Any] = {"request_id": first.request_id, "entry_id": first.entry_id, "deductions": D(0)}
    told |= {"event_id": event_id or first.event_id, "number": 2, "fulfilled_on": first.fulfilled_on}
    session().add(ExitFulfilment(id=new_id(), amount=D(amount), **told))


def test_more_of_an_event_than_there_was(group: House) -> None:
    assert refused(group, lambda: another(1)) == "PP029"


def test_more_taken_back_of_an_event_than_is_left(group: House) -> None:
    def take_back() -> None:
        event_id, by = session().scalars(sa.select(ExitFulfilment.event_id)).one(), session().group_id
        told: dict[str, Any] = {"original_kind": "liquidity_event", "original_id": event_id, "subject_id": by}
        session().add(ExitsReversal(id=new_id(), amount=D(1), reason_sealed=b"x", idempotency_key=key(), **told))

    assert refused(group, take_back) == "PP029"


def test_more_of_a_request_than_it_comes_to(group: House) -> None:
    other = group.set_aside(200)
    assert refused(group, lambda: another(101, other)) == "PP028"


def test_a_request_that_comes_to_less_than_was_fulfilled(group: House) -> None:
    def lessen(amount: Decimal) -> None:
        request_id = session().scalars(sa.select(ExitFulfilment.request_id)).one()
        session().add(ExitAdjustment(id=new_id(), request_id=request_id, amount=amount, idempotency_key=key()))

    assert refused(group, lambda: lessen(D(-101))) == "PP028"
    group.does(lessen, D(-100))
