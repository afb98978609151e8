"""Money set aside for the queue: what is free, held, taken back, and set aside by policy."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.core.errors import Invalid
from app.core.money import TooManyDecimals, ZeroAmount
from app.exits import liquidity, queries, scheduling
from app.exits.errors import MoreThanFreeCash, MoreThanFreeThere, NothingUnspent
from app.exits.models import LiquidityEvent
from app.exits.rules import State
from app.ledgers.balances import held
from app.ledgers.books import credit, debit
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import Account, PostingKind
from app.ledgers.errors import KeyUsed
from app.savings.windows import all_windows, open_due
from tests.exits.making import NOW, D, House, house, key, offered
from tests.savings.conftest import NAIROBI, TERMS, Saving

pytestmark = pytest.mark.usefixtures("held_clock")


def test_what_is_set_aside_must_be_free_and_there(group: House) -> None:
    found = group.does(liquidity.free_cash)
    assert (found.cash, found.owed, found.earmarked, found.free) == (1550, 0, 0, 1550)
    group.posts(debit("treasury", D(200)), credit("member_payable", D(200), group.member("leader")))
    group.set_aside(350)
    assert group.does(liquidity.free_cash).free == 1000
    with pytest.raises(MoreThanFreeCash):
        group.set_aside(1001)
    box = group.does(add_cash_account, name="Box", method="petty_cash", by=group.by).id
    group.posts(debit("cash", D(900), box), credit("cash", D(900), group.till), kind=PostingKind.TRANSFER)
    with pytest.raises(MoreThanFreeThere):
        group.set_aside(400)
    for wrong, amount in ((ZeroAmount, "0"), (ZeroAmount, "-5"), (TooManyDecimals, "1.001")):
        with pytest.raises(wrong):
            group.set_aside(amount)
    with pytest.raises(Invalid):
        group.set_aside(1, at=NOW + timedelta(minutes=1))


def test_money_set_aside_is_held_and_smaller_with_each_fulfilment(group: House) -> None:
    group.leave("other_member")
    group.set_aside(150)
    assert group.does(held, Account("cash", group.till)) == 150
    group.work()
    assert group.does(held, Account("cash", group.till)) == 50
    assert group.does(liquidity.free_cash).free == 1550 - 100 - 50


def test_unspent_money_is_taken_back_and_spent_money_is_not(group: House) -> None:
    group.leave("other_member")
    event = group.set_aside(150)
    group.work()
    same = key()
    group.does(liquidity.take_back, event, reason="needed", by=group.by, key=same)
    group.does(liquidity.take_back, event, reason="needed", by=group.by, key=same)
    with pytest.raises(KeyUsed):
        group.does(liquidity.take_back, uuid.uuid4(), reason="needed", by=group.by, key=same)
    line = group.does(queries.event_line, event)
    assert (line.spent, line.taken_back, line.left) == (100, 50, 0)
    assert group.does(held, Account("cash", group.till)) == 0
    with pytest.raises(NothingUnspent):
        group.does(liquidity.take_back, event, reason="", by=group.by, key=key())
    assert group.faults() == []


def test_an_event_is_known_by_its_key(group: House) -> None:
    same = key()
    assert group.set_aside(10, key=same) == group.set_aside(10, key=same)
    with pytest.raises(KeyUsed):
        group.set_aside(11, key=same)


def test_policy_sets_a_part_of_each_contribution_aside_once_while_somebody_waits(context: Flask) -> None:
    group = house(contributions_percent="10", savings=TERMS)
    before, now, on = moments()
    with clock.held(before):
        group.save("member", 400, on=on)
        group.does(scheduling.plan, before)
        group.leave("member")
    with clock.held(now):
        pay_in(group, "leader", 1000, on)
        group.does(scheduling.plan, now)
        group.does(scheduling.plan, now)
    with transaction(group_id=group.cast.group_id):
        made = session().scalars(sa.select(LiquidityEvent)).one()
        assert (made.amount, made.type, made.source_kind) == (D(100), "contribution_pool", "payment")
    assert offered(group) >= {"event", "clock"}


def test_policy_sets_aside_no_more_than_the_queue_can_take(context: Flask) -> None:
    group = house(contributions_percent="90", savings=TERMS)
    before, now, on = moments()
    with clock.held(before):
        group.save("member", 60, on=on)
        asked = group.leave("member")
    with clock.held(now):
        pay_in(group, "leader", 100, on)
        pay_in(group, "leader", 100, on)
        group.does(scheduling.plan, now)
        with transaction(group_id=group.cast.group_id):
            assert [one.amount for one in session().scalars(sa.select(LiquidityEvent))] == [60]
        group.work()
    assert group.state(asked) is State.FULFILLED


def moments() -> tuple[datetime, datetime, date]:
    """A while ago, now and the day of both: payments are stamped by the database, whose clock no test holds."""
    now = datetime.now(UTC)
    before = now - timedelta(minutes=5)
    return before, now, before.astimezone(NAIROBI).date()


def pay_in(group: House, who: str, amount: int, on: date) -> None:
    """A contribution with its records."""
    with transaction(group_id=group.cast.group_id):
        open_due(by=None, since=on)
        windows = {window.name: window.id for window in all_windows()}
    Saving(group.cast, group.till, windows).pay(str(amount), on, group.cast.people[who])
