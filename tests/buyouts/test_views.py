"""The pages of buy-outs: offer with preview, consent from the phone or on paper, no, approval, reversal, who sees."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.buyouts.queries import buy_outs_page, view
from app.core.db import transaction
from app.groups.queries import member
from app.groups.services.members import add_member
from app.ledgers.cash import add_cash_account
from tests import factories
from tests.buyouts.conftest import D, Trading, make_trading
from tests.factories import Person
from tests.ledgers.test_statements_counted import counted
from tests.mail.box import mails, text, work


class Hand:
    """A person's browser that sends each form with its token."""

    def __init__(self, client: FlaskClient, home: str) -> None:
        self.client = client
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(home).text)
        assert found
        self.token = found[1]

    def get(self, url: str) -> Any:
        return plain(self.client.get(url))

    def post(self, url: str, data: Any = None, **more: Any) -> Any:
        return plain(self.client.post(url, data={**(data or {}), "csrf_token": self.token}, **more))


def plain(answer: Any) -> Any:
    """An answer whose amounts read as they are typed."""
    answer.set_data(answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " "))
    return answer


CELLS = ('data-label="Held"', 'data-label="All the seller has"')
As = Callable[[Person], Hand]


@pytest.fixture
def hand(as_person: Callable[[Person], FlaskClient]) -> As:
    return lambda person: Hand(as_person(person), f"/g/{person.slug}/buyouts/" if person.slug else "/")


@pytest.fixture
def traded(context: Flask, held_clock: None) -> Trading:
    """The group of three, for pages."""
    return make_trading(factories.cast())


def path(trading: Trading, rest: str = "") -> str:
    return f"/g/{trading.cast.slug}/buyouts{rest}"


def form_of(trading: Trading, **more: Any) -> dict[str, Any]:
    """Everything the member has, to the other member for 330."""
    told = {
        "seller": str(trading.cast.member.member_id),
        "to": "member",
        "buyer": "",
        "extent": "whole",
        "parts-0-of": str(trading.fund),
        "parts-0-quantity": "",
        "parts-1-of": str(trading.plot),
        "parts-1-quantity": "",
        "savings": "",
        "price": "330",
        "reference": "",
        "once": "a" * 32,
    }
    return told | more


def number_of(trading: Trading, person: Person) -> str:
    with transaction(group_id=trading.cast.group_id):
        return member(person.member_id).identifier


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{32})"', page)
    assert found, page
    return found.group(1)


def offered(hand: As, trading: Trading, **more: Any) -> str:
    """Offer it through the pages; returns the address of the buy-out."""
    client = hand(trading.cast.member)
    told = form_of(trading, **({"buyer": number_of(trading, trading.cast.other_member)} | more))
    seen = seen_in(client.post(path(trading, "/new"), data=told).text)
    made = client.post(path(trading, "/new"), data=told | {"seen": seen})
    assert made.status_code == 303, made.text
    return str(made.location)


def test_a_member_offers_after_reading_what_will_happen(hand: As, traded: Trading) -> None:
    client = hand(traded.cast.member)
    page = client.get(path(traded, "/new")).text
    assert "Umoja fund" in page
    assert "Plot 7" in page
    told = form_of(traded, buyer=number_of(traded, traded.cast.other_member))
    shown = client.post(path(traded, "/new"), data=told)
    assert shown.status_code == 200
    for words in ("30 units of “Umoja fund”", "60% of “Plot 7”", "settle KES 330.00 themselves", "600.00", "360.00"):
        assert words in shown.text, words
    done = client.post(path(traded, "/new"), data=told | {"seen": seen_in(shown.text)})
    assert done.status_code == 303
    again = client.post(path(traded, "/new"), data=told | {"seen": seen_in(shown.text)})
    assert again.location == done.location


def test_what_was_read_must_be_what_is_offered(hand: As, traded: Trading) -> None:
    client = hand(traded.cast.member)
    told = form_of(traded, buyer=number_of(traded, traded.cast.other_member))
    seen = seen_in(client.post(path(traded, "/new"), data=told).text)
    other = client.post(path(traded, "/new"), data=told | {"seen": seen, "price": "331"})
    assert other.status_code == 409
    assert "Something changed since you looked" in other.text
    assert 'value="331"' in other.text


BAD = [
    ({"buyer": ""}, "Choose who buys."),
    ({"buyer": "nobody"}, "Nobody in this group has this member number"),
    ({"price": ""}, "Fill this in."),
    ({"price": "-5"}, "minus"),
    ({"extent": "parts"}, "Say what is sold"),
    ({"extent": "parts", "parts-0-quantity": "31"}, "The seller has only 30 of it."),
    ({"extent": "parts", "parts-0-quantity": "1,5"}, "Enter a number like 30 or 12.5"),
    ({"extent": "parts", "parts-1-quantity": "60.00001"}, "Enter a number like 30 or 12.5"),
    ({"extent": "parts", "parts-0-of": "x", "parts-0-quantity": "1"}, "The seller has no part of that."),
    ({"savings": "241"}, "The seller has only 240.00 of it."),
    ({"extent": "nothing"}, "Not a valid choice"),
    ({"to": "group", "reference": "M-Pesa"}, "the payment has its own reference"),
]


