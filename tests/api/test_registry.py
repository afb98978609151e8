"""The register, leases and assignments as a program meets them."""

import uuid

import pytest

from tests.rentals.conftest import held_clock, let_out, letting, people

__all__ = ["held_clock", "let_out", "letting", "people"]


@pytest.fixture
def asking(program, letting):
    return program(letting.cast.treasurer)


def made(answer):
    assert answer.status_code in (200, 201), answer.text
    return answer.get_json()


def items(answer):
    return made(answer)["items"]


def refused(answer, status, field=None):
    assert answer.status_code == status, answer.text
    told = answer.get_json()
    assert field is None or field in answer.text
    return told


def test_parties(letting, asking):
    body = {"name": "Zed", "code": "Z", "tax_id": "A0012", "email": "zed@example.com"}
    row = made(asking.post("/parties", body, key="k-000001"))
    assert (row["kind"], row["has_tax_number"], row["email"]) == ("person", True, "zed@example.com")
    assert made(asking.post("/parties", body, key="k-000001"))["id"] == row["id"]
    refused(asking.post("/parties", body | {"name": "Other"}, key="k-000001"), 422)
    refused(asking.post("/parties", body), 409, "code")
    refused(asking.post("/parties", {"kind": "robot"}), 422, "kind")
    changed = made(asking.ask("PUT", f"/parties/{row['id']}", json={"code": "Z", "name": "Zoe", "kind": "company"}))
    assert (changed["name"], changed["kind"], changed["has_tax_number"]) == ("Zoe", "company", True)
    assert made(asking.post(f"/parties/{row['id']}/tax-number")) == {"tax_id": "A0012"}
    assert [one["code"] for one in items(asking.get("/parties?kind=company"))] == ["K", "Z"]
    assert made(asking.get(f"/parties/{row['id']}"))["name"] == "Zoe"
    assert asking.get(f"/parties/{uuid.uuid4()}").status_code == 404


def test_units_deeds_and_sets(letting, asking):
    unit = made(asking.post("/units", {"code": "A-1", "type": "store", "area": "38.50"}))
    assert unit["area"] == "38.50"
    refused(asking.post("/units", {"code": "A-2", "area": "many"}), 422, "area")
    assert made(asking.ask("PUT", f"/units/{unit['id']}", json={"code": "A-9", "active": False}))["code"] == "A-9"
    assert [one["code"] for one in items(asking.get("/units?q=u1"))] == ["U1"]
    assert made(asking.get(f"/units/{letting.unit}"))["code"] == "U1"
    tower = made(asking.post("/deed-sets", {"name": "Tower"}))
    owners = [{"party": str(letting.a), "share": "60"}, {"party": str(letting.b), "share": "40"}]
    body = {"unit": str(letting.unit), "owners": owners, "indiviso": "45", "starts_on": "2026-01-01"}
    refused(asking.post("/deeds", body | {"owners": owners[:1]}), 422, "owners")
    deed = made(asking.post("/deeds", body))
    assert [(one["code"], one["share"]) for one in deed["owners"]] == [("A", "60.0000"), ("B", "40.0000")]
    put = made(asking.post(f"/deed-sets/{tower['id']}/deeds", {"deed": deed["id"]}))
    assert (put["deeds"], put["total"]) == (1, "45.0000")
    told = {"owners": [{"party": str(letting.client), "share": "100"}], "from_on": "2026-06-01"}
    sold = made(asking.post(f"/deeds/{deed['id']}/sale", told))
    assert sold["responsible"] == "Kiosk Ltd"
    assert [one["id"] for one in items(asking.get(f"/deeds?set={tower['id']}"))] == [sold["id"]]
    assert len(items(asking.get("/deeds?standing=all"))) == 2
    change = {"responsible": str(letting.a), "usage": "long_term_rental"}
    assert made(asking.ask("PUT", f"/deeds/{sold['id']}", json=change))["usage"] == "long_term_rental"
    assert made(asking.post(f"/deeds/{sold['id']}/end", {"on": "2026-12-31"}))["ends_on"] == "2026-12-31"
    assert made(asking.ask("DELETE", f"/deed-sets/{tower['id']}/deeds/{sold['id']}"))["deeds"] == 0
    assert made(asking.post(f"/deeds/{sold['id']}/withdrawal"))["active"] is False
    assert made(asking.get(f"/deeds/{deed['id']}"))["ends_on"] == "2026-05-31"
    renamed = made(asking.ask("PUT", f"/deed-sets/{tower['id']}", json={"name": "Tower B", "active": False}))
    assert items(asking.get("/deed-sets")) == [renamed]


