"""The page of an offer: read before it is made, refused beside the field, for officers and newcomers."""

from tests.buyouts.conftest import Trading
from tests.buyouts.hand import As
from tests.buyouts.pages import form_of, number_of, path, seen_in


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


def test_who_has_nothing_is_told_so(hand: As, traded: Trading) -> None:
    assert "You have nothing to sell" in hand(traded.cast.secretary).get(path(traded, "/new")).text
