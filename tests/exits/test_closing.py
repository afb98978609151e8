"""The end of an exit: when it comes, and what it passes to the group."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.assets.converting import buy_asset, convert_holdings
from app.assets.planning import Wanted
from app.assets.queries import owners
from app.core.db import session, transaction
from app.exits import queries, reversing
from app.exits.rules import State
from app.groups.models import Member
from app.groups.services.roles import set_roles
from app.holdings.investing import Purchase, record_investment
from app.holdings.queries import holders
from app.ledgers.books import credit, debit
from tests.exits.making import DAY, TODAY, D, House, key

pytestmark = pytest.mark.usefixtures("held_clock")


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


def test_a_member_in_the_queue_is_not_simply_marked_as_gone(group: House) -> None:
    group.leave("member")
    assert group.does(reversing.what_waits, group.member("member"))
    assert group.does(reversing.what_waits, group.member("leader")) == []
