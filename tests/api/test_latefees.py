"""Penalty rules, proposals and figures of dues as a program meets them."""

import pytest

from app.core.ids import new_id
from app.core.periods import Month
from app.ledgers.accounts import add_category
from tests.api.test_dues import right
from tests.dues.conftest import building, held_clock
from tests.ledgers.test_statements_counted import counted
from tests.mail.box import work

__all__ = ["building", "held_clock"]
RULE = {"name": "Late", "days": 3, "value": "10", "cap": "50.00"}


@pytest.fixture
def asking(program, building):
    return program(building.cast.leader)


@pytest.fixture
def late(asking, building):
    """A rule, and the dues of September that nobody paid, looked at."""
    made = right(asking.post("/penalty-rules", RULE), 201)
    building.posted(building.levy(), Month(2026, 9))
    assert right(asking.post("/late-penalties", {"on": "2026-11-21"}), 201)["job"]
    work(building.cast.group_id)
    return made


def test_rules_are_made_changed_stopped_and_taken_up(asking, building):
    made = right(asking.post("/penalty-rules", RULE, key="k-000001"), 201)
    assert right(asking.post("/penalty-rules", RULE, key="k-000001"), 201)["id"] == made["id"]
    path = f"/penalty-rules/{made['id']}"
    assert right(asking.ask("PUT", path, json=RULE | {"days": 5}))["days"] == right(asking.get(path))["days"] == 5
    assert right(asking.post(f"{path}/stop"))["active"] is False
    assert right(asking.post(f"{path}/resume"))["active"] is True
    taken = asking.post("/penalty-rules", RULE | {"name": "Other"})
    assert (taken.status_code, taken.get_json()["code"]) == (422, "penalty_rule_place_taken")
    for wrong, field in (({"value": "101"}, "value"), ({"levy": str(new_id())}, "levy"), ({"days": -1}, "days")):
        answer = asking.post("/penalty-rules", RULE | {"name": "Wrong"} | wrong)
        assert (answer.status_code, field in answer.text) == (422, True), answer.text
    assert [one["name"] for one in right(asking.get("/penalty-rules"))["items"]] == ["Late"]


def test_proposals_are_listed_posted_and_declined(asking, late, program, building):
    items = right(asking.get("/late-penalties"))["items"]
    assert sorted((one["unit"], one["amount"]) for one in items) == [("A1", "11.25"), ("A2", "8.75"), ("A3", "5.00")]
    first = items[0]["id"]
    left = right(asking.post("/late-penalties/refusal", {"proposals": [first], "reason": "Agreed"}))
    assert left["waiting"] == 2
    assert right(asking.get(f"/late-penalties/{first}"))["reason"] == "Agreed"
    assert right(asking.post("/late-penalties/acceptance", {}))["waiting"] == 0
    assert asking.post("/late-penalties/acceptance", {"proposals": [first]}).status_code == 409
    decided = right(asking.get("/late-penalties?state=decided"))["items"]
    assert sorted(one["state"] for one in decided) == ["declined", "posted", "posted"]
    stranger, member = program(building.cast.outsider), program(building.cast.member)
    assert stranger.get(f"/late-penalties/{first}").status_code == 404
    assert member.get("/late-penalties").status_code == 403


def test_figures_are_told_in_few_statements(asking, late, building, rolled_back):
    building.pay("A1", "112.50")
    with counted(rolled_back) as seen:
        owing = right(asking.get("/dues-arrears"))["items"]
    assert [(one["code"], one["days_90"], one["total"]) for one in owing] == [
        ("P-A2", "87.50", "87.50"),
        ("P-A3", "50.00", "50.00"),
    ]
    assert len(seen) <= 20
    september = right(asking.get("/dues-collection?year=2026"))["items"][8]
    assert (september["levied"], september["paid"], september["rate"]) == ("250.00", "112.50", "45.00")
    assert september["paid_in_time"] == "0.00"
    assert asking.get("/dues-arrears.csv").text.count("\n") == 3
    account = add_category(kind="other_expense", name="Lift", by=building.by)
    body = {"account": str(account.id), "year": 2026, "amount": "1100.00"}
    row = right(asking.ask("PUT", "/dues-budgets", json=body))["items"][0]
    assert (row["budget"], row["budget_so_far"], row["left"]) == ("1100.00", "1008.34", "1100.00")
    assert right(asking.get("/dues-budgets?year=2025"))["items"] == []
    wrong = asking.ask("PUT", "/dues-budgets", json=body | {"account": str(new_id())})
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "no_such_category")