def test_what_cannot_be_offered_is_said_beside_the_field(hand: As, traded: Trading) -> None:
    seller, buyer = hand(traded.cast.member), number_of(traded, traded.cast.other_member)
    for wrong, sentence in BAD:
        answer = seller.post(path(traded, "/new"), data=form_of(traded, buyer=buyer) | wrong)
        assert answer.status_code == 422, wrong
        assert sentence in answer.text, wrong
    oneself = form_of(traded, buyer=number_of(traded, traded.cast.member))
    assert "must be different people" in seller.post(path(traded, "/new"), data=oneself).text


def test_the_preview_says_what_will_happen_while_one_types(hand: As, traded: Trading) -> None:
    client, headers = hand(traded.cast.member), {"HX-Request": "true", "HX-Target": "preview"}
    parts = {"extent": "parts", "parts-0-quantity": "7.5", "to": "group", "price": "80"}
    shown = client.post(path(traded, "/new/preview"), data=form_of(traded, **parts), headers=headers)
    assert shown.status_code == 200
    assert "7.5 units of “Umoja fund”, carried at KES 75.00, from Daniel Mwangi to the group" in shown.text
    assert "The group owes Daniel Mwangi KES 80.00; its treasury is −KES 80.00 afterwards." in shown.text
    assert "<html" not in shown.text
    wrong = form_of(traded, extent="parts", **{"parts-0-quantity": "99"}, to="group")
    assert "The seller has only 30 of it." in client.post(path(traded, "/new/preview"), data=wrong).text


def test_from_offer_to_effect_with_a_mail_to_each_side(hand: As, traded: Trading) -> None:
    cast = traded.cast
    where = offered(hand, traded)
    buyer = hand(cast.other_member)
    assert "Your answer" in buyer.get(path(traded, "/")).text
    page = buyer.get(where).text
    assert "I consent" in page
    assert "Look and approve" not in page
    assert buyer.post(f"{where}/consent").status_code == 303
    leader = hand(cast.leader)
    assert "Look and approve" in leader.get(where).text
    shown = leader.get(f"{where}/approval").text
    assert "60% of “Plot 7”" in shown
    assert leader.post(f"{where}/approval").status_code == 303
    assert "In effect" in leader.get(where).text
    again = leader.post(f"{where}/approval")
    assert again.status_code == 409
    assert "no longer open" in again.text
    work(cast.group_id)
    with transaction(user_id=cast.other_member.user_id):
        pass
    subjects = [str(mail["Subject"]) for mail in mails() if "buy-out" in text(mail) and cast.slug in text(mail)]
    assert sum("took effect" in subject for subject in subjects) == 2
    assert sum("waits for your consent" in subject for subject in subjects) == 1


def test_others_do_not_know_of_it(hand: As, traded: Trading) -> None:
    where, cast = offered(hand, traded), traded.cast
    assert hand(cast.auditor).get(where).status_code == 200
    for somebody in (cast.secretary, cast.outsider):
        assert hand(somebody).get(where).status_code == 404
        assert hand(somebody).post(f"{where}/consent").status_code == 404
    assert hand(cast.member).get(path(traded, "/all")).status_code == 403
    assert "Daniel" not in hand(cast.secretary).get(path(traded, "/")).text
    assert hand(cast.other_member).get(f"{where}/approval").status_code == 403


def test_all_the_seller_has_is_shown_to_them_and_the_treasurer_and_not_to_who_buys(hand: As, traded: Trading) -> None:
    with transaction(group_id=traded.cast.group_id):
        made = traded.offer(units={traded.fund: D("10.5")}, percents={traded.plot: D(15)})
    where, cast = path(traded, f"/{made.id}"), traded.cast
    told = (*CELLS, "Nominal value of all the seller had", "600.00", "240.00", "300.00", "60%")
    for somebody in (cast.member, cast.treasurer):
        page = hand(somebody).get(where).text
        assert [word for word in told if word not in page] == []
    page = hand(cast.other_member).get(where).text
    assert [word for word in told if word in page] == []
    shown = ("10.5", "15%", "105.00", "120.00", "What is sold", "Plot 7")
    assert [word for word in shown if word not in page] == []


def test_members_sell_what_is_theirs_and_officers_offer_for_them(hand: As, traded: Trading) -> None:
    mine = str(traded.cast.member.member_id)
    assert hand(traded.cast.other_member).get(path(traded, f"/new?seller={mine}")).status_code == 403
    officer = hand(traded.cast.treasurer)
    page = officer.get(path(traded, f"/new?seller={mine}")).text
    assert "Mercy Atieno (" in page
    told = form_of(traded, to="newcomer", new_name="Wangari Maina", new_phone="0712345678")
    seen = seen_in(officer.post(path(traded, "/new"), data=told).text)
    wrong = officer.post(path(traded, "/new"), data=told | {"seen": seen, "new_phone": "12"})
    assert wrong.status_code in (409, 422)
    made = officer.post(path(traded, "/new"), data=told | {"seen": seen})
    assert made.status_code == 303, made.text
    assert "Wangari Maina" in officer.get(made.location).text


