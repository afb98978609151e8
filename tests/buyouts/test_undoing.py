"""Taking buy-outs back, what rests on them, and the exit that shrinks and grows again."""

import uuid
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.buyouts import errors
from app.buyouts.approving import approve
from app.buyouts.leaving import exit_of
from app.buyouts.queries import view
from app.buyouts.reversing import reverse_buy_out
from app.buyouts.rules import Standing
from app.buyouts.saying import consent
from app.core.db import session
from app.exits.errors import BelowFulfilled
from app.exits.fulfilling import fulfil
from app.exits.requesting import request_exit
from app.exits.rules import LiquidityType
from app.exits.services import set_aside
from app.groups.models import Member
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import SomethingRestsOnIt
from app.ledgers.methods import Method
from app.ledgers.models import Entry
from app.payouts.queries import open_payables
from app.payouts.rules import PayOne
from app.payouts.services import pay
from tests.buyouts.conftest import NOW, TODAY, Trading

D = Decimal


def gross_of(member_id: uuid.UUID) -> Decimal:
    waiting = exit_of(member_id)
    return waiting.gross if waiting else D(0)


def undo(trading: Trading, buy_out: object) -> None:
    reverse_buy_out(buy_out.id, reason="Wrong price", on=TODAY, by=trading.treasurer)  # type: ignore[attr-defined]


def test_what_passed_on_comes_back_to_the_last_cent(trading: Trading) -> None:
    before = trading.units(), trading.shares(), trading.balance("savings", trading.cast.member)
    done = trading.done(units={trading.fund: D("10.3333")}, percents={trading.plot: D("7.77")}, savings=D(33))
    undo(trading, done)
    assert (trading.units(), trading.shares(), trading.balance("savings", trading.cast.member)) == before
    assert view(done.id).standing is Standing.REVERSED
    assert view(done.id).told[-1].words == "Wrong price"
    with pytest.raises(errors.AlreadyReversed):
        undo(trading, done)


def test_the_group_owes_no_more_what_it_bought_back_then(trading: Trading) -> None:
    done = trading.done(500, None)
    undo(trading, done)
    assert trading.balance("member_payable", trading.cast.member) == 0
    assert trading.balance("treasury") == 0
    assert open_payables() == []


def test_what_was_paid_for_rests_on_it(trading: Trading) -> None:
    done = trading.done(200, None)
    owed = open_payables()[0].payable.id
    pay(
        payments=[PayOne(owed, D(50))],
        cash_account_id=trading.bank,
        method=Method.CASH,
        on=TODAY,
        by=trading.treasurer,
        key="pay",
    )
    with pytest.raises(SomethingRestsOnIt) as rests:
        undo(trading, done)
    assert "50.00 of it was paid to Daniel Mwangi" in str(rests.value)


def test_what_was_sold_on_rests_on_it_until_that_is_undone(trading: Trading) -> None:
    first = trading.done()
    told = trading.told(to="leader", units={trading.fund: D(1)})
    resold = trading.make(told, by=trading.cast.other_member, seller_id=trading.cast.other_member.member_id)
    consent(resold.id, by=trading.leader)
    approve(resold.id, by=trading.treasurer)
    with pytest.raises(SomethingRestsOnIt) as rests:
        undo(trading, first)
    assert "Umoja fund" in str(rests.value)
    assert "Plot 7" not in str(rests.value)
    undo(trading, resold)
    undo(trading, first)
    assert view(first.id).standing is Standing.REVERSED


def test_savings_that_the_buyer_used_rest_on_it(trading: Trading) -> None:
    done = trading.done(savings=D(100))
    buyer = trading.cast.other_member.member_id
    lines = [debit("savings", D(150), buyer), credit("treasury", D(150))]
    post(Draft(PostingKind.MANUAL, TODAY, lines), by=trading.treasurer)
    with pytest.raises(SomethingRestsOnIt):
        undo(trading, done)


def test_growth_that_the_buyer_sold_on_rests_on_it(trading: Trading) -> None:
    trading.grow(trading.cast.member, 40)
    first, buyer = trading.done(growth=True), trading.cast.other_member
    told = trading.told(to="leader", growth=True)
    resold = trading.make(told, by=buyer, seller_id=buyer.member_id)
    consent(resold.id, by=trading.leader)
    approve(resold.id, by=trading.treasurer)
    with pytest.raises(SomethingRestsOnIt) as rests:
        undo(trading, first)
    assert "growth of it was used by entry" in str(rests.value)
    undo(trading, resold)
    undo(trading, first)
    assert trading.balance("realised_growth", trading.cast.member) == 40


def test_who_asked_to_leave_since_was_promised_what_they_had(trading: Trading) -> None:
    done = trading.done()
    request_exit(member_id=trading.cast.other_member.member_id, by=trading.treasurer, key="leave")
    with pytest.raises(SomethingRestsOnIt) as rests:
        undo(trading, done)
    assert "Mercy Atieno has asked to leave since" in str(rests.value)


def test_only_what_took_effect_is_undone(trading: Trading) -> None:
    with pytest.raises(errors.NotEffective):
        undo(trading, trading.agreed())


def test_a_queued_exit_shrinks_by_what_is_sold_and_grows_again(trading: Trading) -> None:
    seller = trading.cast.member.member_id
    request_exit(member_id=seller, by=seller, key="leave")
    assert gross_of(seller) == 600
    done = trading.done(units={trading.fund: D(10)}, percents={trading.plot: D(30)}, savings=D(40))
    assert gross_of(seller) == 600 - 100 - 30 - 40
    undo(trading, done)
    assert gross_of(seller) == 600


def test_growth_comes_off_an_exit_as_far_as_it_counted(trading: Trading) -> None:
    seller = trading.cast.member.member_id
    trading.grow(trading.cast.member, 40)
    request_exit(member_id=seller, by=seller, key="leave")
    trading.done(whole=True, savings=D(240), growth=True)  # of the growth the policy gives nothing
    assert gross_of(seller) == 0


def test_an_exit_that_was_paid_is_not_sold_away(trading: Trading) -> None:
    seller = trading.cast.member.member_id
    request_exit(member_id=seller, by=seller, key="leave")
    made = trading.agreed(whole=True, savings=D(240))
    set_aside(
        amount=D(250), at=NOW, type_=LiquidityType.OTHER, cash_account_id=trading.bank, by=trading.treasurer, key="pot"
    )
    fulfil()
    with pytest.raises(BelowFulfilled):
        approve(made.id, by=trading.leader)


def test_the_books_know_each_buy_out_by_its_record(trading: Trading) -> None:
    done = trading.done()
    entry = session().scalars(sa.select(Entry).where(Entry.kind == "buy_out")).one()
    assert (entry.source_kind, entry.source_id) == ("buy_out", done.id)


def test_a_seller_who_left_gets_nothing_back(trading: Trading) -> None:
    done = trading.done()
    session().get_one(Member, (trading.cast.group_id, trading.cast.member.member_id)).status = "left"
    session().flush()
    with pytest.raises(SomethingRestsOnIt) as rests:
        undo(trading, done)
    assert "has left the group" in str(rests.value)
