"""Payments as a program meets them: tried, recorded together and once, taken back, put right, and money that waits."""

import uuid
from datetime import date

import pytest

from app.savings.rules import OverRule
from tests import factories
from tests.api.answers import code_of, fields_of, items
from tests.api.paying import LATE, PAID, asking, entries_of, late, pays, penalty_of
from tests.savings.conftest import TERMS, held_clock, make_saving, saving

__all__ = ["asking", "held_clock", "late", "saving"]


@pytest.fixture
def watched(context, held_clock):
    """A group that saves at most 6,000 a window, and in which movements above 6,000 wait for a second person."""
    terms = {**TERMS, "maximum": "6000", "over_rule": str(OverRule.SPREAD)}
    return make_saving(factories.cast(savings=terms, approval_threshold="6000"))


def test_payments_are_recorded_together_once(asking, saving):
    body = {"payments": [pays(saving), pays(saving, "250.00", saving.cast.leader, reference="R 7")]}
    made = [asking.post("/payments", body, key="together-1") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201], made[0].text
    assert made[0].get_json() == made[1].get_json()
    assert made[1].headers["Idempotent-Replay"] == "true"
    assert [(row["amount"], row["saved"], row["windows"], row["reference"]) for row in items(made[0])] == [
        ("5000.00", "5000.00", ["2026-11"], None),
        ("250.00", "250.00", ["2026-11"], "R 7"),
    ]
    assert entries_of(saving) == 2
    assert len(items(asking.get("/payments"))) == len(items(asking.get("/payments?limit=2"))) == 2
    other = asking.post("/payments", {"payments": [pays(saving)]}, key="together-1")
    assert code_of(other) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": 5000}, "amount"),
        ({"paid_on": "2026-12-24"}, "paid_on"),
        ({"paid_on": "1999-12-31"}, "paid_on"),
        ({"method": "gold"}, "method"),
        ({"reference": "x" * 101}, "reference"),
        ({"member": str(uuid.uuid4())}, "member"),
        ({"type": "gift"}, "type"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_one_wrong_payment_is_named_and_none_is_recorded(asking, saving, change, field):
    body = {"payments": [pays(saving), pays(saving, **change)]}
    for path in ("/payments", "/payments/preview"):
        assert fields_of(asking.post(path, body)) == [f"payments.1.{field}"]
    assert entries_of(saving) == 0


def test_what_is_not_there_is_not_found_and_nothing_is_nothing(asking, saving):
    assert code_of(asking.post("/payments", {})) == (422, "nothing_typed")
    for change, field in ((("cash_account"), "cash_account"), ("window", "window")):
        answer = asking.post("/payments", {"payments": [pays(saving, **{change: str(uuid.uuid4())})]})
        assert answer.status_code == 404
        assert answer.get_json()["errors"][0]["field"].startswith("payments.0"), field
    assert entries_of(saving) == 0


def test_what_would_become_of_payments_is_told_and_nothing_is_written(asking, saving):
    before = items(asking.get("/windows"))
    body = {"payments": [pays(saving, paid_on=LATE, window=str(saving.windows["2026-09"])), pays(saving, paid_on=LATE)]}
    late, on_time = items(asking.post("/payments/preview", body))
    assert (late["parts"][0]["window"], late["parts"][0]["days_late"]) == ("2026-09", 5)
    assert late["fee"] == {"amount": "250.00", "window": "2026-09"}
    assert (on_time["fee"], on_time["parts"][0]["window"]) == (None, "2026-10")
    assert "250" in "".join(late["sentences"])
    assert items(asking.get("/windows")) == before
    assert entries_of(saving) == 0


def test_savings_and_the_fee_that_comes_with_them_are_paid_together(asking, saving):
    late = pays(saving, paid_on=LATE, window=str(saving.windows["2026-09"]))
    fee = pays(saving, "250.00", paid_on=LATE)
    made = items(asking.post("/payments", {"payments": [late], "for_penalties": [fee]}))
    assert [row["saved"] for row in made] == ["5000.00", "0.00"]
    assert (penalty_of(asking)["state"], penalty_of(asking)["paid"]) == ("paid", "250.00")
    more = asking.post("/payments", {"for_penalties": [fee]})
    assert code_of(more) == (409, "penalty_not_open")
    assert more.get_json()["errors"][0]["field"] == "for_penalties.0"


def test_above_the_threshold_payments_wait_for_a_second_person(program, watched):
    asking, second = program(watched.cast.treasurer), program(watched.cast.leader)
    told = asking.post("/payments", {"payments": [pays(watched, "7000.00"), pays(watched)]}, key="threshold-1")
    assert (told.status_code, told.get_json()["waits"], entries_of(watched)) == (202, True, 0)
    approved = second.post(f"/approvals/{told.get_json()['approval_id']}/approval", {})
    assert approved.status_code == 200, approved.text
    rows = items(asking.get("/payments"))
    assert sorted(row["amount"] for row in rows) == ["5000.00", "7000.00"]
    body = {"reason": "Twice", "when": "today"}
    waits = asking.post(f"/payments/{max(rows, key=lambda row: row['amount'])['id']}/reversal", body)
    assert waits.status_code == 202


def test_a_payment_is_shown_whole_to_its_member_and_to_officers(program, saving, late):
    for person, status in (("member", 200), ("treasurer", 200), ("leader", 200), ("outsider", 404)):
        assert program(saving.cast.people[person]).get(f"/payments/{late}").status_code == status, person
    told = program(saving.cast.member).get(f"/payments/{late}").get_json()
    assert [(part["window"], part["days_late"]) for part in told["contributions"]] == [("2026-09", 5)]
    assert [(part["amount"], part["state"]) for part in told["penalties"]] == [("250.00", "levied")]
    assert (told["cash_account"], told["entries"], told["undone"]) == ("Till", [1, 2], None)
    other = saving.pay("5000", date(2026, 11, 4), saving.cast.leader)
    assert program(saving.cast.member).get(f"/payments/{other}").status_code == 404


def test_a_payment_is_taken_back_and_put_right(asking, saving, late):
    right = pays(saving, paid_on="2026-10-06", reason="Wrong day", window=str(saving.windows["2026-09"]))
    plan = asking.post(f"/payments/{late}/replacement/preview", right)
    assert plan.get_json()["fee"]["amount"] == "250.00", plan.text
    made = [asking.post(f"/payments/{late}/replacement", right, key="replaced-1").get_json() for _ in range(2)]
    assert made[0] == made[1]
    assert made[0]["replaces"] == late
    before = asking.get(f"/payments/{late}").get_json()
    assert (before["undone"]["reason"], before["undone"]["replaced_by"]) == ("Wrong day", made[0]["id"])
    assert code_of(asking.post(f"/payments/{late}/reversal", {"reason": "Again"})) == (409, "already_taken_back")
    undone = asking.post(f"/payments/{made[0]['id']}/reversal", {"reason": "Not ours", "when": "original"}).get_json()
    assert (undone["reversed"], undone["undone"]["reason"], len(undone["reversing"])) == (True, "Not ours", 2)
    assert fields_of(asking.post(f"/payments/{late}/reversal", {"reason": " "})) == ["reason"]
    assert asking.post(f"/payments/{uuid.uuid4()}/replacement", right).status_code == 404


def test_money_that_waits_is_given_back_or_made_a_payment(program, context, held_clock):
    saving = make_saving(factories.cast(savings={**TERMS, "frequency": "flexible"}))
    asking, leader = program(saving.cast.treasurer), program(saving.cast.leader)
    asking.post("/payments", {"payments": [pays(saving, "100.00"), pays(saving, "200.00")]})
    first, second = items(asking.get("/held-receipts"))
    assert (first["kept"], {first["amount"], second["amount"]}) == ("no_window", {"100.00", "200.00"})
    path = f"/held-receipts/{first['id']}"
    assert code_of(asking.post(f"{path}/allocation/preview", {})) == (409, "still_held")
    leader.post("/windows", {"name": "N", "start": "2026-11-01", "end": "2026-11-30", "expected": "100.00"})
    assert asking.post(f"{path}/allocation/preview", {}).get_json()["parts"][0]["window"] == "N"
    made = [asking.post(f"{path}/allocation", {}, key="allocate-1").get_json() for _ in range(2)]
    assert made[0] == made[1]
    assert made[0]["contributions"][0]["window"] == "N"
    body = {"cash_account": str(saving.till), "on": PAID}
    assert code_of(asking.post(f"{path}/return", body)) == (409, "held_receipt_ended")
    back = asking.post(f"/held-receipts/{second['id']}/return", body)
    assert back.get_json()["id"] == second["payment_id"], back.text
    assert items(asking.get("/held-receipts")) == []
    assert fields_of(asking.post(f"{path}/return", body | {"on": "soon"})) == ["on"]