def test_who_cannot_sign_in_consents_on_paper(hand: As, traded: Trading) -> None:
    with transaction(group_id=traded.cast.group_id):
        number = add_member(display_name="Wangari Maina", by=None).identifier
    where = offered(hand, traded, buyer=number)
    officer = hand(traded.cast.treasurer)
    assert "Record the written consent of Wangari Maina" in officer.get(where).text
    empty = officer.post(f"{where}/paper/buyer", data={"words": ""})
    assert empty.status_code == 422
    assert officer.get(f"{where}/paper/nobody").status_code == 404
    said = officer.post(f"{where}/paper/buyer", data={"words": "Signed on 20 November, blue file"})
    assert said.status_code == 303
    page = officer.get(where).text
    assert "Wangari Maina in writing, recorded by Joseph Otieno" in page
    assert "blue file" in page
    refused = officer.post(f"{where}/approval")
    assert refused.status_code == 409
    assert "Somebody else must approve it: Amina Wanjiru" in refused.text


def test_a_no_ends_it_with_its_reason(hand: As, traded: Trading) -> None:
    where = offered(hand, traded)
    buyer = hand(traded.cast.other_member)
    assert buyer.get(f"{where}/decline").status_code == 200
    assert buyer.post(f"{where}/decline", data={"reason": "Too dear"}).status_code == 303
    assert "Too dear" in hand(traded.cast.member).get(where).text
    second = offered(hand, traded, once="b" * 32)
    assert hand(traded.cast.member).post(f"{second}/withdrawal").status_code == 303
    assert "Withdrawn" in hand(traded.cast.member).get(second).text


def test_an_officer_takes_it_back_or_is_told_what_rests_on_it(hand: As, traded: Trading) -> None:
    where, officer = offered(hand, traded), hand(traded.cast.treasurer)
    assert officer.get(f"{where}/reversal").status_code == 409
    hand(traded.cast.other_member).post(f"{where}/consent")
    hand(traded.cast.leader).post(f"{where}/approval")
    assert officer.get(f"{where}/reversal").status_code == 200
    assert officer.post(f"{where}/reversal", data={"reason": ""}).status_code == 422
    undone = officer.post(f"{where}/reversal", data={"reason": "Wrong", "when": "today", "once": "c" * 32})
    assert undone.status_code == 303
    assert "Reversed" in officer.get(where).text


def test_the_lists_and_the_file(hand: As, traded: Trading) -> None:
    offered(hand, traded)
    officer = hand(traded.cast.treasurer)
    page = officer.get(path(traded, "/all?state=offered")).text
    assert "Daniel Mwangi" in page
    assert "Daniel Mwangi" not in officer.get(path(traded, "/all?state=agreed")).text.split('id="buy_outs"')[1]
    assert officer.get(path(traded, "/all?state=nonsense&member=nonsense")).status_code == 200
    assert '"Daniel Mwangi","Mercy Atieno"' in officer.get(path(traded, "/all.csv")).text
    assert "To answer" in hand(traded.cast.other_member).get(f"/g/{traded.cast.slug}/position").text


def test_who_has_nothing_is_told_so(hand: As, traded: Trading) -> None:
    assert "You have nothing to sell" in hand(traded.cast.secretary).get(path(traded, "/new")).text


def test_the_groups_purchase_is_to_be_paid_by_its_officers(hand: As, traded: Trading) -> None:
    with transaction(group_id=traded.cast.group_id):
        add_cash_account(name="Till", method="petty_cash", by=None)
    where = offered(hand, traded, to="group", buyer="", price="360")
    officer, leader = hand(traded.cast.treasurer), hand(traded.cast.leader)
    assert "Consent for the group" in officer.get(where).text
    assert officer.post(f"{where}/consent").status_code == 303
    assert leader.post(f"{where}/approval").status_code == 303
    page = leader.get(f"/g/{traded.cast.slug}/payouts").text
    assert "Daniel Mwangi" in page
    assert "Buy-out: Daniel Mwangi to The group" in page


def test_a_buy_out_and_the_list_read_at_a_steady_number_of_statements(
    traded: Trading, rolled_back: sa.Connection
) -> None:
    with transaction(group_id=traded.cast.group_id):
        made = traded.agreed(savings=D(1))
        with counted(rolled_back) as few:
            view(made.id), buy_outs_page()
        for amount in (2, 3, 4):
            traded.agreed(units={traded.fund: D(amount)}, savings=D(amount))
        with counted(rolled_back) as more:
            view(made.id), buy_outs_page()
        assert len(more) == len(few) <= 9
