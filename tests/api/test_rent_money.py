"""Money of clients and owners as a program meets it."""

import uuid

import pytest

from app.receipts.deposits import Move
from tests.owners.conftest import march, money
from tests.receipts.world import JANUARY

__all__ = ["march", "money"]


@pytest.fixture
def asking(money, program):
    return program(money.cast.treasurer)


@pytest.fixture
def flat(money):
    made = money.simple(rent="1000", shares=("60", "40"))
    money.issues(JANUARY)
    return made


def items(answer):
    assert answer.status_code in (200, 201), answer.text
    return answer.get_json()["items"]


def paid_by(money, client, amount, **change):
    told = {"client": str(client), "amount": amount, "cash_account": str(money.till), "method": "cash"}
    return told | {"on": "2026-03-10", "reference": "T-1"} | change


def test_a_payment_is_foreseen_taken_read_and_taken_back(money, flat, asking):
    body = paid_by(money, flat.client, "1100.00")
    plan = asking.post("/client-payments/preview", body).get_json()
    assert plan["refused"] is None
    assert len(plan["sentences"]) == 4
    made = asking.post("/client-payments", body).get_json()
    assert (made["kept"], [part["amount"] for part in made["parts"]]) == ("100.00", ["600.00", "400.00"])
    assert asking.get(f"/client-payments/{made['id']}").get_json()["reference"] == "T-1"
    assert [one["amount"] for one in items(asking.get("/client-payments"))] == ["1100.00"]
    assert len(items(asking.get(f"/parties/{flat.client}/client-payments"))) == 1
    assert items(asking.get(f"/parties/{flat.client}/open-receipts")) == []
    undone = asking.post(f"/client-payments/{made['id']}/reversal", {"reason": "It bounced."}).get_json()
    assert (undone["reversed"], undone["undone"]["reason"], undone["parts"]) == (True, "It bounced.", [])
    (owing,) = items(asking.get("/rent-outstanding"))
    assert (owing["total"], owing["days_90"], owing["receipts"]) == ("1000.00", "1000.00", 2)
    for path in ("/client-payments.csv", "/rent-outstanding.csv"):
        assert asking.get(path).headers["Content-Type"].startswith("text/csv")


def test_the_same_key_pays_once_and_refusals_name_their_field(money, flat, asking):
    body = paid_by(money, flat.client, "10.00")
    first, second = (asking.post("/client-payments", body, key="k-000001") for _ in range(2))
    assert first.get_json() == second.get_json()
    assert asking.post("/client-payments", body | {"amount": "11.00"}, key="k-000001").status_code == 422
    future = asking.post("/client-payments", body | {"on": "2027-01-01"})
    assert (future.status_code, future.get_json()["errors"][0]["field"]) == (422, "on")
    assert asking.post("/client-payments", body | {"client": str(uuid.uuid4())}).status_code == 404
    wrong = asking.post("/client-payments", body | {"method": "barter", "amount": "1.234"})
    assert {fault["field"] for fault in wrong.get_json()["errors"]} == {"method", "amount"}


def test_a_deposit_is_moved(money, flat, asking):
    path = f"/leases/{flat.lease}/deposit-movements"
    cash = {"kind": "in", "amount": "300.00", "on": "2026-03-10", "cash_account": str(money.till), "method": "cash"}
    assert asking.post(path + "/preview", cash).get_json()["refused"] is None
    assert asking.post(path, cash).status_code == 201
    kept = {"kind": "rent", "amount": "50.00", "on": "2026-03-10"}
    refused = asking.post(path, kept)
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "reason")
    made = asking.post(path, kept | {"reason": "He moved out."}).get_json()
    assert ([part["amount"] for part in made["parts"]], made["reason"]) == (["30.00", "20.00"], "He moved out.")
    assert asking.get(f"/leases/{flat.lease}/deposit").get_json()["held"] == "250.00"
    assert [one["kind"] for one in items(asking.get(path))] == ["rent", "in"]
    assert len(items(asking.get("/deposits"))) == 1
    undone = asking.post(f"/deposit-movements/{made['id']}/reversal", {"reason": "He stays."}).get_json()
    assert undone["reversed"]
    assert asking.get(f"/deposit-movements/{made['id']}").get_json()["parts"] == []


