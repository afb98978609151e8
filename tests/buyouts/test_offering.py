"""Offers: what they are worth, who makes them to whom, what is refused, what a key stands for."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.buyouts import errors
from app.buyouts.approving import approve
from app.buyouts.models import BuyOut
from app.buyouts.offering import Newcomer, Offer, offer, preview
from app.buyouts.personal import personal
from app.buyouts.queries import view
from app.buyouts.rules import Standing
from app.buyouts.saying import consent, decline, withdraw
from app.core.db import session
from app.core.money import TooLarge
from app.groups.errors import MayNot
from app.groups.models import Member, MemberPermission
from app.groups.queries import member
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import KeyUsed
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
