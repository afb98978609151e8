"""What a program asks for above the threshold: decided by a second person, refused, taken back."""

import uuid

import pytest

from tests import factories
from tests.api.answers import fields_of
from tests.api.bookkeeping import account_of, number_of, transfer_of
from tests.ledgers.approving import only_one_approver
from tests.ledgers.conftest import held_clock, make_books

__all__ = ["held_clock"]


@pytest.fixture
def strict(context):
    """A group in which movements above 1,000 wait for a second person."""
    return make_books(factories.cast(approval_threshold="1000"))


def test_above_the_threshold_it_waits_for_a_second_person(program, strict):
    asking, second = program(strict.cast.treasurer), program(strict.cast.leader)
    waits = asking.post("/transfers", transfer_of(strict), key="transfer-2")
    assert waits.status_code == 202, waits.text
    assert waits.get_json()["waits"] is True
    assert asking.post("/transfers", transfer_of(strict), key="transfer-2").get_json() == waits.get_json()
    path = f"/approvals/{waits.get_json()['approval_id']}"
    told = second.get(path).get_json()
    assert (told["waits"], told["kind"], told["amount"], told["decision"]) == (True, "transfer", "2500.00", None)
    assert {"label": "To", "value": "Petty cash"} in told["rows"]
    for person, status in ((asking, 403), (program(strict.cast.auditor), 403), (program(strict.cast.member), 403)):
        assert person.post(f"{path}/approval", {}).status_code == status
    assert number_of(strict) == 1
    done = second.post(f"{path}/approval", {})
    assert done.status_code == 200, done.text
    assert (done.get_json()["waits"], done.get_json()["first_entry"]) == (False, 2)
    assert asking.get("/entries/2").get_json()["approval"]["decided_by"] == str(strict.cast.leader.member_id)
    assert asking.get("/entries/2").get_json()["recorded_by"] == str(strict.cast.treasurer.member_id)
    late = second.post(f"{path}/rejection", {"reason": "No"})
    assert (late.status_code, late.get_json()["code"]) == (409, "already_decided")


def test_a_request_is_refused_or_taken_back(program, strict):
    asking, second = program(strict.cast.treasurer), program(strict.cast.leader)
    paths = [f"/approvals/{asking.post('/transfers', transfer_of(strict)).get_json()['approval_id']}" for _ in range(3)]
    assert fields_of(second.post(f"{paths[0]}/rejection", {"reason": ""})) == ["reason"]
    refused = second.post(f"{paths[0]}/rejection", {"reason": "Not agreed"}).get_json()
    assert (refused["decision"]["decision"], refused["reason"]) == ("rejected", "Not agreed")
    assert second.post(f"{paths[1]}/withdrawal", {}).get_json()["code"] == "not_your_request"
    taken = asking.post(f"{paths[1]}/withdrawal", {}).get_json()
    assert taken["decision"]["decision"] == "withdrawn"
    for query, count in (("", 3), ("?waits=true", 1), ("?waits=false", 2)):
        assert len(second.get(f"/approvals{query}").get_json()["items"]) == count
    assert len(second.get("/approvals?limit=2").get_json()["items"]) == 2
    assert number_of(strict) == 1


def test_where_nobody_else_can_decide_it_is_booked_and_marked(program, strict):
    only_one_approver(strict.cast)
    made = program(strict.cast.treasurer).post("/transfers", transfer_of(strict))
    assert (made.status_code, made.get_json()["approval"]["decision"]) == (201, "unchecked")


def test_nobody_is_asked_about_what_cannot_be_booked(program, strict):
    asking = program(strict.cast.treasurer)
    lines = [{"account": str(uuid.uuid4()), "debit": "5000"}, {"account": "treasury", "credit": "5000"}]
    assert fields_of(asking.post("/entries", {"day": "2026-11-03", "lines": lines})) == ["lines.0.account"]
    assert asking.post("/transfers", transfer_of(strict, source=str(uuid.uuid4()))).status_code == 404
    assert asking.get("/approvals").get_json()["items"] == []


def test_a_program_of_another_group_finds_nothing(program, strict):
    own, other = program(strict.cast.treasurer), program(strict.cast.outsider)
    waits = own.post("/transfers", transfer_of(strict)).get_json()["approval_id"]
    bank = account_of(strict, "cash", strict.bank)
    for path in ("/entries/1", f"/accounts/{bank}", f"/accounts/{bank}/movements", f"/cash-accounts/{strict.bank}"):
        assert other.get(path).status_code == 404, path
    assert other.get(f"/approvals/{waits}").status_code == 404
    assert other.post(f"/approvals/{waits}/approval", {}).status_code == 404
    assert other.post(f"/cash-accounts/{strict.bank}/closing").status_code == 404
    assert other.post("/transfers", transfer_of(strict)).status_code == 404
    assert other.get("/entries").get_json()["items"] == []
