"""Savings as a program meets them: payments recorded together, windows, penalties, terms, money that waits."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from app.core.db import transaction
from app.ledgers.heads import head
from app.savings.rules import OverRule
from tests import factories
from tests.ledgers.test_statements_counted import counted
from tests.savings.conftest import TERMS, held_clock, make_saving, member_of, saving

__all__ = ["held_clock", "saving"]
PAID, LATE = "2026-11-04", "2026-10-05"
LISTS = ["payments", "windows", "penalties", "arrears", "held-receipts"]


@pytest.fixture
def watched(context, held_clock):
    """A group that saves at most 6,000 a window, and in which movements above 6,000 wait for a second person."""
    terms = {**TERMS, "maximum": "6000", "over_rule": str(OverRule.SPREAD)}
    return make_saving(factories.cast(savings=terms, approval_threshold="6000"))


def pays(saving, amount="5000.00", who=None, **change):
    whose = str(member_of(who or saving.cast.member))
    told = {"member": whose, "amount": amount, "paid_on": PAID, "method": "cash", "cash_account": str(saving.till)}
    return told | change


def entries_of(saving):
    with transaction(group_id=saving.cast.group_id):
        return head().number


def fields_of(answer):
    assert answer.status_code == 422, answer.text
    return [fault["field"] for fault in answer.get_json()["errors"]]


def code_of(answer):
    return answer.status_code, answer.get_json()["code"]


def items(answer):
    assert answer.status_code in (200, 201), answer.text
    return answer.get_json()["items"]


@pytest.fixture
def asking(program, saving):
    return program(saving.cast.treasurer)


@pytest.fixture
def late(saving):
    """5,000 paid in October for September: late, with a fee of 250. The payment, and the penalty."""
    paid = saving.pay("5000", date(2026, 10, 5), window_id=saving.windows["2026-09"])
    return str(paid)


def penalty_of(asking):
    return items(asking.get("/penalties"))[0]


@pytest.mark.parametrize("path", LISTS)
def test_who_sees_everyones_money_reads_the_lists_and_nobody_else(program, saving, path):
    for person, status in (("treasurer", 200), ("auditor", 200), ("member", 403)):
        assert program(saving.cast.people[person]).get(f"/{path}").status_code == status, person


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


def test_windows_tell_who_paid(asking, saving):
    saving.pay("5000", date(2026, 11, 4))
    rows = {row["name"]: row for row in items(asking.get("/windows"))}
    told = asking.get(f"/windows/{rows['2026-11']['id']}").get_json()
    assert told == rows["2026-11"]
    assert (told["state"], told["expected"], told["totals"]["paid"], told["totals"]["met"]) == (
        "open",
        "5000.00",
        "5000.00",
        1,
    )
    path = f"/windows/{told['id']}/members"
    everyone, done = items(asking.get(path)), items(asking.get(f"{path}?status=completed"))
    assert len(everyone) == told["totals"]["members"]
    assert [row["member_id"] for row in done] == [str(saving.cast.member.member_id)]
    assert fields_of(asking.get(f"{path}?status=rich")) == ["status"]
    assert asking.get(f"/windows/{uuid.uuid4()}").status_code == 404


def test_a_window_is_opened_by_hand(program, saving):
    leader = program(saving.cast.leader)
    body = {"name": "Harvest", "start": "2027-01-01", "end": "2027-01-31", "expected": "100.00"}
    made = leader.post("/windows", body)
    assert (made.status_code, made.get_json()["state"], made.get_json()["minimum"]) == (201, "upcoming", "0.00")
    again = leader.post("/windows", body | {"name": "Other"})
    assert code_of(again) == (409, "window_overlaps")
    assert fields_of(leader.post("/windows", body | {"end": "2026-12-31"})) == ["end"]
    assert program(saving.cast.member).post("/windows", body).status_code == 403


def test_a_contribution_is_no_longer_asked_for(program, saving):
    leader, behind = program(saving.cast.leader), str(saving.cast.member.member_id)
    assert behind in [row["member_id"] for row in items(leader.get("/arrears"))]
    path, body = f"/windows/{saving.windows['2026-09']}/waivers", {"member": behind, "reason": "Ill"}
    assert leader.post(path, body).get_json()["status"] == "waived"
    assert code_of(leader.post(path, body)) == (409, "nothing_to_waive")
    assert fields_of(leader.post(path, body | {"member": str(uuid.uuid4())})) == ["member"]
    assert program(saving.cast.member).post(path, body).status_code == 403


def test_the_group_and_each_member_know_what_is_saved(program, saving, late):
    member, own = program(saving.cast.member), saving.cast.member.member_id
    told = member.get("/savings").get_json()
    assert (told["pool"], told["window"]["name"], len(told["months"])) == ("5000.00", "2026-11", 12)
    assert told["months"][-2] == {"month": "2026-10", "on_time": "0.00", "late": "5000.00"}
    mine = member.get(f"/members/{own}/savings").get_json()
    assert (mine["saved"], mine["penalties_owed"], mine["due"]["missing"]) == ("5000.00", "250.00", "5000.00")
    assert (mine["behind"]["missing"], [row["window"] for row in mine["windows"]][:2]) == (
        "5000.00",
        ["2026-11", "2026-10"],
    )
    assert [row["id"] for row in items(member.get(f"/members/{own}/payments"))] == [late]
    assert len(items(member.get(f"/members/{own}/penalties"))) == 1
    for part in ("savings", "payments", "penalties"):
        other = f"/members/{saving.cast.leader.member_id}/{part}"
        assert member.get(other).status_code == 404
        assert program(saving.cast.treasurer).get(other).status_code == 200


def test_a_penalty_is_levied_and_paid(asking, saving):
    own = str(saving.cast.member.member_id)
    body = {"member": own, "amount": "300.00", "on": PAID, "note": "Noise"}
    made = [asking.post("/penalties", body, key="penalty-1") for _ in range(2)]
    assert made[0].get_json() == made[1].get_json()
    told = made[0].get_json()
    assert (told["state"], told["owed"], told["reason"], told["entry"]) == ("levied", "300.00", "other", 1)
    for change in ({"amount": "0"}, {"member": str(uuid.uuid4())}, {"on": "2026-12-24"}, {"note": ""}):
        assert fields_of(asking.post("/penalties", body | change)) == list(change)
    path, money = f"/penalties/{told['id']}", pays(saving, "100.00")
    money.pop("member")
    paid = asking.post(f"{path}/payments", money).get_json()
    assert (paid["paid"], paid["owed"], len(paid["payments"])) == ("100.00", "200.00", 1)
    over = asking.post(f"{path}/payments", money | {"amount": "201.00"})
    assert (code_of(over), over.get_json()["errors"][0]["field"]) == ((409, "more_than_penalty"), "amount")
    assert len(items(asking.get("/penalties?state=levied"))) == 1
    assert items(asking.get("/penalties?state=waived")) == []


def test_a_penalty_is_waived_asked_for_again_and_taken_back(program, asking, saving, late):
    leader, path = program(saving.cast.leader), f"/penalties/{penalty_of(asking)['id']}"
    waived = leader.post(f"{path}/waiver", {"reason": "First time"}).get_json()
    assert (waived["state"], waived["waivers"][0]["reason"]) == ("waived", "First time")
    assert program(saving.cast.member).post(f"{path}/waiver", {"reason": "Please"}).status_code == 403
    assert leader.post(f"{path}/waivers/{uuid.uuid4()}/reversal").status_code == 404
    owed = leader.post(f"{path}/waivers/{waived['waivers'][0]['id']}/reversal").get_json()
    assert (owed["state"], owed["waivers"][0]["reversed"]) == ("levied", True)
    gone = asking.post(f"{path}/reversal", {"reason": "By mistake"}).get_json()
    assert (gone["state"], gone["undone"]["reason"]) == ("reversed", "By mistake")
    assert program(saving.cast.people["outsider"]).get(path).status_code == 404


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


def test_terms_are_read_tried_and_changed(program, saving):
    leader, member = program(saving.cast.leader), program(saving.cast.member)
    now = items(member.get("/savings/terms"))[0]
    assert (now["frequency"], now["late_rule"], now["fee_percent"]) == ("monthly", "percent_fee", "5")
    told = {name: value for name, value in now.items() if name != "sentences"}
    tried = {name: value for name, value in told.items() if name != "effective_on"} | {"fee_percent": "2.5"}
    assert "2.5" in " ".join(leader.post("/savings/terms/preview", tried).get_json()["sentences"])
    new = told | {"fee_percent": "2.5", "effective_on": "2026-12-01"}
    made = leader.post("/savings/terms", new)
    assert (made.status_code, made.get_json()["fee_percent"]) == (201, "2.5"), made.text
    assert len(items(member.get("/savings/terms"))) == 2
    assert fields_of(leader.post("/savings/terms", new | {"fee_percent": "200"})) == ["fee_percent"]
    assert fields_of(leader.post("/savings/terms", new | {"fee_percent": "much"})) == ["fee_percent"]
    assert fields_of(leader.post("/savings/terms", new | {"maximum": "10.00"})) == ["expected"]
    assert member.post("/savings/terms", new).status_code == 403


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_as_often_with_many_rows_as_with_few(asking, saving, rolled_back, path):
    counts = []
    for days in (range(1, 3), range(3, 18)):
        for day in days:
            saving.pay("50", date(2026, 10, day), window_id=saving.windows["2026-09"])
        asking.get(f"/{path}")
        with counted(rolled_back) as seen:
            assert asking.get(f"/{path}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] < 20


def test_a_program_of_another_group_finds_nothing(program, asking, saving, late):
    other, penalty = program(saving.cast.people["outsider"]), penalty_of(asking)["id"]
    reason = {"reason": "Theirs"}
    for path in (f"windows/{saving.windows['2026-09']}", f"members/{saving.cast.member.member_id}/savings"):
        assert other.get(f"/{path}").status_code == 404, path
    for path, body in (
        (f"payments/{late}/reversal", reason),
        (f"penalties/{penalty}/reversal", reason),
        (f"penalties/{penalty}/waiver", reason),
        (f"windows/{saving.windows['2026-09']}/waivers", reason | {"member": str(saving.cast.member.member_id)}),
        (f"held-receipts/{penalty}/allocation", {}),
    ):
        assert other.post(f"/{path}", body).status_code == 404, path
    assert items(other.get("/payments")) == []
    with transaction(group_id=saving.cast.group_id):
        assert Decimal(head().number) == 2
