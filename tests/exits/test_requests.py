"""Asking to leave and withdrawing: what is frozen, numbered, held, and what is refused."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.core.money import TooManyDecimals, ZeroAmount
from app.exits import cancelling, queries
from app.exits.errors import AlreadyLeaving, HasLeft, MoreThanSavings, RequestEnded, WithdrawalsOff
from app.exits.models import ExitRequest
from app.exits.rules import Entitlement, State
from app.groups.errors import LastLeader
from app.groups.models import Member
from app.groups.services.roles import set_roles
from app.ledgers.balances import held
from app.ledgers.books import credit, debit
from app.ledgers.chart import Account
from app.ledgers.errors import KeyUsed
from tests.exits.making import NOW, D, House, house, key, row

pytestmark = pytest.mark.usefixtures("held_clock")


def test_a_request_freezes_everything_the_member_has_with_its_working(context: Flask) -> None:
    group = house(growth_percent="50")
    group.save("member", 1000)
    who = group.member("member")
    group.posts(debit("savings", D(500), who), credit("holdings", D(300), who), credit("asset_share", D(200), who))
    group.posts(debit("appropriated", D(99)), credit("realised_growth", D(99), who))
    group.posts(debit("asset_share", D(200), who), credit("group_asset_share", D(200)))
    asked = group.leave("member")
    with transaction(group_id=group.cast.group_id):
        made = queries.request(asked)
        found = Entitlement.stored(made.working)
        assert (found.savings, found.holdings) == (D(500), D(300))
        assert (found.asset_shares, found.growth) == (D(0), D(99))
        assert (found.growth_part, made.gross, made.sequence) == (D("49.5"), D("849.5"), 1)
    group.save("member", 70)
    assert group.stands(asked).gross == D("849.5")
    assert row(group, "member").leaving_since == NOW


def test_requests_are_numbered_without_gaps_and_known_by_their_key(group: House) -> None:
    same = key()
    first, again = group.leave("member", key=same), group.leave("member", key=same)
    second = group.leave("other_member")
    assert (first, group.stands(first).sequence, group.stands(second).sequence) == (again, 1, 2)
    with pytest.raises(KeyUsed):
        group.leave("secretary", key=same)
    with pytest.raises(AlreadyLeaving):
        group.leave("member")


def test_the_last_leader_stays_until_someone_else_leads(group: House) -> None:
    with pytest.raises(LastLeader):
        group.leave("leader")

    def promote(who: str) -> None:
        member = session().scalars(sa.select(Member).where(Member.id == group.member(who))).one()
        set_roles(member=member, roles=("leader",), by=group.member("leader"))

    group.does(promote, "member")
    group.leave("leader")
    with pytest.raises(LastLeader):  # the other one who leads is leaving as well
        group.leave("member")


def test_a_withdrawal_is_held_and_stands_behind_all_who_leave(group: House) -> None:
    asked = group.withdraw("member", 300)
    assert group.does(held, Account("savings", group.member("member"))) == 300
    with pytest.raises(MoreThanSavings):
        group.withdraw("member", 81)  # 400, less 300 held, less the floor of 20
    leaving = group.leave("other_member")
    group.set_aside(250)
    group.work()
    assert [group.stands(one).fulfilled for one in (leaving, asked)] == [100, 150]
    assert group.balance("savings", "member") == 250
    assert group.does(held, Account("savings", group.member("member"))) == 150
    group.set_aside(150)
    group.work()
    assert (group.state(asked), group.balance("savings", "member")) == (State.FULFILLED, 100)
    group.pay("member")
    assert row(group, "member").status == "active"
    assert group.faults() == []


def test_withdrawing_is_for_who_stays_where_the_group_allows_it(group: House, context: Flask) -> None:
    with pytest.raises(WithdrawalsOff):
        house().withdraw("member", 1)
    group.leave("member")
    with pytest.raises(AlreadyLeaving):
        group.withdraw("member", 10)
    for wrong, amount in ((ZeroAmount, "0"), (TooManyDecimals, "1.001")):
        with pytest.raises(wrong):
            group.withdraw("other_member", amount)


def test_an_exit_takes_the_place_of_an_open_withdrawal(group: House) -> None:
    asked = group.withdraw("member", 300)
    group.set_aside(100)
    group.work()
    leaving = group.leave("member")
    assert (group.state(asked), group.stands(leaving).gross) == (State.CANCELLED, 300)
    assert group.does(held, Account("savings", group.member("member"))) == 0
    assert group.faults() == []


def test_who_has_left_asks_for_nothing(group: House) -> None:
    asked = group.leave("secretary")
    group.set_aside(50)
    group.work()
    group.pay("secretary")
    assert group.state(asked) is State.CLOSED
    with pytest.raises(HasLeft):
        group.leave("secretary")
    with pytest.raises(RequestEnded):
        group.does(cancelling.cancel, request_id=asked, reason="", by=group.by)


def test_a_request_of_nothing_ends_at_once(group: House) -> None:
    asked = group.leave("treasurer")
    group.work()
    assert (group.state(asked), row(group, "treasurer").status) == (State.CLOSED, "left")
    with transaction(group_id=group.cast.group_id):
        assert session().scalars(sa.select(ExitRequest.gross)).one() == Decimal(0)
    assert group.faults() == []
