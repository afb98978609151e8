"""Who says yes for which side, themselves or on paper, and who ends an offer."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.buyouts import errors
from app.buyouts.approving import approve
from app.buyouts.queries import view
from app.buyouts.rules import Side, Standing
from app.buyouts.saying import consent, consent_on_paper, decline, withdraw
from app.groups.services.members import add_member
from tests.buyouts.conftest import Trading

D = Decimal


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
