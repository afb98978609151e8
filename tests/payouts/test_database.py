"""What the database itself refuses of payments to members: more than is owed, and what ended."""

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.ids import new_id
from app.payouts.models import MemberPaymentPart, PayableEnd
from tests.payouts.conftest import D, Owing


def refused(owing: Owing, deed: Callable[[], Any]) -> str | None:
    """The SQLSTATE with which the database refuses a deed."""
    with pytest.raises(sa.exc.DBAPIError) as caught, transaction(group_id=owing.cast.group_id):
        session().add(deed())
    assert isinstance(caught.value.orig, psycopg.Error)
    return caught.value.orig.sqlstate


def part(payment_id: uuid.UUID, payable_id: uuid.UUID, amount: str) -> MemberPaymentPart:
    return MemberPaymentPart(id=new_id(), payment_id=payment_id, payable_id=payable_id, amount=D(amount))


def test_more_paid_than_is_owed(owing: Owing) -> None:
    debt, other = owing.owe("400"), owing.owe("100")
    paid = owing.pay((debt, "400"))[0].id
    assert refused(owing, lambda: part(paid, other, "100.01")) == "PP027"
    more = owing.pay((other, "60"))[0].id
    assert refused(owing, lambda: part(more, debt, "0.01")) == "PP027"


def test_the_end_of_what_was_paid_and_a_payment_of_what_ended(owing: Owing) -> None:
    debt, other = owing.owe("400"), owing.owe("100")
    paid = owing.pay((debt, "1"))[0].id
    assert refused(owing, lambda: PayableEnd(id=new_id(), payable_id=debt)) == "PP027"
    with transaction(group_id=owing.cast.group_id):
        session().add(PayableEnd(id=new_id(), payable_id=other))
    assert refused(owing, lambda: part(paid, other, "1")) == "PP027"
