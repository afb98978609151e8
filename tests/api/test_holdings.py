"""Investments as a program meets them: previewed, recorded, valued, sold, taken back."""

import uuid
from decimal import Decimal

import pytest

from app.core.db import transaction
from tests import factories
from tests.holdings.conftest import TODAY, held_clock, make_investing, shown
from tests.ledgers.test_statements_counted import counted

__all__ = ["held_clock", "shown"]
DAY = TODAY.isoformat()


def buys(shown, **change):
    told = {"name": "Umoja fund", "type": "unit_trust", "on": DAY, "cash_account": str(shown.bank)}
    return told | {"amount": "500.00", "unit_value": "10", "risk": "low"} | change


def sells(shown, **change):
    return {"kind": "sale", "on": DAY, "proceeds": "550.00", "cash_account": str(shown.bank)} | change


def fields_of(answer):
    assert answer.status_code == 422, answer.text
    return [fault["field"] for fault in answer.get_json()["errors"]]


def code_of(answer):
    return answer.status_code, answer.get_json()["code"]


@pytest.fixture
def asking(program, shown):
    return program(shown.cast.treasurer)


@pytest.fixture
def bought(asking, shown):
    answer = asking.post("/investments", buys(shown))
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def test_an_investment_is_previewed_recorded_once_and_shown(asking, program, shown):
    seen = asking.post("/investments/preview", buys(shown)).get_json()
    assert [(part["amount"], part["units"], part["left"]) for part in seen["portions"]] == [
        ("300.00", "30.0000", "300.00"),
        ("150.00", "15.0000", "150.00"),
        ("50.00", "5.0000", "50.00"),
    ]
    told = buys(shown, broker="CIC", account="ACC-77", notes="Roll over")
    first = asking.post("/investments", told, key="invest-0001")
    assert first.status_code == 201, first.text
    found = first.get_json()
    assert (found["status"], found["cost"], found["account"]) == ("active", "500.00", "ACC-77")
    assert asking.post("/investments", told, key="invest-0001").get_json()["id"] == found["id"]
    assert code_of(asking.post("/investments", buys(shown, amount="1.00"), key="invest-0001"))[0] == 422
    assert len(asking.get("/investments").get_json()["items"]) == 1
    mine = program(shown.cast.member).get(f"/investments/{found['id']}").get_json()
    assert (mine["own_part"]["units"], mine["account"], mine["notes"], mine["entry"]) == ("5.0000", None, None, None)


def test_what_is_wrong_is_said_beside_its_field(asking, shown):
    for change, field in (
        ({"amount": "1.001"}, "amount"),
        ({"unit_value": "0"}, "unit_value"),
        ({"unit_value": "ten"}, "unit_value"),
        ({"unit_value": None}, "unit_value"),
        ({"amount": None}, "amount"),
        ({"type": "gold"}, "type"),
        ({"on": "2026-11-22"}, "on"),
        ({"more": "x"}, "more"),
    ):
        assert field in fields_of(asking.post("/investments", buys(shown, **change)))
    assert code_of(asking.post("/investments", buys(shown, amount="1001.00"))) == (409, "beyond_eligible")


def test_above_the_threshold_it_waits(program, context):
    shown = make_investing(factories.cast(approval_threshold="100"))
    answer = program(shown.cast.treasurer).post("/investments", buys(shown))
    assert answer.status_code == 202
    assert answer.get_json()["waits"] is True


