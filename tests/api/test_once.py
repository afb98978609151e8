"""Keys: what is sent twice is done once."""

import threading
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, repeats
from app.core.db import session, transaction
from app.core.repeats import ApiAnswer
from app.tokens.queries import in_use
from tests.api.calling import Program, token_of
from tests.factories import cast as make_cast


@pytest.fixture
def spare(program, cast):
    """The id of a token that may be ended, and a program that may end it."""
    token_of(cast.leader)
    asking = program(cast.treasurer)
    listed = asking.get("/tokens").get_json()["items"]
    return asking, next(one["id"] for one in listed if one["member_id"] == str(cast.leader.member_id))


def test_a_deed_needs_a_key(program, cast):
    answer = program(cast.treasurer).ask("DELETE", "/tokens/01900000-0000-7000-8000-000000000000", key="short")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_missing")


def test_the_same_request_again_gets_the_same_answer(spare):
    asking, token_id = spare
    first = asking.ask("DELETE", f"/tokens/{token_id}", key="end-it-once")
    again = asking.ask("DELETE", f"/tokens/{token_id}", key="end-it-once")
    assert (first.status_code, again.status_code) == (204, 204), again.text
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    other_key = asking.ask("DELETE", f"/tokens/{token_id}", key="another-key")
    assert (other_key.status_code, other_key.get_json()["code"]) == (409, "token_ended")


def test_the_same_key_with_another_body_is_refused(program, cast):
    asking = program(cast.treasurer)
    path = "/cash-accounts"
    first = asking.post(path, {"name": "Till", "method": "petty_cash"}, key="one-account")
    other = asking.post(path, {"name": "Safe", "method": "petty_cash"}, key="one-account")
    assert first.status_code == 201, first.text
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


def test_a_field_that_stands_twice_is_refused(program, cast):
    body = '{"name": "Till", "name": "Safe", "method": "petty_cash"}'
    answer = program(cast.treasurer).ask("POST", "/cash-accounts", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [{"field": "name", "detail": "This field stands twice."}]


def test_a_refused_deed_may_be_sent_again(spare):
    asking, token_id = spare
    wrong = asking.ask("DELETE", f"/tokens/{token_id}", key="mended-later", json={"x": 1})
    right = asking.ask("DELETE", f"/tokens/{token_id}", key="mended-later")
    assert (wrong.status_code, right.status_code) == (422, 204)


def test_keys_of_one_token_say_nothing_to_another(program, cast, spare):
    asking, token_id = spare
    assert asking.ask("DELETE", f"/tokens/{token_id}", key="shared-key").status_code == 204
    other = program(cast.leader).ask("DELETE", f"/tokens/{token_id}", key="shared-key")
    assert other.get_json()["code"] == "token_ended"


def test_an_answer_is_forgotten_after_three_days(spare, cast, context):
    asking, token_id = spare
    asking.ask("DELETE", f"/tokens/{token_id}", key="long-ago-1")
    with transaction(group_id=cast.group_id), clock.held(clock.now() + repeats.KEPT_FOR):
        assert repeats.forget_old() == 1
        assert session().scalars(sa.select(ApiAnswer)).all() == []


@pytest.mark.committed
def test_of_many_at_once_one_is_done_and_the_others_wait_their_turn(committed: Flask):
    with committed.app_context():
        people = make_cast()
        with transaction(group_id=people.group_id):
            before = in_use()
        spare_secret = token_of(people.leader)
        asking = Program(committed, token_of(people.treasurer))
    found = asking.get("/tokens").get_json()["items"]
    token_id = next(one["id"] for one in found if spare_secret.endswith(one["hint"]))
    start, statuses = threading.Barrier(8), []

    def end() -> None:
        start.wait()
        statuses.append(asking.ask("DELETE", f"/tokens/{token_id}", key="pressed-at-once").status_code)

    threads = [threading.Thread(target=end) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {204, 409}
    assert 204 in statuses
    with committed.app_context(), transaction(group_id=people.group_id):
        assert in_use() == before + 1


@pytest.mark.committed
def test_while_one_request_has_the_key_another_is_told_that_it_still_runs(committed: Flask):
    with committed.app_context():
        people = make_cast()
        asking = Program(committed, token_of(people.treasurer))
        token_of(people.leader)
    listed = asking.get("/tokens").get_json()["items"]
    mine, theirs = (
        next(one["id"] for one in listed if one["member_id"] == str(person.member_id))
        for person in (people.treasurer, people.leader)
    )
    path, key = f"/tokens/{theirs}", "pressed-at-once"
    with committed.app_context(), transaction(group_id=people.group_id):
        assert repeats.try_lock(uuid.UUID(mine), f"DELETE /api/v1{path}", key)
        waits = asking.ask("DELETE", path, key=key)
    assert (waits.status_code, waits.get_json()["code"]) == (409, "still_running")
    assert asking.ask("DELETE", path, key=key).status_code == 204
