"""Fulfilments and money that are taken back, and those that are not any more."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.exits import asking, liquidity, queries, reversing
from app.exits.errors import AlreadyTakenBack, NoSuchFulfilment
from app.exits.rules import State
from app.ledgers import chart
from app.ledgers.balances import held
from app.ledgers.errors import KeyUsed, SomethingRestsOnIt
from app.payouts.models import MemberPayment
from app.payouts.services import reverse_payment
from tests.exits.making import TODAY, House, key

pytestmark = pytest.mark.usefixtures("held_clock")


def parts(group: House, request_id: uuid.UUID) -> Any:
    return group.does(queries.fulfilments_of, request_id)


def test_a_fulfilment_is_taken_back_and_its_money_is_free_again(group: House) -> None:
    asked = group.leave("member")
    event = group.set_aside(250)
    group.work()
    (part,) = parts(group, asked)
    told: dict[str, Any] = {"reason": "wrong member", "on": TODAY, "by": group.by, "key": key()}
    group.does(reversing.reverse_fulfilment, part.fulfilment.id, **told)
    group.does(reversing.reverse_fulfilment, part.fulfilment.id, **told)
    with pytest.raises(KeyUsed):
        group.does(reversing.reverse_fulfilment, uuid.uuid4(), **told)
    with pytest.raises(KeyUsed):
        group.does(liquidity.take_back, event, reason="no", by=group.by, key=told["key"])
    assert (group.state(asked), group.stands(asked).open) == (State.QUEUED, 400)
    assert (group.balance("exit", "member"), group.balance("member_payable", "member")) == (0, 0)
    line = group.does(queries.event_line, event)
    assert (line.spent, line.taken_back, line.left) == (0, 250, 0)
    assert group.does(liquidity.free_cash).free == 1550
    with pytest.raises(AlreadyTakenBack):
        group.does(asking.ask_reversal, "exit_fulfilment", part.fulfilment.id, **told | {"key": key()})
    with pytest.raises(NoSuchFulfilment):
        group.does(asking.ask_reversal, "exit_fulfilment", uuid.uuid4(), **told | {"key": key()})
    group.work()
    assert group.stands(asked).fulfilled == 0
    group.set_aside(400)
    group.work()
    assert group.state(asked) is State.FULFILLED
    assert group.faults() == []


def test_what_was_paid_out_or_has_ended_is_not_taken_back(group: House) -> None:
    asked = group.leave("other_member")
    group.set_aside(100)
    group.work()
    (part,) = parts(group, asked)
    group.pay("other_member")
    told: dict[str, Any] = {"reason": "no", "on": TODAY, "by": group.by, "key": key()}
    with pytest.raises(SomethingRestsOnIt):
        group.does(reversing.reverse_fulfilment, part.fulfilment.id, **told)
    with transaction(group_id=group.cast.group_id):
        payment = session().scalars(sa.select(MemberPayment.id)).one()
    with pytest.raises(SomethingRestsOnIt, match="left"):
        group.does(reverse_payment, payment, reason="no", on=TODAY, by=group.by)


def test_the_fulfilment_of_a_withdrawal_is_taken_back_into_the_savings(group: House) -> None:
    asked = group.withdraw("member", 300)
    group.set_aside(200)
    group.work()
    (part,) = parts(group, asked)
    told: dict[str, Any] = {"reason": "wrong", "on": TODAY, "by": group.by, "key": key()}
    group.does(reversing.reverse_fulfilment, part.fulfilment.id, **told)
    assert (group.balance("savings", "member"), group.stands(asked).open) == (400, 300)
    assert group.does(held, chart.Account("savings", group.member("member"))) == 300
    assert group.faults() == []


def test_money_that_served_somebody_is_not_taken_back(group: House) -> None:
    group.leave("other_member")
    event = group.set_aside(100)
    group.work()
    told: dict[str, Any] = {"reason": "no", "on": TODAY, "by": group.by, "key": key()}
    with pytest.raises(SomethingRestsOnIt, match="serves request 1"):
        group.does(asking.ask_reversal, "liquidity_event", event, **told)
