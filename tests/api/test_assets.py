"""Assets as a program meets them: previews, conversion, purchase, sale, taking back, owners and paths."""

import pytest

from app.core.db import transaction
from app.groups.services.policies import new_version
from tests.assets.conftest import NOW, held_clock, make_owning, people
from tests.ledgers.test_statements_counted import counted

__all__ = ["held_clock", "people"]
SAVED = {"leader": "600", "treasurer": "300", "member": "100"}


@pytest.fixture
def owned(people):
    with transaction(group_id=people.group_id):
        return make_owning(people, SAVED)


@pytest.fixture
def asking(program, owned):
    return program(owned.cast.treasurer)


def conversion(owned, price="650.00", **more):
    told = {"name": "Plot", "price": price, "on": "2026-11-02", "cash_account": str(owned.bank)}
    return {**told, "holdings": [{"investment": str(owned.land)}], **more}


def made(asking, owned, **more):
    answer = asking.post("/assets/conversions", json=conversion(owned, **more))
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def sale(owned, proceeds="800.00", **more):
    return {"proceeds": proceeds, "on": "2026-11-16", "cash_account": str(owned.bank), **more}


def test_a_conversion_is_previewed_and_does_what_was_read(asking, owned):
    plan = asking.post("/assets/conversions/preview", json=conversion(owned)).get_json()
    told = [(part["percent"], part["top_up"], part["amount"]) for part in plan["parts"]]
    assert told == [("60.0000", "90.00", "390.00"), ("30.0000", "45.00", "195.00"), ("10.0000", "15.00", "65.00")]
    assert plan["paid"] == "150.00"
    changed = asking.post("/assets/conversions", json=conversion(owned, price="640.00", mark=plan["mark"]))
    assert (changed.status_code, changed.get_json()["code"]) == (409, "asset_plan_changed")
    found = made(asking, owned, mark=plan["mark"])
    assert (found["price"], found["own_percent"], found["own_amount"]) == ("650.00", "30.0000", "195.00")
    assert found["origins"] == [
        {"investment_id": str(owned.land), "investment": "Land fund", "cost": "500.00", "value": "500.00"}
    ]


def test_one_deed_makes_one_asset(asking, owned):
    first = asking.post("/assets/conversions", json=conversion(owned), key="asset-key-1")
    again = asking.post("/assets/conversions", json=conversion(owned), key="asset-key-1")
    assert first.get_json() == again.get_json()
    assert (
        asking.post("/assets/conversions", json=conversion(owned, price="1.00"), key="asset-key-1").status_code == 422
    )
    assert len(asking.get("/assets").get_json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "1.005"}, "price"),
        ({"on": "2026-13-01"}, "on"),
        ({"on": "2026-12-01"}, "on"),
        ({"holdings": []}, "holdings"),
        ({"cash_account": None}, "cash_account"),
        ({"name": ""}, "name"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_fields_are_named(asking, owned, change, field):
    answer = asking.post("/assets/conversions", json=conversion(owned, **change))
    assert answer.status_code == 422, answer.text
    assert [fault["field"] for fault in answer.get_json()["errors"]] == [field]


def test_something_is_bought_or_received_for_nothing(asking, owned):
    told = {"name": "Mill", "price": "250.00", "on": "2026-11-02", "cash_account": str(owned.bank)}
    plan = asking.post("/assets/purchases/preview", json=told).get_json()
    bought = asking.post("/assets/purchases", json=told | {"mark": plan["mark"]}).get_json()
    assert (bought["way"], bought["own_amount"]) == ("bought", "75.00")
    given = asking.post("/assets/purchases", json={"name": "Bees", "price": "0.00", "on": "2026-11-02"})
    assert (given.status_code, given.get_json()["way"]) == (201, "given")


def test_a_sale_is_previewed_made_and_taken_back(asking, owned):
    asset_id = made(asking, owned, price="500.00")["id"]
    plan = asking.post(f"/assets/{asset_id}/sale/preview", json=sale(owned)).get_json()
    assert [part["gain"] for part in plan["parts"]] == ["180.00", "90.00", "30.00"]
    assert {part["gain_to"] for part in plan["parts"]} == {"realised_growth"}
    sold = asking.post(f"/assets/{asset_id}/sale", json=sale(owned, mark=plan["mark"]))
    assert (sold.status_code, sold.get_json()["state"]) == (201, "sold")
    refused = asking.post(f"/assets/{asset_id}/reversal", json={"reason": "Wrong"})
    assert refused.status_code == 409
    assert "its sale on 16 Nov 2026" in refused.get_json()["detail"]
    back = asking.post(f"/assets/sales/{sold.get_json()['sale']['id']}/reversal", json={"reason": "No buyer"})
    assert (back.status_code, back.get_json()["state"]) == (200, "owned")
    gone = asking.post(f"/assets/{asset_id}/reversal", json={"reason": "Wrong", "when": "original"})
    assert (gone.status_code, gone.get_json()["state"]) == (200, "reversed")


def test_owners_are_for_who_may_see_money(asking, owned, program):
    asset_id = made(asking, owned)["id"]
    listed = asking.get(f"/assets/{asset_id}/owners").get_json()["items"]
    assert [row["percent"] for row in listed] == ["60.0000", "30.0000", "10.0000"]
    own = program(owned.cast.member)
    assert own.get(f"/assets/{asset_id}/owners").status_code == 403
    assert own.get(f"/assets/{asset_id}").get_json()["own_percent"] == "10.0000"
    assert program(owned.cast.outsider).get(f"/assets/{asset_id}").status_code == 404


def test_the_path_says_which_payment_went_where(asking, owned, program):
    asset_id = made(asking, owned)["id"]
    own, other = owned.cast.member.member_id, owned.cast.leader.member_id
    path = asking.get(f"/assets/{asset_id}/paths/{other}").get_json()
    assert [leg["amount"] for leg in path["legs"]] == ["300.00", "90.00"]
    assert [(one["cost"], one["value"]) for one in path["conversions"]] == [("300.00", "300.00")]
    assert [(one["percent_now"], one["amount_now"]) for one in path["assets"]] == [("60.0000", "390.00")]
    member = program(owned.cast.member)
    assert member.get(f"/members/{own}/money-path").get_json()["holdings"][0]["cost_left"] == "0.00"
    assert member.get(f"/members/{other}/money-path").status_code == 404


def test_above_the_threshold_it_waits(asking, owned):
    with transaction(group_id=owned.cast.group_id):
        new_version(effective_on=NOW.date(), rules={"approval_threshold": "100"}, by=None)
    answer = asking.post("/assets/conversions", json=conversion(owned))
    assert (answer.status_code, answer.get_json()["waits"]) == (202, True)
    assert asking.get("/assets").get_json()["items"] == []


def test_a_list_costs_the_same_however_long(asking, owned, rolled_back):
    for n in range(3):
        asking.post("/assets/purchases", json={"name": f"Bees {n}", "price": "0.00", "on": "2026-11-02"})
    with counted(rolled_back) as few:
        asking.get("/assets?limit=1")
    with counted(rolled_back) as many:
        asking.get("/assets?limit=3")
    assert len(many) == len(few)
