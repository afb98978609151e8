"""Leaving and withdrawing as a program meets them: own requests, the queue, money set aside, rules."""

import uuid

import pytest

from tests import factories
from tests.api.answers import code_of, fields_of, items
from tests.exits.house import DAY, RULES, leaves, levied, sets_aside
from tests.ledgers.test_statements_counted import counted
from tests.mail.box import work
from tests.savings.conftest import TERMS, held_clock, make_saving, member_of

__all__ = ["held_clock"]
LISTS = ["exit-queue", "exit-queue/totals", "exit-queue/what-if?amount=5.00", "exits", "liquidity-events", "free-cash"]


@pytest.fixture
def house(context, held_clock):
    found = make_saving(factories.cast(savings=TERMS, exits=RULES))
    for who, amount in (("member", "6000"), ("other_member", "4000"), ("leader", "2000")):
        found.pay(amount, DAY, found.cast.people[who])
    return found


@pytest.fixture
def asking(program, house):
    return program(house.cast.treasurer)


def sets(house, amount="7000.00", **change):
    told = {"amount": amount, "cash_account": str(house.till), "type": "deposit", "on": "2026-11-20"}
    return told | change


def told(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.get_json()


def approved(program, house, answer):
    """What waited, approved by the leader."""
    assert told(answer, 202)["waits"]
    told(program(house.cast.leader).post(f"/approvals/{answer.get_json()['approval_id']}/approval", {}))


@pytest.mark.parametrize("path", LISTS)
def test_who_sees_everyones_money_reads_the_queue_and_nobody_else(program, house, path):
    for person, status in (("treasurer", 200), ("auditor", 200), ("member", 403)):
        assert program(house.cast.people[person]).get(f"/{path}").status_code == status, person


def test_a_member_leaves_once_and_sees_the_own_place_and_nobody_elses(program, house):
    leaves(house, house.cast.other_member)
    levied(house, "250")
    mine, other, stranger = (program(house.cast.people[who]) for who in ("member", "other_member", "outsider"))
    who = member_of(house.cast.member)
    found = told(mine.get(f"/members/{who}/entitlement"))
    assert (found["savings"], found["gross"], found["deductions"], found["payable"]) == (
        "6000.00",
        "6000.00",
        "250.00",
        "5750.00",
    )
    made = [mine.post("/exits", {"gross": "6000.00"}, key="leaving-1") for _ in range(2)]
    assert told(made[0], 201) == told(made[1], 201)
    asked = made[0].get_json()
    assert (asked["place"], asked["ahead"], asked["payable"], asked["state"]) == (2, "4000.00", "5750.00", "queued")
    assert asked["working"]["savings"] == "6000.0000"
    assert asked["estimate"] == {"need": "9750.00", "month": None, "slower": None}
    assert [row["number"] for row in items(mine.get(f"/members/{who}/exits"))] == [2]
    assert told(mine.get(f"/exits/{asked['id']}"))["id"] == asked["id"]
    for path in (f"/exits/{asked['id']}", f"/members/{who}/exits", f"/members/{who}/entitlement"):
        assert (other.get(path).status_code, stranger.get(path).status_code) == (404, 404)
    assert code_of(mine.post("/exits", {})) == (409, "already_leaving")
    assert code_of(mine.post("/exits", {"gross": "1.00"}, key="leaving-1")) == (422, "idempotency_key_reused")


def test_another_entitlement_than_expected_takes_no_place(program, house):
    mine = program(house.cast.member)
    answer = mine.post("/exits", {"gross": "6500.00"})
    assert code_of(answer) == (409, "entitlement_changed")
    assert items(mine.get(f"/members/{member_of(house.cast.member)}/exits")) == []


def test_a_withdrawal_takes_what_is_free_above_the_floor(program, house):
    mine, who = program(house.cast.member), member_of(house.cast.member)
    free = {"allowed": True, "savings": "6000.00", "held": "0.00", "floor": "1000.00", "free": "5000.00"}
    assert told(mine.get(f"/members/{who}/withdrawable")) == free
    for amount, answer in (("5000.01", (409, "more_than_savings")), ("0", None), (5, None)):
        found = mine.post("/withdrawals", {"amount": amount})
        assert (code_of(found) if answer else fields_of(found)) == (answer or ["amount"])
    assert told(mine.post("/withdrawals", {"amount": "5000.00"}), 201)["kind"] == "withdrawal"
    assert told(mine.get(f"/members/{who}/withdrawable"))["free"] == "0.00"


def test_officers_ask_for_members_and_members_only_for_themselves(program, house, asking):
    who = member_of(house.cast.member)
    assert told(asking.post(f"/members/{who}/exits", {}), 201)["member_id"] == str(who)
    other = member_of(house.cast.other_member)
    assert told(asking.post(f"/members/{other}/withdrawals", {"amount": "10.00"}), 201)["member"] == "Mercy Atieno"
    for path, body in ((f"/members/{other}/exits", {}), (f"/members/{other}/withdrawals", {"amount": "1.00"})):
        assert program(house.cast.member).post(path, body).status_code == 403
        assert program(house.cast.outsider).post(path, body).status_code == 404


def test_money_set_aside_serves_the_queue_as_it_was_told_before(program, house, asking):
    first, second = leaves(house, house.cast.member), leaves(house, house.cast.other_member)
    assert told(asking.get("/free-cash"))["free"] == "12000.00"
    seen = told(asking.post("/liquidity-events/preview", {"amount": "7000.00", "cash_account": str(house.till)}))
    assert [(row["exit_request_id"], row["gets"]) for row in seen["first"]] == [
        (str(first), "6000.00"),
        (str(second), "1000.00"),
    ]
    assert told(asking.get("/exit-queue/what-if?amount=7000.00")) == seen
    made = [asking.post("/liquidity-events", sets(house), key="aside-0001") for _ in range(2)]
    assert told(made[0], 201) == told(made[1], 201)
    work(house.cast.group_id)
    event = told(asking.get(f"/liquidity-events/{made[0].get_json()['id']}"))
    assert (event["given"], event["left"], event["note"]) == ("7000.00", "0.00", None)
    parts = items(asking.get(f"/liquidity-events/{event['id']}/fulfilments"))
    assert [(row["exit_request_id"], row["amount"], row["paid"]) for row in parts] == [
        (str(first), "6000.00", "0.00"),
        (str(second), "1000.00", "0.00"),
    ]
    waiting = items(asking.get("/exit-queue"))
    assert [(row["member"], row["place"], row["payable"]) for row in waiting] == [
        ("Daniel Mwangi", None, "0.00"),
        ("Mercy Atieno", 1, "3000.00"),
    ]
    assert told(asking.get("/exit-queue/totals"))["open"] == "3000.00"
    assert [row["id"] for row in items(asking.get("/exits?state=fulfilled"))] == [str(first)]
    assert len(items(asking.get("/exits?limit=1"))) == 1
    assert asking.get("/exit-queue/file").text.count("\r\n") == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "12000.01"}, "amount"),
        ({"amount": "-1.00"}, "amount"),
        ({"type": "gold"}, "type"),
        ({"on": "2026-12-24"}, "on"),
        ({"cash_account": str(uuid.uuid4())}, "cash_account"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_set_aside_is_named(house, asking, change, field):
    answer = asking.post("/liquidity-events", sets(house, **change))
    assert answer.status_code in (404, 409, 422)
    assert [fault["field"] for fault in answer.get_json()["errors"]] == [field]
    assert items(asking.get("/liquidity-events")) == []


def test_what_is_unspent_and_unpaid_is_taken_back_once(program, house, asking):
    asked = leaves(house, house.cast.member)
    event = sets_aside(house, "7000")
    back = told(asking.post(f"/liquidity-events/{event}/reversal", {"reason": "The roof"}))
    assert (back["taken_back"], back["left"]) == ("1000.00", "0.00")
    assert asking.post(f"/liquidity-events/{event}/reversal", {"reason": "again"}).status_code == 409
    part = told(asking.get(f"/exits/{asked}"))["fulfilments"][0]["id"]
    assert told(asking.post(f"/fulfilments/{part}/reversal", {"reason": "Wrong till"}))["reversed"]
    assert code_of(asking.post(f"/fulfilments/{part}/reversal", {"reason": "again"})) == (409, "fulfilment_taken_back")
    stranger = program(house.cast.outsider)
    for path in (f"/liquidity-events/{event}/reversal", f"/fulfilments/{part}/reversal"):
        assert stranger.post(path, {"reason": "Mine"}).status_code == 404
        assert program(house.cast.member).post(path, {"reason": "Mine"}).status_code == 403


def test_a_request_is_adjusted_and_ended_by_two(program, house, asking):
    asked = leaves(house, house.cast.member)
    path = f"/exits/{asked}/adjustments"
    assert fields_of(asking.post(path, {"amount": "0.00"})) == ["reason"]
    assert code_of(asking.post(path, {"amount": "-6000.01", "reason": "Error"})) == (409, "below_fulfilled")
    approved(program, house, asking.post(path, {"amount": "-400.00", "reason": "Counted twice"}))
    found = told(program(house.cast.member).get(f"/exits/{asked}"))
    assert (found["frozen"], found["gross"], found["adjustments"][0]["reason"]) == (
        "6000.00",
        "5600.00",
        "Counted twice",
    )
    sets_aside(house, "600")
    mine = program(house.cast.member).post(f"/exits/{asked}/cancellation", {"reason": "I stay"})
    assert code_of(mine) == (409, "already_fulfilled")
    approved(program, house, asking.post(f"/exits/{asked}/cancellation", {"reason": "Agreed"}))
    assert told(asking.get(f"/exits/{asked}"))["state"] == "cancelled"


def test_an_own_request_is_cancelled_at_once_and_by_nobody_else(program, house):
    asked = leaves(house, house.cast.member)
    path = f"/exits/{asked}/cancellation"
    assert program(house.cast.other_member).post(path, {"reason": "Mine"}).status_code == 404
    assert program(house.cast.outsider).post(path, {"reason": "Mine"}).status_code == 404
    found = told(program(house.cast.member).post(path, {"reason": "I stay"}))
    assert [(row["state"], row["reason"]) for row in found["states"]] == [("queued", None), ("cancelled", "I stay")]


def test_rules_are_told_with_their_meaning_and_change_from_a_day_on(program, house, asking):
    rules = {"growth_percent": "25", "partial": False, "contributions_percent": "2.5"}
    meant = told(asking.post("/exits/terms/preview", rules))["sentences"]
    assert any("25%" in sentence for sentence in meant)
    made = told(asking.post("/exits/terms", rules | {"effective_on": "2026-11-21"}), 201)
    assert (made["growth_percent"], made["partial"], made["deduct"], made["sentences"]) == ("25", False, True, meant)
    assert [row["growth_percent"] for row in items(program(house.cast.member).get("/exits/terms"))] == ["25", "10"]
    assert fields_of(asking.post("/exits/terms/preview", {"sales_percent": "101"})) == ["sales_percent"]
    assert program(house.cast.member).post("/exits/terms/preview", rules).status_code == 403


def test_the_queue_costs_the_same_statements_however_long_it_is(house, asking, rolled_back):
    leaves(house, house.cast.member)
    asking.get("/exit-queue")
    with counted(rolled_back) as few:
        asking.get("/exit-queue")
    leaves(house, house.cast.other_member)
    with counted(rolled_back) as many:
        assert len(items(asking.get("/exit-queue"))) == 2
    assert len(many) == len(few)
