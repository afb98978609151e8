"""The queue: who is served how much in which order, and what is kept back for what they owe."""

import uuid
from typing import Any

import pytest
from flask import Flask

from app.core.db import transaction
from app.exits import liquidity, queries
from app.exits.rules import RequestKind, State
from app.ledgers import holds
from app.ledgers.chart import Account
from app.savings.penalties import waive_penalty
from app.savings.penalty_money import PenaltyMoney, pay_penalty
from tests.exits.making import DAY, NOW, D, House, house, key, levy, offered, row

pytestmark = pytest.mark.usefixtures("held_clock")


def test_the_example_of_the_queue(group: House) -> None:
    a, b, c = (group.leave(who) for who in ("member", "other_member", "secretary"))
    group.set_aside(450)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b, c)] == [400, 50, 0]
    assert [group.state(one) for one in (a, b, c)] == [State.FULFILLED, State.PARTIALLY_FULFILLED, State.QUEUED]
    group.set_aside(100)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b, c)] == [400, 100, 50]
    assert group.balance("member_payable", "other_member") == 100
    assert group.balance("exit", "other_member") == -100
    assert group.faults() == []


def test_without_partial_payment_the_first_waits_for_the_whole(context: Flask) -> None:
    group = house(partial=False)
    group.save("member", 400)
    group.save("other_member", 100)
    a, b = group.leave("member"), group.leave("other_member")
    group.set_aside(300)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b)] == [0, 0]
    group.set_aside(150)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b)] == [400, 0]
    with transaction(group_id=group.cast.group_id):
        assert [pot.left for pot in liquidity.pots()] == [50]
        parts = queries.fulfilments_of(a)
        assert [(part.fulfilment.amount, part.fulfilment.number) for part in parts] == [(D(300), 1), (D(100), 1)]


def test_places_and_what_is_ahead_in_money(group: House) -> None:
    group.leave("member")
    group.leave("other_member")
    group.withdraw("leader", 500)
    group.leave("secretary")
    rows = group.does(queries.queue)
    assert [(one.place, one.ahead, one.kind) for one in rows] == [
        (1, 0, RequestKind.EXIT),
        (2, 400, RequestKind.EXIT),
        (3, 500, RequestKind.EXIT),
        (4, 550, RequestKind.WITHDRAWAL),
    ]
    found = group.does(queries.simulate, D(450))
    assert [(one.gets, one.left) for one in found] == [(400, 0), (50, 50), (0, 50), (0, 500)]
    page = group.does(queries.queue_page, None, 2)
    assert ([one.place for one in page.rows], page.before is None, page.after is None) == ([1, 2], True, False)


def test_what_is_owed_is_kept_back_at_todays_balance_and_netted_at_the_end(group: House) -> None:
    penalty = levy(group, "member", 150)
    asked = group.leave("member")
    group.set_aside(1000)
    group.work()
    assert (group.stands(asked).fulfilled, group.state(asked)) == (250, State.FULFILLED)
    levy(group, "member", 30)
    group.does(waive_penalty, penalty, reason="kind", on=DAY, by=group.by)
    assert "owed" in offered(group)
    group.work()
    assert group.stands(asked).fulfilled == 370
    group.pay("member")
    assert (group.state(asked), row(group, "member").status) == (State.CLOSED, "left")
    assert group.balance("treasury") == 0
    assert group.faults() == []


def test_who_owes_more_than_everything_waits_until_it_is_settled(group: House) -> None:
    penalty = levy(group, "secretary", 80)
    asked = group.leave("secretary")
    group.set_aside(100)
    group.work()
    assert (group.state(asked), group.stands(asked).payable) == (State.QUEUED, 0)
    assert len(group.does(queries.obstacles, asked)) == 1
    group.does(waive_penalty, penalty, reason="kind", on=DAY, by=group.by)
    levy(group, "secretary", 50)
    group.work()
    assert (group.state(asked), row(group, "secretary").status) == (State.CLOSED, "left")
    assert group.faults() == []


def test_nothing_is_kept_back_where_the_policy_says_so_and_the_debt_stands_in_the_way(context: Flask) -> None:
    group = house(deduct=False)
    group.save("member", 400)
    levy(group, "member", 30)
    asked = group.leave("member")
    group.set_aside(400)
    group.work()
    group.pay("member")
    assert (group.stands(asked).fulfilled, group.state(asked)) == (400, State.FULFILLED)
    assert len(group.does(queries.obstacles, asked)) == 1


def test_a_penalty_that_is_paid_has_the_queue_looked_at_at_once(group: House) -> None:
    levy(group, "member", 150)
    group.leave("member")
    told = PenaltyMoney(
        amount=D(150),
        paid_at=NOW,
        method="cash",
        cash_account_id=group.till,
        key=key(),
        member_id=group.member("member"),
    )
    assert "owed" not in offered(group)
    group.does(pay_penalty, told, by=group.by)
    assert "owed" in offered(group)


def test_savings_under_a_guarantee_wait_and_those_behind_are_served(group: House) -> None:
    a, b = group.leave("member"), group.leave("other_member")
    told: dict[str, Any] = {"reason": "guarantee", "source": ("loan", uuid.uuid4()), "by": group.by}
    hold = group.does(holds.hold, Account("savings", group.member("member")), D(150), **told)
    group.set_aside(330)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b)] == [250, 80]
    assert group.stands(a).payable == 150
    group.does(holds.release, hold, by=group.by)
    group.set_aside(160)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b)] == [400, 90]
