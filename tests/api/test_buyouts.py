"""Buy-outs as a program meets them: preview, offer, consent, approval, reversal; who may, and what is refused."""

import uuid

import pytest

from tests import factories
from tests.buyouts.conftest import held_clock, make_trading
from tests.ledgers.test_statements_counted import counted

__all__ = ["held_clock"]


@pytest.fixture
def trading(context, held_clock):
    """Of a fund 30, 15 and 5 units, of a plot 60, 30 and 10 per cent."""
    return make_trading(factories.cast())


@pytest.fixture
def seller(program, trading):
    return program(trading.cast.member)


def told(trading, **change):
    """Everything the member has, to the other member for 330."""
    cast = trading.cast
    body = {"seller": str(cast.member.member_id), "buyer": str(cast.other_member.member_id), "whole": True}
    return body | {"price": "330.00"} | change


def offered(trading, seller, **change):
    answer = seller.post("/buy-outs", told(trading, **change))
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def test_all_the_seller_has_is_told_to_them_and_the_treasurer_and_not_to_who_buys(program, trading, seller):
    parts = {"holdings": [{"investment_id": str(trading.fund), "units": "10.5"}]}
    parts["assets"] = [{"asset_id": str(trading.plot), "percent": "15"}]
    made = offered(trading, seller, whole=False, **parts)
    where = f"/buy-outs/{made['id']}"
    for found in (made, seller.get(where).get_json(), program(trading.cast.treasurer).get(where).get_json()):
        assert (found["position_value"], found["held"]["total"]) == ("600.00", "600.00")
        assert [part["held"] for part in found["parts"]] == ["30", "60"]
    buyer = program(trading.cast.other_member)
    for found in (buyer.get(where).get_json(), buyer.post(f"{where}/consent").get_json()):
        assert (found["position_value"], found["held"]) == (None, None)
        assert [(part["quantity"], part["held"]) for part in found["parts"]] == [("10.5", None), ("15", None)]
        assert (found["nominal_value"], found["sold"]["total"]) == ("120.00", "120.00")


def code_of(answer):
    return answer.status_code, answer.get_json()["code"]


def fields_of(answer):
    assert answer.status_code == 422, answer.text
    return [fault["field"] for fault in answer.get_json()["errors"]]


def test_a_preview_tells_the_value_with_its_inputs_and_keeps_nothing(trading, seller):
    seen = seller.post("/buy-outs/preview", told(trading)).get_json()
    assert seen["formula"] == "nominal-1"
    assert [(part["kind"], part["quantity"], part["amount"]) for part in seen["parts"]] == [
        ("holding", "30", "300.00"),
        ("asset", "60", "60.00"),
    ]
    assert seen["sold"]["total"] == "360.00"
    assert seen["held"] == {
        "savings": "240.00",
        "holdings": "300.00",
        "contributions": "540.00",
        "growth": "0.00",
        "assets": [{"asset_id": str(trading.plot), "percent": "60", "recorded": "100.00", "value": "60.00"}],
        "total": "600.00",
    }
    assert seller.get(f"/members/{trading.cast.member.member_id}/buy-outs").get_json()["items"] == []


def test_from_offer_to_effect_and_back(trading, seller, program):
    made = offered(trading, seller, reference="M-Pesa QX1")
    where, officer = f"/buy-outs/{made['id']}", program(trading.cast.leader)
    assert made["standing"] == "offered"
    assert [(said["state"], said["side"]) for said in made["said"]] == [("offered", None), ("consented", "seller")]
    assert code_of(officer.post(f"{where}/approval")) == (409, "consents_missing")
    assert program(trading.cast.other_member).post(f"{where}/consent").get_json()["standing"] == "agreed"
    shown = officer.get(f"{where}/proposal").get_json()
    assert shown["against"] is None
    assert len(shown["sentences"]) == 3
    done = officer.post(f"{where}/approval")
    assert (done.status_code, done.get_json()["standing"]) == (201, "effective")
    assert done.get_json()["reference"] == "M-Pesa QX1"
    assert isinstance(done.get_json()["entry"], int)
    assert code_of(officer.post(f"{where}/approval")) == (409, "buy_out_ended")
    undone = officer.post(f"{where}/reversal", {"reason": "Wrong price"})
    assert (undone.status_code, undone.get_json()["standing"]) == (200, "reversed")
    assert code_of(officer.post(f"{where}/reversal", {"reason": "Again"})) == (409, "buy_out_reversed")


def test_parts_savings_and_the_group_as_the_buyer(trading, seller, program):
    parts = {
        "whole": False,
        "buyer": None,
        "to_group": True,
        "holdings": [{"investment_id": str(trading.fund), "units": "7.5"}],
        "assets": [{"asset_id": str(trading.plot), "percent": "10"}],
        "savings": "15.00",
    }
    made = offered(trading, seller, **parts)
    assert [part["amount"] for part in made["parts"]] == ["75.00", "10.00", "15.00"]
    assert (made["buyer_id"], made["buyer"]) == (None, "The group")
    where = f"/buy-outs/{made['id']}"
    assert program(trading.cast.treasurer).post(f"{where}/consent").get_json()["standing"] == "agreed"
    assert code_of(program(trading.cast.treasurer).post(f"{where}/approval")) == (409, "own_hand")
    assert program(trading.cast.leader).post(f"{where}/approval").status_code == 201