def test_leases_and_assignments(letting, asking):
    body = {"unit": str(letting.unit), "client": str(letting.client), "rent": "500.00", "starts_on": "2026-01-01"}
    lease = made(asking.post("/leases", body))
    assert (lease["rent"], lease["charges"], lease["client"]) == ("500.00", "0.00", "Kiosk Ltd")
    refused(asking.post("/leases", body), 409, "starts_on")
    refused(asking.post("/leases", body | {"day_due": 31}), 422, "day_due")
    into = f"/units/{letting.unit}/assignments"
    odd = {"owner": str(letting.a), "share": "100", "alternation": "odd_even", "cycle_position": 1}
    odd |= {"starts_on": "2026-01-01"}
    seen = made(asking.post(f"{into}/preview", odd))
    assert (seen["months"][0]["owners"][0]["percent"], bool(seen["months"][1]["gap"])) == ("0", True)
    first = made(asking.post(into, odd))
    refused(asking.post(into, odd | {"owner": str(letting.b), "share": "60"}), 409, "2026-01")
    refused(asking.post(into, odd | {"cycle_position": None}), 422, "cycle_position")
    made(asking.post(into, odd | {"owner": str(letting.b), "cycle_position": 2}))
    months = items(asking.get("/entitlement?month=2026-02"))
    assert [(one["rent"], one["parts"][0]["owner_code"], one["gap"]) for one in months] == [("500.00", "B", None)]
    refused(asking.get("/entitlement?month=2026-13"), 422, "month")
    year = made(asking.get(f"/units/{letting.unit}/calendar?year=2026"))
    assert [one["owners"][0]["percent"] for one in year["months"][:2]] == ["100.0000", "0"]
    change = {"owners": [{"party": str(letting.client)}], "from_on": "2026-06-01"}
    assert not made(asking.post(f"/assignments/{first['id']}/change/preview", change))["fault"]
    new = items(asking.post(f"/assignments/{first['id']}/change", change))[0]
    assert (new["owner"], new["starts_on"]) == ("Kiosk Ltd", "2026-06-01")
    assert len(items(asking.get(f"/assignments?unit={letting.unit}&standing=all"))) == 3
    assert made(asking.post(f"/assignments/{new['id']}/end", {"on": "2026-12-31"}))["ends_on"] == "2026-12-31"
    assert made(asking.post(f"/assignments/{new['id']}/withdrawal"))["withdrawn"] is True
    assert made(asking.get(f"/units/{letting.unit}/cycle")) == {"anchor": None}
    told = {"anchor": "2026-03"}
    assert made(asking.ask("PUT", f"/units/{letting.unit}/cycle", json=told)) == told
    end = made(asking.post(f"/leases/{lease['id']}/end", {"on": "2026-12-31", "last_amount": "250.00"}))
    assert end["last_amount"] == "250.00"
    assert made(asking.post(f"/leases/{lease['id']}/withdrawal"))["withdrawn"] is True
    assert items(asking.get("/leases")) == []
    assert made(asking.get(f"/leases/{lease['id']}"))["unit"] == "U1"


def test_a_member_may_not_and_a_stranger_finds_nothing(let_out, program):
    letting = let_out
    member, outsider = program(letting.cast.member), program(letting.cast.outsider)
    for path in ("/parties", "/units", "/deeds", "/deed-sets", "/leases", "/assignments", "/entitlement"):
        assert member.get(path).status_code == 403
        assert items(outsider.get(path)) == []
    for path in (f"/units/{letting.unit}", f"/parties/{letting.a}", f"/units/{letting.unit}/calendar"):
        assert outsider.get(path).status_code == 404
