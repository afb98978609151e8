"""The erasure of a member as a program meets it."""

import uuid

import pytest

from app.core.db import transaction
from app.privacy.erasing import reason_of, waiting_of_member

WHY = {"reason": "She asked us to."}


@pytest.fixture
def wanja(program, cast):
    """A member without a sign-in."""
    body = {"display_name": "Wanja Njeri", "email": "wanja@example.com"}
    return program(cast.secretary).post("/members", body).get_json()["id"]


def code(answer):
    return answer.status_code, answer.get_json()["code"]


def test_an_erasure_is_asked_for_once_and_taken_back(program, cast, wanja):
    asking, path = program(cast.secretary), f"/members/{wanja}/erasure"
    before = asking.get(path).get_json()
    assert before == {"erased": False, "waiting": None, "signs_in": False, "reasons": [], "days": 14}
    asked = [asking.post(path, WHY, key="erase-wanja") for _ in range(2)]
    assert [answer.status_code for answer in asked] == [201, 201], asked[0].text
    assert asked[0].get_json() == asked[1].get_json()
    assert code(asking.post(path, {"reason": "Other"}, key="erase-wanja")) == (422, "idempotency_key_reused")
    wish = asking.get(path).get_json()["waiting"]
    assert (wish, wish["asked_by"]) == (asked[0].get_json(), str(cast.secretary.member_id))
    with transaction(group_id=cast.group_id):
        row = waiting_of_member(uuid.UUID(wish["member_id"]))
        assert row is not None
        assert reason_of(row) == WHY["reason"]
    assert [asking.ask("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert asking.get(path).get_json()["waiting"] is None


def test_who_signs_in_asks_themselves_and_a_reason_is_given(program, cast, wanja):
    asking = program(cast.leader)
    own = asking.get(f"/members/{cast.member.member_id}/erasure").get_json()
    assert own["signs_in"] is True
    assert code(asking.post(f"/members/{cast.member.member_id}/erasure", WHY)) == (409, "erasure_has_sign_in")
    wrong = asking.post(f"/members/{wanja}/erasure", {"reason": " "})
    assert [fault["field"] for fault in wrong.get_json()["errors"]] == ["reason"]


def test_nobody_else_asks_reads_or_takes_back(program, cast, wanja):
    path = f"/members/{wanja}/erasure"
    for person, status in (("member", 403), ("auditor", 403), ("outsider", 404)):
        other = program(getattr(cast, person))
        answers = (other.get(path), other.post(path, WHY), other.ask("DELETE", path))
        assert [answer.status_code for answer in answers] == [status] * 3, person


def test_who_has_a_role_is_erased_with_the_right_to_give_roles_only(program, cast, wanja):
    program(cast.leader).ask("PUT", f"/members/{wanja}/roles", json={"roles": ["treasurer"]})
    narrow = program(cast.leader, scopes=["group.see", "members.manage"])
    assert code(narrow.post(f"/members/{wanja}/erasure", WHY)) == (403, "may_not")
    assert program(cast.leader).post(f"/members/{wanja}/erasure", WHY).status_code == 201
