"""Buy-outs from offer to effect: what moves, who consents and approves, what is refused."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.buyouts import errors
from app.buyouts.approving import approve
from app.buyouts.models import BuyOut, BuyOutState
from app.buyouts.offering import Newcomer, Offer, offer, preview
from app.buyouts.personal import personal
from app.buyouts.queries import view
from app.buyouts.rules import Side, Standing
from app.buyouts.saying import consent, consent_on_paper, decline, withdraw
from app.core.db import session
from app.core.money import TooLarge
from app.groups.errors import MayNot
from app.groups.models import Member, MemberPermission
from app.groups.queries import member
from app.groups.services.members import add_member
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import Account, PostingKind
from app.ledgers.errors import KeyUsed
from app.ledgers.holds import hold
from app.ledgers.models import Entry
from app.payouts.queries import open_payables
from tests.buyouts.conftest import TODAY, Trading

D = Decimal


def test_the_nominal_value_is_told_with_its_working_before_anything_is_kept(trading: Trading) -> None:
    trading.grow(trading.cast.member, 40)
    seen = preview(trading.told(savings=D(100), whole=True), by=trading.cast.member.member_id)
    held, sold = seen.held, seen.sold
    assert [held.contributions, held.growth, held.of_assets, held.total] == list(map(D, (540, 40, 60, 640)))
    assert [sold.contributions, sold.growth, sold.of_assets, sold.total] == list(map(D, (400, 0, 60, 460)))
    assert session().scalars(sa.select(BuyOut)).all() == []


def test_what_is_valued_is_stored_with_its_inputs(trading: Trading) -> None:
    row = trading.offer()
    session().refresh(row)
    assert (row.formula, row.nominal_value, row.position_value) == ("nominal-1", D(360), D(600))
    assert row.inputs["sold"]["assets"] == [
        {"asset": str(trading.plot), "percent": "60.0000", "recorded": "100.0000", "value": "60.00"}
    ]


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


def test_the_seller_consents_by_offering_and_the_buyer_for_themselves(trading: Trading) -> None:
    made = trading.offer()
    assert view(made.id).consents.keys() == {Side.SELLER}
    with pytest.raises(errors.ConsentsMissing) as missing:
        approve(made.id, by=trading.leader)
    assert "the buyer" in str(missing.value)
    for somebody in (trading.treasurer, trading.cast.secretary.member_id):
        with pytest.raises(errors.NotYours):
            consent(made.id, by=somebody)
    with pytest.raises(errors.ConsentedAlready):
        consent(made.id, by=trading.cast.member.member_id)
    consent(made.id, by=trading.cast.other_member.member_id)
    assert view(made.id).standing is Standing.AGREED


def test_the_group_consents_through_an_officer_who_is_not_the_seller(trading: Trading) -> None:
    made = trading.offer(to=None)
    for somebody in (trading.cast.other_member, trading.cast.secretary):
        with pytest.raises(errors.NotYours):
            consent(made.id, by=somebody.member_id)
    said = consent(made.id, by=trading.treasurer)
    assert (said.member_id, said.recorded_by, said.written) == (None, trading.treasurer, False)


def test_who_cannot_sign_in_consents_on_paper_and_it_says_so(trading: Trading) -> None:
    buyer = add_member(display_name="Wangari", by=trading.treasurer)
    made = trading.make(replace(trading.told(), buyer_id=buyer.id))
    with pytest.raises(errors.OfficerWanted):
        consent_on_paper(made.id, Side.BUYER, words="-", by=trading.cast.other_member.member_id)
    said = consent_on_paper(made.id, Side.BUYER, words="In the blue file", by=trading.treasurer)
    assert (said.written, said.member_id, said.recorded_by) == (True, buyer.id, trading.treasurer)
    assert view(made.id).told[-1].words == "In the blue file"


def test_who_can_sign_in_is_not_spoken_for(trading: Trading) -> None:
    made = trading.offer()
    with pytest.raises(errors.ConsentsThemselves):
        consent_on_paper(made.id, Side.BUYER, words="-", by=trading.treasurer)
    own = trading.offer(to="treasurer")
    with pytest.raises(errors.OtherSide):
        consent_on_paper(own.id, Side.SELLER, words="-", by=trading.treasurer)


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


def test_members_offer_what_is_theirs_and_officers_for_anybody(trading: Trading) -> None:
    with pytest.raises(errors.NotYourOffer):
        trading.make(trading.told(to="leader"), by=trading.cast.other_member)
    made = trading.make(trading.told(), by=trading.cast.treasurer)
    assert view(made.id).consents == {}
    consent(made.id, by=trading.cast.member.member_id)
    consent(made.id, by=trading.cast.other_member.member_id)
    assert view(made.id).standing is Standing.AGREED


def test_a_newcomer_joins_with_the_offer(trading: Trading) -> None:
    new = Newcomer("Wangari Maina", phone="0712345678")
    told = replace(trading.told(), buyer_id=None, newcomer=new)
    with pytest.raises(MayNot):
        trading.make(told)
    made = trading.make(told, by=trading.cast.treasurer)
    assert made.buyer_id is not None
    assert member(made.buyer_id).display_name == "Wangari Maina"


def newcomers_offer(trading: Trading, name: str = "Wangari Maina") -> BuyOut:
    told = replace(trading.told(savings=D(10)), buyer_id=None, newcomer=Newcomer(name))
    return trading.make(told, by=trading.cast.treasurer)


def test_a_newcomer_whose_offer_ended_has_left_again(trading: Trading) -> None:
    for end, by in ((decline, trading.leader), (withdraw, trading.treasurer)):
        made = newcomers_offer(trading)
        end(made.id, reason=None, by=by)
        assert made.buyer_id is not None
        assert member(made.buyer_id).status == "left"


def test_a_newcomer_who_took_part_in_something_else_stays(trading: Trading) -> None:
    saves, buys = newcomers_offer(trading), newcomers_offer(trading, "Wairimu Maina")
    assert saves.buyer_id
    assert buys.buyer_id
    lines = [debit("cash", D(5), trading.bank), credit("savings", D(5), saves.buyer_id)]
    post(Draft(PostingKind.CONTRIBUTION, TODAY, lines), by=trading.treasurer)
    trading.make(replace(trading.told(savings=D(20)), buyer_id=buys.buyer_id))
    for made, who in ((saves, saves.buyer_id), (buys, buys.buyer_id)):
        decline(made.id, reason=None, by=trading.leader)
        assert member(who).status == "active"


def test_an_offer_for_another_takes_the_right_to_see_what_they_have(trading: Trading) -> None:
    denied = MemberPermission(member_id=trading.treasurer, permission="money.see", effect="deny")
    denied.set_by = trading.leader
    session().add(denied)
    session().flush()
    with pytest.raises(errors.NotYourOffer):
        preview(trading.told(), by=trading.treasurer)


def test_what_stands_against_a_buyer_is_said(trading: Trading) -> None:
    buyer = session().get_one(Member, (trading.cast.group_id, trading.cast.other_member.member_id))
    for to, error in (("member", errors.SellerIsBuyer), ("auditor", errors.CannotBuy)):
        with pytest.raises(error):
            trading.offer(to=to)
    buyer.leaving_since = sa.func.now()
    session().flush()
    with pytest.raises(errors.BuyerLeaving):
        trading.offer()
    with pytest.raises(errors.CannotBuy):
        trading.make(trading.told(), buyer_id=trading.cast.outsider.member_id)


def test_a_price_is_within_the_groups_bounds(trading: Trading) -> None:
    with pytest.raises(TooLarge):
        trading.offer("1000000000001")
    with pytest.raises(errors.NoReferenceNeeded):
        trading.make(trading.told(to=None), reference="M-Pesa QX1")
    made = trading.make(trading.told(), reference="M-Pesa QX1")
    assert view(made.id).reference == "M-Pesa QX1"


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


def test_it_takes_effect_once(trading: Trading) -> None:
    done = trading.done()
    with pytest.raises(errors.Ended) as ended:
        approve(done.id, by=trading.leader)
    assert "took effect" in str(ended.value)
    with pytest.raises(errors.Ended):
        decline(done.id, reason=None, by=trading.treasurer)


def test_either_side_or_an_officer_ends_an_open_offer(trading: Trading) -> None:
    made = trading.offer()
    with pytest.raises(errors.NotYours):
        decline(made.id, reason=None, by=trading.cast.secretary.member_id)
    decline(made.id, reason="Too dear", by=trading.cast.other_member.member_id)
    assert view(made.id).standing is Standing.DECLINED
    assert view(made.id).told[-1].words == "Too dear"
    with pytest.raises(errors.Ended):
        consent(made.id, by=trading.cast.other_member.member_id)
    own = trading.offer()
    with pytest.raises(errors.NotYours):
        withdraw(own.id, reason=None, by=trading.cast.other_member.member_id)
    withdraw(own.id, reason=None, by=trading.cast.member.member_id)
    assert view(own.id).standing is Standing.WITHDRAWN


def test_a_form_sent_twice_is_one_offer(trading: Trading) -> None:
    told, by = trading.told(), trading.cast.member.member_id
    assert offer(told, by=by, key="same").id == offer(told, by=by, key="same").id
    with pytest.raises(KeyUsed):
        offer(replace(told, price=D(1)), by=by, key="same")


def test_a_key_stands_for_one_buyer_and_the_same_parts(trading: Trading) -> None:
    by = trading.cast.member.member_id
    parts: dict[str, Any] = {"units": {trading.fund: D("10.5")}, "percents": {trading.plot: D(5)}, "savings": D(40)}
    told, whole = trading.told(**parts), trading.told()
    first, second = offer(told, by=by, key="parts"), offer(whole, by=by, key="whole")
    others: list[Offer] = [
        replace(told, buyer_id=trading.leader),
        replace(told, buyer_id=None),
        trading.told(**parts | {"units": {trading.fund: D(11)}}),
        trading.told(**parts | {"percents": {}}),
        trading.told(**parts | {"savings": D(41)}),
        trading.told(**parts | {"growth": True}),
        whole,
    ]
    for other in others:
        with pytest.raises(KeyUsed):
            offer(other, by=by, key="parts")
    for other in (told, trading.told(whole=True, savings=D(1))):
        with pytest.raises(KeyUsed):
            offer(other, by=by, key="whole")
    consent(first.id, by=trading.cast.other_member.member_id)
    approve(first.id, by=trading.leader)
    assert offer(told, by=by, key="parts").id == first.id  # though the seller has less by now
    assert offer(whole, by=by, key="whole").id == second.id


def test_a_newcomer_is_known_again_under_the_same_key(trading: Trading) -> None:
    told = replace(trading.told(), buyer_id=None, newcomer=Newcomer(" Wangari  Maina"))
    made = offer(told, by=trading.treasurer, key="new")
    assert offer(told, by=trading.treasurer, key="new").id == made.id
    with pytest.raises(KeyUsed):
        offer(replace(told, newcomer=Newcomer("Wairimu Maina")), by=trading.treasurer, key="new")


def test_an_offer_that_is_not_what_was_read_is_shown_again(trading: Trading) -> None:
    told, by = trading.told(), trading.cast.member.member_id
    mark = preview(told, by=by).mark
    with pytest.raises(errors.StaleOffer):
        offer(replace(told, price=D(1)), by=by, key="k", mark=mark)
    assert offer(told, by=by, key="k", mark=mark).price == 330


def test_a_copy_of_own_data_tells_the_buyer_nothing_of_what_else_the_seller_had(trading: Trading) -> None:
    trading.offer()
    [sold] = personal(trading.cast.member.member_id)["buy_out"]
    copied = personal(trading.cast.other_member.member_id)
    [bought] = copied["buy_out"]
    assert (sold["position_value"], set(sold["inputs"])) == (D(600), {"held", "sold"})
    assert "position_value" not in bought
    assert set(bought["inputs"]) == {"sold"}
    assert all("held" not in part for part in copied["buy_out_part"])