def test_a_value_income_a_state_and_a_sale(asking, shown, bought):
    path = f"/investments/{bought['id']}"
    valued = asking.post(f"{path}/valuations", {"on": DAY, "unit_value": "11", "evidence": "Statement"}).get_json()
    assert (valued["worth"], valued["growth"], valued["roi"]) == ("550.00", "50.00", "10.00")
    earned = asking.post(f"{path}/income", {"on": DAY, "amount": "20.00", "cash_account": str(shown.bank)}).get_json()
    assert earned["income"] == "20.00"
    assert asking.post(f"{path}/state", {"state": "suspended", "reason": "x"}).get_json()["status"] == "suspended"
    assert code_of(asking.post(f"{path}/sales", sells(shown))) == (409, "investment_suspended")
    asking.post(f"{path}/state", {"state": "active", "reason": "x"})
    seen = asking.post(f"{path}/sales/preview", sells(shown)).get_json()
    assert (seen["gain"], [part["gain"] for part in seen["parts"]]) == ("50.00", ["30.00", "15.00", "5.00"])
    assert fields_of(asking.post(f"{path}/sales", sells(shown, units="x"))) == ["units"]
    sold = asking.post(f"{path}/sales", sells(shown))
    assert sold.status_code == 201, sold.text
    assert [part["growth"] for part in sold.get_json()["parts"]] == ["30.00", "15.00", "5.00"]
    assert asking.get(f"/investment-sales/{sold.get_json()['id']}").get_json()["gain"] == "50.00"
    assert asking.get(path).get_json()["status"] == "sold"


def test_each_is_taken_back_where_nothing_rests_on_it(asking, shown, bought):
    path = f"/investments/{bought['id']}"
    asking.post(f"{path}/valuations", {"on": DAY, "value": "600.00", "evidence": "Statement"})
    asking.post(f"{path}/income", {"on": DAY, "amount": "20.00", "cash_account": str(shown.bank)})
    sale = asking.post(f"{path}/sales", sells(shown)).get_json()
    why = {"reason": "typo"}
    assert code_of(asking.post(f"{path}/reversal", why)) == (409, "rests_on_it")
    whole = asking.get(path).get_json()
    for place in (
        f"/investment-sales/{sale['id']}",
        f"/valuations/{whole['valuations'][0]['id']}",
        f"/investment-income/{whole['incomes'][0]['id']}",
        path,
    ):
        assert asking.post(f"{place}/reversal", why).status_code == 200, place
    assert asking.get(path).get_json()["status"] == "reversed"
    assert code_of(asking.post(f"{path}/reversal", why)) == (409, "holding_taken_back")


def test_who_sees_what(asking, program, shown, bought):
    path, member = f"/investments/{bought['id']}", program(shown.cast.member)
    assert [row["units"] for row in asking.get(f"{path}/holders").get_json()["items"]] == [
        "30.0000",
        "15.0000",
        "5.0000",
    ]
    assert asking.get(f"{path}/holders.csv").status_code == 200
    assert asking.get("/investments.csv").status_code == 200
    assert member.get(f"{path}/holders").status_code == 403
    own = member.get(f"/members/{shown.cast.member.member_id}/holdings").get_json()["items"]
    assert [(row["cost"], row["worth"]) for row in own] == [("50.00", "50.00")]
    assert member.get(f"/members/{shown.cast.leader.member_id}/holdings").status_code == 404
    outsider = program(shown.cast.outsider)
    assert outsider.get(path).status_code == 404
    assert outsider.post(f"{path}/sales", sells(shown)).status_code == 404
    assert asking.get(f"/investments/{uuid.uuid4()}").status_code == 404


def test_terms_are_versions(program, shown):
    leader = program(shown.cast.leader)
    assert leader.get("/investments/terms").get_json()["items"][0]["months"] == 3
    told = {"gains": "surplus", "months": None, "effective_on": DAY}
    assert leader.post("/investments/terms", told).status_code == 201
    assert leader.get("/investments/terms").get_json()["items"][0]["gains"] == "surplus"
    assert fields_of(leader.post("/investments/terms", told | {"months": 37})) == ["months"]


def test_lists_ask_the_database_a_fixed_number_of_times(asking, shown, rolled_back):
    def asked(path):
        with counted(rolled_back) as seen:
            asking.get(path)
        return len(seen)

    def invest():
        with transaction(group_id=shown.cast.group_id):
            shown.invest(10, unit_value=Decimal(1))

    invest()
    paths = ["/investments", f"/members/{shown.cast.member.member_id}/holdings"]
    few = [asked(path) for path in paths]
    for _more in range(4):
        invest()
    assert [asked(path) for path in paths] == few
