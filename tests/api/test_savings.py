"""Savings as a program meets them: windows, what everybody saved, penalties, terms."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from app.core.db import transaction
from app.exits.requesting import request_exit
from app.ledgers.heads import head
from tests.api.answers import code_of, fields_of, items
from tests.api.paying import PAID, asking, late, pays, penalty_of
from tests.ledgers.test_statements_counted import counted
from tests.savings.conftest import held_clock, saving

__all__ = ["asking", "held_clock", "late", "saving"]
LISTS = ["payments", "windows", "penalties", "arrears", "held-receipts"]


@pytest.mark.parametrize("path", LISTS)
def test_who_sees_everyones_money_reads_the_lists_and_nobody_else(program, saving, path):
    for person, status in (("treasurer", 200), ("auditor", 200), ("member", 403)):
        assert program(saving.cast.people[person]).get(f"/{path}").status_code == status, person


def leave(saving, who):
    with transaction(group_id=saving.cast.group_id):
        request_exit(member_id=who.member_id, by=who.member_id, key="leave")


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
    assert done[0]["leaving_since"] is None
    leave(saving, saving.cast.member)
    assert items(asking.get(f"{path}?status=completed"))[0]["leaving_since"].startswith("2026-11-21T")
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