def test_a_newcomer_and_a_consent_on_paper(trading, program):
    officer, new = program(trading.cast.treasurer), {"name": "Wangari Maina", "phone": "0712345678"}
    made = offered(trading, officer, buyer=None, newcomer=new)
    assert made["buyer"] == "Wangari Maina"
    where = f"/buy-outs/{made['id']}"
    said = officer.post(f"{where}/written-consents", {"side": "buyer", "words": "Blue file"}).get_json()["said"][-1]
    assert (said["written"], said["words"]) == (True, "Blue file")
    refused = officer.post(f"{where}/written-consents", {"side": "seller", "words": "Blue file"})
    assert code_of(refused) == (409, "consents_themselves")


def test_an_end_that_is_no_approval(trading, seller, program):
    made = offered(trading, seller)
    no = program(trading.cast.other_member).post(f"/buy-outs/{made['id']}/decline", {"reason": "Too dear"})
    assert (no.get_json()["standing"], no.get_json()["said"][-1]["words"]) == ("declined", "Too dear")
    second = offered(trading, seller)
    assert seller.post(f"/buy-outs/{second['id']}/withdrawal").get_json()["standing"] == "withdrawn"


WRONG: list[tuple[dict[str, object], str]] = [
    ({"price": "330.001"}, "price"),
    ({"price": "-1"}, "price"),
    ({"price": 330}, "price"),
    ({"seller": "me"}, "seller"),
    ({"whole": "yes"}, "whole"),
    ({"colour": "red"}, "colour"),
    ({"buyer": None}, "buyer"),
    ({"to_group": True}, "buyer"),
    ({"buyer": str(uuid.UUID(int=1))}, "buyer"),
    ({"whole": False}, "whole"),
    ({"whole": False, "savings": "0"}, "savings"),
    ({"whole": False, "savings": "1000"}, "savings"),
    ({"growth": True}, "growth"),
    ({"newcomer": {"name": "A"}}, "buyer"),
    ({"whole": False, "holdings": [{"investment_id": str(uuid.UUID(int=1)), "units": "1"}]}, "holdings"),
]


def test_wrong_bodies_are_told_by_field(trading, seller):
    for change, field in WRONG:
        answer = seller.post("/buy-outs", told(trading, **change))
        assert answer.status_code == 422, (change, answer.text)
        found = answer.get_json()
        named = [fault["field"] for fault in found.get("errors", ())] or [found.get("field")]
        assert named[0] == field, (change, found)
    for units in ("0", "-1", "1e3", "NaN", "1.00001", 1, "9" * 30):
        parts = [{"investment_id": str(trading.fund), "units": units}]
        assert fields_of(seller.post("/buy-outs", told(trading, whole=False, holdings=parts))) == ["holdings.0.units"]


def test_who_may_and_who_does_not_know(trading, seller, program):
    made, cast = offered(trading, seller), trading.cast
    where = f"/buy-outs/{made['id']}"
    for somebody in (cast.secretary, cast.outsider):
        assert program(somebody).get(where).status_code == 404
        assert program(somebody).post(f"{where}/consent").status_code == 404
        assert program(somebody).post(f"{where}/decline", {}).status_code == 404
    assert program(cast.auditor).get(where).status_code == 200
    assert seller.get("/buy-outs").status_code == 403
    assert seller.post(f"{where}/approval").status_code == 403
    assert code_of(program(cast.other_member).post("/buy-outs", told(trading))) == (403, "not_your_offer")
    assert program(cast.secretary).get(f"/members/{cast.member.member_id}/buy-outs").status_code == 404


def test_one_key_is_one_offer(trading, seller):
    first = seller.post("/buy-outs", told(trading), key="offer-0001")
    again = seller.post("/buy-outs", told(trading), key="offer-0001")
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert seller.post("/buy-outs", told(trading, price="1.00"), key="offer-0001").status_code == 422
    assert len(seller.get(f"/members/{trading.cast.member.member_id}/buy-outs").get_json()["items"]) == 1


def test_the_list_by_standing_and_as_a_file(trading, seller, program, rolled_back):
    officer = program(trading.cast.treasurer)
    offered(trading, seller)
    officer.get("/buy-outs?state=offered")
    with counted(rolled_back) as few:
        assert len(officer.get("/buy-outs?state=offered").get_json()["items"]) == 1
    for _number in range(4):
        offered(trading, seller)
    with counted(rolled_back) as more:
        assert len(officer.get("/buy-outs?state=offered").get_json()["items"]) == 5
    assert len(more) <= len(few)
    assert officer.get("/buy-outs?state=effective").get_json()["items"] == []
    assert fields_of(officer.get("/buy-outs?state=nonsense")) == ["state"]
    assert '"Daniel Mwangi","Mercy Atieno"' in officer.get("/buy-outs.csv").text
