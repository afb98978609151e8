"""The approval of a buy-out: who gives it, what changed before it, and what it moves."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.buyouts import errors
from app.buyouts.approving import approve
from app.buyouts.models import BuyOutState
from app.buyouts.queries import view
from app.buyouts.rules import Standing
from app.buyouts.saying import consent, decline
from app.core.db import session
from app.groups.models import Member
from app.ledgers.chart import Account
from app.ledgers.holds import hold
from app.ledgers.models import Entry
from app.payouts.queries import open_payables
from tests.buyouts.conftest import Trading

D = Decimal


def test_everything_passes_to_the_buyer_and_the_totals_stay(trading: Trading) -> None:
    cash = trading.balance("cash", None)
    done = trading.done()
    assert trading.units() == {"Mercy": (D(45), D(450)), "Amina": (D(5), D(50))}
    assert trading.shares() == {"Mercy": (D(90), D(90)), "Amina": (D(10), D(10))}
    cast = trading.cast
    assert [trading.balance(kind, cast.member) for kind in ("holdings", "asset_share", "savings")] == [0, 0, 240]
    assert [trading.balance(kind, cast.other_member) for kind in ("holdings", "asset_share", "savings")] == [
        450,
        90,
        120,
    ]
    assert trading.balance("cash", None) == cash
    assert open_payables() == []
    assert view(done.id).standing is Standing.EFFECTIVE


def test_a_part_passes_by_units_per_cent_and_savings(trading: Trading) -> None:
    trading.done(units={trading.fund: D("10.5")}, percents={trading.plot: D("12.3456")}, savings=D(40))
    assert trading.units()["Daniel"] == (D("19.5"), D(195))
    assert trading.units()["Mercy"] == (D("25.5"), D(255))
    assert trading.shares()["Daniel"] == (D("47.6544"), D("47.65"))
    assert sum(percent for percent, _amount in trading.shares().values()) == 100
    assert trading.balance("savings", trading.cast.member) == 200
    assert trading.balance("savings", trading.cast.other_member) == 160


def test_the_group_takes_the_shares_and_owes_the_price(trading: Trading) -> None:
    trading.grow(trading.cast.member, 40)
    done = trading.done(500, None, whole=True, savings=D(100), growth=True)
    assert trading.units()["group"] == (D(30), D(300))
    assert trading.shares()["group"] == (D(60), D(60))
    assert trading.balance("group_holdings") == 300
    assert trading.balance("group_asset_share") == 60
    assert trading.balance("treasury") == 100 + 40 - 500
    assert trading.balance("member_payable", trading.cast.member) == 500
    assert trading.balance("realised_growth", trading.cast.member) == 0
    owed = open_payables(trading.cast.member.member_id)
    assert [(one.open, one.payable.source_kind, one.payable.source_id) for one in owed] == [
        (D(500), "buy_out", done.id)
    ]


def test_a_loss_passes_on_with_what_it_was_made_on(trading: Trading) -> None:
    trading.grow(trading.cast.member, -25)
    trading.done(growth=True, whole=True)
    assert trading.balance("realised_growth", trading.cast.member) == 0
    assert trading.balance("realised_growth", trading.cast.other_member) == -25


def test_what_is_carried_at_nothing_passes_on_without_an_entry(trading: Trading) -> None:
    trading.done(0, percents={trading.plot: D("0.0001")})
    assert trading.shares()["Daniel"] == (D("59.9999"), D(60))
    assert session().scalars(sa.select(Entry.id).where(Entry.kind == "buy_out")).all() == []


def test_it_takes_effect_once(trading: Trading) -> None:
    done = trading.done()
    with pytest.raises(errors.Ended) as ended:
        approve(done.id, by=trading.leader)
    assert "took effect" in str(ended.value)
    with pytest.raises(errors.Ended):
        decline(done.id, reason=None, by=trading.treasurer)


def test_neither_side_approves_nor_who_had_a_hand_in_it(trading: Trading) -> None:
    own = trading.agreed(to="treasurer")
    with pytest.raises(errors.SideApproves):
        approve(own.id, by=trading.treasurer)
    with pytest.raises(errors.OfficerWanted):
        approve(own.id, by=trading.cast.secretary.member_id)
    of_group = trading.agreed(to=None)
    with pytest.raises(errors.OwnHand) as refused:
        approve(of_group.id, by=trading.treasurer)
    assert "Amina Wanjiru" in str(refused.value)
    approve(of_group.id, by=trading.leader)


def test_who_is_alone_with_the_right_approves_what_they_recorded_and_it_is_marked(trading: Trading) -> None:
    session().get_one(Member, (trading.cast.group_id, trading.leader)).status = "suspended"
    session().flush()
    made = trading.make(trading.told(to=None), by=trading.cast.treasurer)
    consent(made.id, by=trading.cast.member.member_id)
    approve(made.id, by=trading.treasurer)
    last = session().scalars(sa.select(BuyOutState).order_by(BuyOutState.id.desc())).first()
    assert last is not None
    assert (last.state, last.unchecked) == ("effective", True)


def test_savings_under_a_hold_are_not_sold(trading: Trading) -> None:
    seller = trading.cast.member.member_id
    hold(Account("savings", seller), D(200), reason="guarantee", source=("loan", seller), by=None)
    with pytest.raises(errors.MoreThanFree):
        trading.offer(savings=D(41))
    made = trading.agreed(savings=D(40))
    hold(Account("savings", seller), D(1), reason="guarantee", source=("loan", seller), by=None)
    with pytest.raises(errors.OfferChanged):
        approve(made.id, by=trading.leader)


def test_what_changed_before_the_approval_is_not_approved(trading: Trading) -> None:
    first, second = trading.agreed(), trading.agreed(units={trading.fund: D(20)})
    approve(second.id, by=trading.leader)
    with pytest.raises(errors.OfferChanged) as refused:
        approve(first.id, by=trading.leader)
    assert "Umoja fund" in str(refused.value)
    assert "Plot 7" not in str(refused.value)
    third = trading.agreed(units={trading.fund: D(10)})
    approve(third.id, by=trading.leader)
    assert "Daniel" not in trading.units()


def test_a_buyer_who_asked_to_leave_meanwhile_gets_nothing(trading: Trading) -> None:
    made = trading.agreed()
    buyer = session().get_one(Member, (trading.cast.group_id, trading.cast.other_member.member_id))
    buyer.leaving_since = sa.func.now()
    session().flush()
    with pytest.raises(errors.BuyerLeaving):
        approve(made.id, by=trading.leader)


def test_who_asked_to_leave_after_they_were_read_is_read_anew_under_the_lock(trading: Trading) -> None:
    made, other = trading.agreed(), trading.cast.other_member.member_id
    buyer = session().get_one(Member, (trading.cast.group_id, other))
    gone = sa.update(Member.__table__).where(Member.__table__.c.id == other)  # type: ignore[arg-type]  # a Table
    session().connection().execute(gone.values(leaving_since=sa.func.now()))
    assert buyer.leaving_since is None  # as a page read it before somebody else's commit
    with pytest.raises(errors.BuyerLeaving):
        approve(made.id, by=trading.leader)
    session().expire(buyer)
    session().connection().execute(gone.values(leaving_since=None))
    assert buyer.leaving_since is None
    session().connection().execute(gone.values(leaving_since=sa.func.now()))
    with pytest.raises(errors.BuyerLeaving):
        trading.offer()
