"""Endpoints of months, runs, receipts and owners' choices of tax."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from app.core.clock import held
from tests import factories
from tests.api.calling import Program
from tests.receipts.world import JANUARY, NOW, World

ProgramOf = Callable[[Any], Program]


@pytest.fixture
def world(context: Any) -> Any:
    with held(NOW):
        yield World(factories.cast(country="MA", currency="MAD", zone="Africa/Casablanca"))


def test_a_month_is_run_and_read_and_a_receipt_is_reversed(world: World, program: ProgramOf) -> None:
    flat = world.simple(rent="1000", shares=("60", "40"))
    officer = program(world.cast.treasurer)
    month = officer.get("/rent-month?period=2026-01").get_json()
    assert (month["preview"]["receipts"], month["preview"]["owed"], month["stands"]["receipts"]) == (2, "1000.00", 0)
    units = officer.get("/rent-month/units?period=2026-01").get_json()["items"]
    assert [due["owed"] for due in units[0]["dues"]] == ["600.00", "400.00"]
    made = officer.post("/rent-runs", {"period": "2026-01"}, key="one-key-1")
    assert (made.status_code, made.get_json()["state"]) == (201, "running")
    assert officer.post("/rent-runs", {"period": "2026-01"}, key="one-key-1").get_json() == made.get_json()
    world.work()
    run = officer.get(f"/rent-runs/{made.get_json()['id']}").get_json()
    assert (run["state"], run["receipts"], run["skipped"], run["owed"]) == ("done", 2, 0, "1000.00")
    assert [one["id"] for one in officer.get("/rent-runs").get_json()["items"]] == [run["id"]]
    assert officer.get(f"/rent-runs/{run['id']}/skipped").get_json()["items"] == []
    assert officer.get(f"/rent-runs/{run['id']}/skipped.csv").status_code == 200
    assert officer.get(f"/rent-runs/{run['id']}.pdf?part=1").data.startswith(b"%PDF")
    found = officer.get("/receipts?period=2026-01&state=due").get_json()["items"]
    assert [one["number"] for one in found] == ["2026-00002", "2026-00001"]
    for file in ("csv", "xlsx"):
        assert officer.get(f"/receipts.{file}").status_code == 200
    id_ = found[0]["id"]
    assert officer.get(f"/receipts/{id_}.pdf").data.startswith(b"%PDF")
    told = officer.post(f"/receipts/{id_}/reversal", {"reason": "Wrong share"}).get_json()
    assert (told["state"], told["undone"]["number"], told["undone"]["reason"]) == (
        "reversed",
        "2026-00003",
        "Wrong share",
    )
    log = officer.get(f"/units/{flat.unit}/receipt-log").get_json()["items"]
    assert (log[0]["number"], log[0]["reverses"]) == ("2026-00003", "2026-00002")
    assert officer.get(f"/parties/{flat.owners[0]}/receipt-log").status_code == 200


def test_a_choice_of_tax_is_recorded_and_listed(world: World, program: ProgramOf) -> None:
    world.party("P")
    world.party("C", kind="company")
    officer = program(world.cast.treasurer)
    body = {"owner": "P", "client": "C", "starts_on": "2026-01", "final": True}
    assert officer.post("/tax-choices", body).status_code == 201
    assert [one["owner"] for one in officer.get("/tax-choices").get_json()["items"]] == ["Party P"]
    refused = officer.post("/tax-choices", body | {"starts_on": "2024-01"})
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "starts_on")


def test_who_may_not_and_what_is_wrong_is_told(world: World, program: ProgramOf) -> None:
    world.simple()
    world.run(JANUARY)
    id_ = world.counting()[0].id
    assert program(world.cast.outsider).get(f"/receipts/{id_}").status_code == 404
    assert program(world.cast.member).get(f"/receipts/{id_}").status_code == 404
    assert program(world.cast.member).get("/receipts").status_code == 403
    officer = program(world.cast.treasurer)
    assert officer.get(f"/rent-runs/{uuid.uuid4()}").status_code == 404
    wrong = officer.post("/rent-runs", {"period": "2026-13"})
    assert (wrong.status_code, wrong.get_json()["errors"][0]["field"]) == (422, "period")
    assert officer.post("/rent-runs", {"period": "2026-09"}).get_json()["errors"][0]["field"] == "period"
    assert officer.post(f"/receipts/{id_}/reversal", {}).status_code == 422