def test_credit_is_read_and_paid_back(money, flat, asking):
    money.pays(flat.client, "1300")
    assert [one["credit"] for one in items(asking.get("/credits"))] == ["300.00"]
    assert asking.get("/credits.csv").status_code == 200
    path = f"/parties/{flat.client}/credit-refunds"
    body = {"amount": "120.00", "cash_account": str(money.till), "method": "cash", "on": "2026-03-10"}
    assert asking.post(path + "/preview", body).get_json()["refused"] is None
    over = asking.post(path, body | {"amount": "300.01"})
    assert (over.status_code, over.get_json()["code"]) == (409, "more_than_credit")
    made = asking.post(path, body).get_json()
    assert [one["amount"] for one in items(asking.get("/credit-refunds"))] == ["120.00"]
    moves = items(asking.get(f"/parties/{flat.client}/credit-movements"))
    assert [(one["amount"], one["credit"]) for one in moves] == [("-120.00", "180.00"), ("300.00", "300.00")]
    undone = asking.post(f"/credit-refunds/{made['id']}/reversal", {"reason": "It came back."}).get_json()
    assert undone["undone"]["reason"] == "It came back."
    assert asking.get(f"/credit-refunds/{made['id']}").get_json()["reversed"]


def test_owners_are_paid_in_one_run(money, flat, asking):
    money.pays(flat.client, "500")
    assert [one["amount"] for one in items(asking.get("/owners/due"))] == ["300.00", "200.00"]
    body = {"cash_account": str(money.till), "method": "cash", "on": "2026-03-10"}
    assert asking.post("/owner-payouts/preview", body).get_json()["refused"] is None
    first, second = (asking.post("/owner-payouts", body, key="k-000002") for _ in range(2))
    assert first.get_json() == second.get_json()
    run = first.get_json()
    assert (run["total"], len(run["payouts"])) == ("500.00", 2)
    assert asking.get(f"/owner-payout-runs/{run['id']}").get_json()["total"] == "500.00"
    payout = run["payouts"][0]["id"]
    assert [one["amount"] for one in asking.get(f"/owner-payouts/{payout}").get_json()["parts"]] == ["300.00"]
    nothing = asking.post("/owner-payouts", body | {"owners": [str(flat.owners[0])]})
    assert (nothing.status_code, nothing.get_json()["code"]) == (409, "nothing_to_pay_out")
    assert asking.post(f"/owner-payouts/{payout}/reversal", {"reason": "Closed."}).get_json()["reversed"]
    assert len(items(asking.get("/owner-payouts"))) == 2
    for path in ("/owners/due.csv", "/owner-payouts.csv", "/owner-years/2026.csv"):
        assert asking.get(path).status_code == 200


def test_a_year_is_read(money, flat, asking, program):
    money.pays(flat.client, "500")
    owner = flat.owners[0]
    assert [one["gross"] for one in items(asking.get("/owner-years/2026"))] == ["600.00", "400.00"]
    year = asking.get(f"/parties/{owner}/owner-years/2026").get_json()
    assert (year["gross"], year["received"], year["tax"]["due"]) == ("600.00", "300.00", "0.00")
    assert asking.get(f"/parties/{owner}/owner-standing").get_json()["due"] == "300.00"
    assert len(items(asking.get(f"/parties/{owner}/owner-payouts"))) == 0
    assert asking.get(f"/parties/{owner}/owner-years/2026.pdf").data.startswith(b"%PDF")
    assert asking.get(f"/parties/{owner}/owner-years/2026.xlsx").status_code == 200
    assert asking.get(f"/parties/{owner}/owner-years/1").status_code == 404
    other = program(money.cast.member)
    for path in (f"/parties/{owner}/owner-years/2026", f"/parties/{flat.client}/open-receipts"):
        assert other.get(path).status_code == 404
    assert other.get("/rent-outstanding").status_code == 403
    money.moves(flat.lease, Move.IN, "10")
    assert other.get(f"/leases/{flat.lease}/deposit").status_code == 404
