"""What the worker makes payable, chunk by chunk, and that what can be given is given."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import session, transaction
from app.core.outbox import Outbox
from app.exits import fulfilling, liquidity, queries
from app.exits.rules import served
from app.groups.models import Member
from app.ledgers import chart, holds
from app.ledgers.balances import balance
from tests.exits.making import TODAY, D, House, house
from tests.mail.box import work

pytestmark = pytest.mark.usefixtures("held_clock")


def test_a_worker_serves_the_queue_by_its_messages_alone(group: House) -> None:
    asked = group.leave("member")
    event = group.set_aside(150)
    work(group.cast.group_id)
    assert group.stands(asked).fulfilled == 150
    with transaction(group_id=group.cast.group_id):
        assert session().scalars(sa.select(Outbox.last_error).where(Outbox.last_error.is_not(None))).all() == []
        given = queries.fulfilments_of_event(event)
        assert [(one.fulfilment.amount, one.member_id, one.paid) for one in given] == [
            (D(150), group.member("member"), D(0))
        ]


def test_a_chunk_is_one_transaction_and_the_next_goes_on_where_it_ended(
    group: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulfilling, "CHUNK", 1)
    asked = [group.leave(who) for who in ("member", "other_member", "secretary")]
    group.set_aside(420)
    group.set_aside(100)
    assert group.does(fulfilling.fulfil).more
    assert [group.stands(one).fulfilled for one in asked] == [400, 0, 0]
    group.work()
    assert [group.stands(one).fulfilled for one in asked] == [400, 100, 20]
    assert group.faults() == []


def test_who_waits_behind_many_that_cannot_be_served_is_found(group: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulfilling, "CHUNK", 1)
    asked = [group.leave(who) for who in ("member", "other_member", "secretary")]
    for who, amount in (("member", 400), ("other_member", 100)):
        told: dict[str, Any] = {"reason": "guarantee", "source": ("loan", uuid.uuid4()), "by": group.by}
        group.does(holds.hold, chart.Account("savings", group.member(who)), D(amount), **told)
    group.set_aside(70)
    group.work()
    assert [group.stands(one).fulfilled for one in asked] == [0, 0, 50]


def test_the_day_of_a_payment_before_the_fulfilment_is_refused_by_payouts(group: House) -> None:
    group.leave("other_member")
    group.set_aside(100)
    group.work()
    with pytest.raises(Exception, match="2026-11-21"):
        group.pay("other_member", on=TODAY - timedelta(days=1))


WHO = ("member", "other_member", "secretary", "auditor")
MONEY = st.integers(1, 300).map(Decimal)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("leave"), st.sampled_from(WHO), MONEY),
        st.tuples(st.just("withdraw"), st.sampled_from(WHO), MONEY),
        st.tuples(st.just("set aside"), st.just("leader"), MONEY),
        st.tuples(st.just("pay"), st.sampled_from(WHO), MONEY),
    ),
    min_size=3,
    max_size=8,
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.booleans())
def test_random_queues_stay_whole_and_in_order(
    context: Flask, steps: list[tuple[str, str, Decimal]], partial: bool
) -> None:
    group = house(partial=partial, withdrawals=True)
    for who in WHO:
        group.save(who, 200)
    group.save("leader", 5_000)
    for step, who, amount in steps:
        _take(group, step, who, amount)
        with transaction(group_id=group.cast.group_id):
            rows = queries.queue()
            there = sum((pot.left for pot in liquidity.pots()), D(0))
            # What could be given was given: nothing is left that the first could take.
            assert served([row.waiting for row in rows], there, partial=partial) == []
    assert group.faults() == []
    with transaction(group_id=group.cast.group_id):
        assert balance(chart.Account("cash", group.till)) >= 0


def _take(group: House, step: str, who: str, amount: Decimal) -> None:
    with transaction(group_id=group.cast.group_id):
        waits = queries.places_of(group.member(who))
        gone = session().scalars(sa.select(Member.leaving_since).where(Member.id == group.member(who))).one()
    if step == "set aside":
        group.set_aside(amount)
    elif step == "pay":
        with transaction(group_id=group.cast.group_id):
            owed = balance(chart.Account("member_payable", group.member(who)))
        if owed:
            group.pay(who)
    elif gone is None and step == "leave":
        group.leave(who)
    elif gone is None and not waits:
        group.withdraw(who, min(amount, group.balance("savings", who)) or D(1)) if group.balance(
            "savings", who
        ) else None
    group.work()
