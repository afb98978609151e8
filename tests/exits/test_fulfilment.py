"""What the worker makes payable, what closing passes to the group, and what is taken back."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.assets.converting import buy_asset, convert_holdings
from app.assets.planning import Wanted
from app.assets.queries import owners
from app.core import clock
from app.core.db import session, transaction
from app.core.outbox import Outbox
from app.exits import asking, fulfilling, liquidity, queries, reversing
from app.exits.errors import AlreadyTakenBack, NoSuchFulfilment
from app.exits.models import ExitFulfilment
from app.exits.rules import State, served
from app.exits.services import adjust
from app.groups.models import Member
from app.groups.services.roles import set_roles
from app.holdings.investing import Purchase, record_investment
from app.holdings.queries import holders
from app.ledgers import chart, holds
from app.ledgers.balances import balance, held
from app.ledgers.books import credit, debit
from app.ledgers.errors import KeyUsed, SomethingRestsOnIt
from app.payouts.models import MemberPayment
from app.payouts.services import reverse_payment
from tests.exits.making import DAY, D, House, house, key
from tests.mail.box import work

Open = Callable[[Any], FlaskClient]
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def held_clock() -> Iterator[None]:
    with clock.held(NOW):
        yield


@pytest.fixture
def group(context: Flask) -> House:
    made = house(withdrawals=True)
    for who, amount in (("member", 400), ("other_member", 100), ("secretary", 50), ("leader", 1000)):
        made.save(who, amount)
    return made


def invest(group: House, amount: int) -> uuid.UUID:
    told: dict[str, Any] = {
        "name": "Fund",
        "type": "bonds",
        "on": DAY,
        "cash_account_id": group.till,
        "unit_value": D(10),
    }
    made: uuid.UUID = group.does(record_investment, Purchase(**told, amount=D(amount), key=key()), by=group.by).id
    return made


def status(group: House, who: str) -> str:
    with transaction(group_id=group.cast.group_id):
        return session().scalars(sa.select(Member.status).where(Member.id == group.member(who))).one()


def parts(group: House, request_id: uuid.UUID) -> Any:
    return group.does(queries.fulfilments_of, request_id)


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


def test_closing_passes_units_and_shares_to_the_group_at_carrying_amount(group: House) -> None:
    fund = invest(group, 775)
    plot = invest(group, 310)
    told: dict[str, Any] = {
        "name": "Plot",
        "price": D(310),
        "on": TODAY,
        "values": {plot: None},
        "cash_account_id": group.till,
    }
    asset = group.does(convert_holdings, Wanted(**told, key=key()), by=group.by).id
    asked = group.leave("member")
    assert group.stands(asked).gross == 400
    assert (group.balance("holdings", "member"), group.balance("asset_share", "member")) == (200, 80)
    group.set_aside(400)
    group.work()
    group.pay("member")
    assert (group.state(asked), status(group, "member")) == (State.CLOSED, "left")
    for kind in ("savings", "holdings", "asset_share", "realised_growth", "exit", "member_payable"):
        assert group.balance(kind, "member") == 0
    assert (group.balance("group_holdings"), group.balance("group_asset_share")) == (200, 80)
    assert group.balance("treasury") == -280
    with transaction(group_id=group.cast.group_id):
        units = {one.member_id: one.cost for one in holders([fund])}
        shares = {one.member_id: one.amount for one in owners([asset])}
    assert (units[None], shares[None]) == (D(200), D(80))
    assert group.member("member") not in units.keys() | shares.keys()
    assert group.faults() == []


def test_a_share_of_what_cost_nothing_passes_to_the_group_too(group: House) -> None:
    told: dict[str, Any] = {"name": "A gift", "price": D(0), "on": TODAY, "values": {}}
    asset = group.does(buy_asset, Wanted(**told, key=key()), by=group.by).id
    group.leave("member")
    group.set_aside(400)
    group.work()
    group.pay("member")
    assert status(group, "member") == "left"
    with transaction(group_id=group.cast.group_id):
        shares = {one.member_id: one.percent for one in owners([asset])}
    assert sum(shares.values()) == 100
    assert shares[None] > 0
    assert group.member("member") not in shares
    assert group.faults() == []


def test_growth_after_the_request_belongs_to_the_treasury_and_a_loss_too(group: House) -> None:
    asked = group.leave("member"), group.leave("other_member")
    group.posts(debit("appropriated", D(70)), credit("realised_growth", D(70), group.member("member")))
    group.posts(debit("realised_growth", D(30), group.member("other_member")), credit("appropriated", D(30)))
    group.set_aside(500)
    group.work()
    group.pay("member")
    assert group.balance("treasury") == 70
    group.pay("other_member")
    assert group.balance("treasury") == 40
    assert [group.state(one) for one in asked] == [State.CLOSED, State.CLOSED]
    assert group.faults() == []


def test_an_exit_ends_only_when_every_part_is_wholly_paid(group: House) -> None:
    asked = group.leave("member")
    group.set_aside(100)
    group.work()
    group.pay("member")
    assert (group.state(asked), status(group, "member")) == (State.PARTIALLY_FULFILLED, "active")
    group.set_aside(300)
    group.work()
    assert group.does(queries.obstacles, asked) == ["KES\N{NO-BREAK SPACE}300.00 is payable and was not paid out yet."]
    group.pay("member")
    assert status(group, "member") == "left"


def test_what_another_room_keeps_does_not_stop_the_payment_and_the_end_is_tried_again(group: House) -> None:
    asked = group.leave("member")
    promote(group, "member", ("leader",), by="leader")
    promote(group, "leader", (), by="member")
    group.set_aside(400)
    group.work()
    group.pay("member")
    assert (group.state(asked), group.balance("member_payable", "member")) == (State.FULFILLED, 0)
    promote(group, "leader", ("leader",), by="member")
    group.work()
    assert (group.state(asked), status(group, "member")) == (State.CLOSED, "left")


def promote(group: House, who: str, roles: tuple[str, ...], *, by: str) -> None:
    with transaction(group_id=group.cast.group_id):
        member = session().scalars(sa.select(Member).where(Member.id == group.member(who))).one()
        set_roles(member=member, roles=("member", *roles), by=group.member(by) if roles else None)


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


def test_a_member_in_the_queue_is_not_simply_marked_as_gone(group: House) -> None:
    group.leave("member")
    assert group.does(reversing.what_waits, group.member("member"))
    assert group.does(reversing.what_waits, group.member("leader")) == []


def test_the_proof_sees_what_was_given_twice(group: House) -> None:
    asked = group.leave("other_member")
    event = group.set_aside(150)
    group.work()
    # So that neither the request nor the event is exceeded, which the database itself refuses.
    told: dict[str, Any] = {"reason": "owed", "by": group.by, "approved_by": None, "key": key()}
    group.does(adjust, request_id=asked, amount=D(5), **told)
    with transaction(group_id=group.cast.group_id):
        one = session().scalars(sa.select(ExitFulfilment)).one()
        more = {"event_id": event, "number": 2, "request_id": asked, "amount": D(5), "deductions": D(0)}
        session().add(ExitFulfilment(**more, fulfilled_on=TODAY, entry_id=one.entry_id))
    found = " ".join(group.faults())
    assert "Money set aside" in found
    assert "Fulfilments" in found
    assert "Exit accounts" in found


def test_the_proof_sees_a_member_marked_without_a_request(group: House) -> None:
    with transaction(group_id=group.cast.group_id):
        session().execute(sa.update(Member).where(Member.id == group.member("leader")).values(leaving_since=NOW))
    assert any("leaving" in fault for fault in group.faults())


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


def test_the_day_of_a_payment_before_the_fulfilment_is_refused_by_payouts(group: House) -> None:
    group.leave("other_member")
    group.set_aside(100)
    group.work()
    with pytest.raises(Exception, match="2026-11-21"):
        group.pay("other_member", on=TODAY - timedelta(days=1))
