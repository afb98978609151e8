"""Levies, runs, charges and payments of dues as a program meets them."""

import pytest

from app.core.ids import new_id
from tests.dues.conftest import building, held_clock
from tests.ledgers.test_statements_counted import counted
from tests.mail.box import work

__all__ = ["building", "held_clock"]
LEVY = {"name": "Charges", "method": "indiviso_percentage", "base_amount": "250.00"}


@pytest.fixture
def asking(program, building):
    return program(building.cast.leader)


def right(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.get_json()


def posted(asking, building):
    levy = right(asking.post("/levies", LEVY), 201)
    run = right(asking.post("/dues-runs", {"levy": levy["id"], "period": "2026-11"}), 201)
    assert run["state"] == "calculating"
    work(building.cast.group_id)
    assert right(asking.get(f"/dues-runs/{run['id']}"))["total"] == "250.00"
    return right(asking.post(f"/dues-runs/{run['id']}/approval"))


def test_dues_are_levied_paid_and_taken_back(asking, building):
    run = posted(asking, building)
    assert (run["state"], run["entries"]) == ("posted", 3)
    entries = right(asking.get(f"/dues-runs/{run['id']}/entries"))["items"]
    assert next((one["unit"], one["amount"], one["state"]) for one in entries) == ("A1", "112.50", "posted")
    body = {"party": str(building.parties["A3"]), "amount": "60.00", "cash_account": str(building.till)}
    body |= {"method": "cash", "on": "2026-11-20", "reference": "TX 1"}
    assert "kept as credit" in " ".join(right(asking.post("/dues-payments/preview", body))["sentences"])
    paid = right(asking.post("/dues-payments", body, key="k-000001"), 201)
    assert (paid["credited"], paid["parts"][0]["amount"], paid["reference"]) == ("10.00", "50.00", "TX 1")
    assert right(asking.post("/dues-payments", body, key="k-000001"), 201)["id"] == paid["id"]
    assert len(right(asking.get("/dues-payments"))["items"]) == 1
    party = f"/parties/{building.parties['A3']}"
    assert right(asking.get(f"{party}/dues"))["credit"] == "10.00"
    assert right(asking.get(f"{party}/dues-statement"))["closing"] == "0.00"
    assert right(asking.get(f"{party}/dues-charges"))["items"][0]["state"] == "collected"
    back = right(asking.post(f"/dues-payments/{paid['id']}/reversal", {"reason": "It bounced"}))
    assert (back["reversed"], back["undone"]["reason"]) == (True, "It bounced")
    assert right(asking.post(f"/dues-runs/{run['id']}/reversal", {"reason": "Wrong"}))["state"] == "reversed"


def test_charges_are_listed_written_off_and_reversed(asking, building):
    posted(asking, building)
    charges = right(asking.get("/dues-charges?state=open"))["items"]
    assert [one["open"] for one in charges] == ["112.50", "87.50", "50.00"]
    path = f"/dues-charges/{charges[0]['id']}"
    whole = right(asking.post(f"{path}/write-off", {"amount": "12.50", "on": "2026-11-21", "reason": "Agreed"}), 201)
    assert (whole["open"], whole["parts"][0]["kind"]) == ("100.00", "write_off")
    given_up = f"/dues-write-offs/{whole['parts'][0]['write_off']}/reversal"
    assert right(asking.post(given_up, {"reason": "No"}))["open"] == "112.50"
    assert right(asking.post(f"{path}/reversal", {"reason": "No"}))["state"] == "reversed"
    assert asking.get("/dues-charges.csv").status_code == 200


def test_runs_are_rejected_mended_and_given_up(asking, building):
    levy = right(asking.post("/levies", LEVY), 201)
    run = right(asking.post("/dues-runs", {"levy": levy["id"], "period": "2026-11"}), 201)
    work(building.cast.group_id)
    path = f"/dues-runs/{run['id']}"
    assert right(asking.post(f"{path}/rejection", {"reason": "Too much"}))["reason"] == "Too much"
    assert (
        right(asking.ask("PUT", f"/levies/{levy['id']}", json=LEVY | {"base_amount": "200.00"}))["base_amount"]
        == "200.00"
    )
    assert right(asking.post(f"{path}/calculation"))["attempt"] == 2
    work(building.cast.group_id)
    right(asking.post(f"{path}/rejection", {"reason": "Not now"}))
    assert right(asking.post(f"{path}/discard"))["state"] == "discarded"
    assert right(asking.post(f"/levies/{levy['id']}/stop"))["active"] is False
    assert asking.post("/dues-runs", {"levy": levy["id"], "period": "2026-11"}).status_code == 409
    assert right(asking.post(f"/levies/{levy['id']}/resume"))["active"] is True
    order = {"order": "pro_rata", "effective_on": "2026-11-21"}
    assert (
        right(asking.ask("PUT", "/dues-order", json=order)) == right(asking.get("/dues-order")) == {"order": "pro_rata"}
    )


def test_wrong_bodies_name_their_field(asking, building):
    levy = asking.post("/levies", LEVY | {"basis": "members"})
    assert (levy.status_code, levy.get_json()["errors"][0]["field"]) == (422, "method")
    assert asking.post("/levies", LEVY | {"base_amount": "-1"}).status_code == 422
    assert asking.post("/dues-runs", {"levy": str(new_id()), "period": "2026-11"}).status_code == 404
    body = {"party": str(building.parties["A3"]), "amount": "60.00", "cash_account": str(building.till)}
    late = asking.post("/dues-payments", body | {"method": "cash", "on": "2026-11-22"})
    assert (late.status_code, late.get_json()["errors"][0]["field"]) == (422, "on")


def test_others_see_nothing_of_it(program, asking, building):
    run = posted(asking, building)
    charge = right(asking.get("/dues-charges"))["items"][0]
    member, stranger = program(building.cast.other_member), program(building.cast.outsider)
    assert program(building.cast.member).get(f"/dues-charges/{charge['id']}").status_code == 200
    for path in (f"/dues-charges/{charge['id']}", f"/parties/{building.parties['A2']}/dues"):
        assert member.get(path).status_code == 404
        assert stranger.get(path).status_code == 404
    assert stranger.get(f"/dues-runs/{run['id']}").status_code == 404
    assert member.get("/dues-runs").status_code == 403


def test_lists_ask_the_database_a_fixed_number_of_times(asking, building, rolled_back):
    def asked(path):
        with counted(rolled_back) as seen:
            assert asking.get(path).status_code == 200
        return len(seen)

    first = building.posted(building.levy())
    paths = ["/levies", "/dues-runs", f"/dues-runs/{first.event.id}/entries", "/dues-charges", "/dues-payments"]
    building.pay("A2", "5.00")
    few = [asked(path) for path in paths]
    for number in range(3):
        building.posted(building.levy(f"Levy {number}", base="90.00"))
        building.pay("A1", "7.00")
    last = building.posted(building.levy("Last", base="90.00"))
    paths[2] = f"/dues-runs/{last.event.id}/entries"
    assert [asked(path) for path in paths] == few
