"""Paying members as a program meets it."""

import uuid

import pytest

from app.payouts import queries
from tests import factories
from tests.payouts.conftest import D, held_clock, make_owing, owing

__all__ = ["held_clock", "owing"]


@pytest.fixture
def asking(program, owing):
    return program(owing.cast.treasurer)


def pays(owing, *parts, **change):
    told = {
        "payments": [{"payable": str(one), **({"amount": much} if much else {})} for one, much in parts],
        "cash_account": str(owing.till),
        "method": "bank_transfer",
        "reference": "T-1",
        "on": "2026-11-21",
    }
    return told | change


def items(answer):
    assert answer.status_code in (200, 201), answer.text
    return answer.get_json()["items"]


def test_what_is_owed_is_listed_and_paid(owing, asking):
    debt, other = owing.owe("400"), owing.owe("70", owing.cast.other_member)
    listed = items(asking.get("/payables"))
    assert [(one["member"], one["amount"], one["open"], one["owed_on"]) for one in listed] == [
        ("Daniel Mwangi", "400.00", "400.00", "2026-11-01"),
        ("Mercy Atieno", "70.00", "70.00", "2026-11-01"),
    ]
    body = pays(owing, (debt, "150.00"), (other, None))
    plan = asking.post("/member-payments/preview", body).get_json()
    assert plan["refused"] is None
    assert any("2 payments" in sentence for sentence in plan["sentences"])
    made = items(asking.post("/member-payments", body))
    assert {one["member"]: one["amount"] for one in made} == {"Daniel Mwangi": "150.00", "Mercy Atieno": "70.00"}
    assert [one["open"] for one in items(asking.get("/payables"))] == ["250.00"]
    assert len(items(asking.get("/member-payments"))) == 2
    assert asking.get("/payables.csv").headers["Content-Type"].startswith("text/csv")
    assert asking.get("/member-payments.csv").status_code == 200


def test_the_same_key_pays_once(owing, asking):
    debt = owing.owe("400")
    body = pays(owing, (debt, "100.00"))
    first, second = (asking.post("/member-payments", body, key="k-000001") for _ in range(2))
    assert first.get_json() == second.get_json()
    assert queries.owed_in_all() == (1, D(300))
    other = asking.post("/member-payments", pays(owing, (debt, "101.00")), key="k-000001")
    assert other.status_code == 422


def test_a_payment_is_read_and_taken_back(owing, asking, program):
    debt = owing.owe("400")
    made = items(asking.post("/member-payments", pays(owing, (debt, None))))[0]
    whole = asking.get(f"/member-payments/{made['id']}").get_json()
    assert [(part["payable_id"], part["amount"]) for part in whole["parts"]] == [(str(debt), "400.00")]
    assert program(owing.cast.member).get(f"/member-payments/{made['id']}").status_code == 200
    assert program(owing.cast.other_member).get(f"/member-payments/{made['id']}").status_code == 404
    undone = asking.post(f"/member-payments/{made['id']}/reversal", {"reason": "It came back."}).get_json()
    assert (undone["reversed"], undone["undone"]["reason"]) == (True, "It came back.")
    again = asking.post(f"/member-payments/{made['id']}/reversal", {"reason": "It came back."})
    assert (again.status_code, again.get_json()["code"]) == (409, "payment_taken_back")


def test_refusals_name_their_field(owing, asking):
    debt = owing.owe("400")
    over = asking.post("/member-payments", pays(owing, (debt, "401.00")))
    assert (over.status_code, over.get_json()["code"]) == (409, "more_than_owed")
    early = asking.post("/member-payments", pays(owing, (debt, None), on="2026-10-01"))
    assert (early.status_code, early.get_json()["errors"][0]["field"]) == (422, "on")
    unknown = asking.post("/member-payments", pays(owing, (uuid.uuid4(), None)))
    assert unknown.status_code == 404
    wrong = asking.post("/member-payments", pays(owing, method="barter"))
    assert {fault["field"] for fault in wrong.get_json()["errors"]} == {"method", "payments"}


def test_members_read_their_own(owing, program):
    owing.owe("400")
    mine, who = program(owing.cast.member), owing.cast.member.member_id
    assert [one["open"] for one in items(mine.get(f"/members/{who}/payables"))] == ["400.00"]
    assert items(mine.get(f"/members/{who}/member-payments")) == []
    assert program(owing.cast.other_member).get(f"/members/{who}/payables").status_code == 404
    assert mine.get("/payables").status_code == 403


def test_above_the_threshold_it_waits(program, context, held_clock):
    owing = make_owing(factories.cast(approval_threshold="300"))
    answer = program(owing.cast.treasurer).post("/member-payments", pays(owing, (owing.owe("400"), None)))
    assert (answer.status_code, answer.get_json()["waits"]) == (202, True)
