"""Messages to a real server on this machine: each ending a request can have."""

import json
import socket
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.core.mail import MailMessage
from app.hooks import sending, transport
from app.hooks.rules import TRIES, target
from tests.hooks.receiver import receiver, verified


def wait(told):
    """To when the next try is due, and make it."""
    with clock.held(told.deliveries()[-1].next_at + timedelta(seconds=1)):
        told.work()


def test_what_happened_arrives_signed_and_names_nobody(told, cast):
    with receiver() as other:
        told.add(other.url)
        told.happens()
        told.work()
    (headers, body), row = other.heard[0], told.deliveries()[0]
    assert verified(headers, body, told.secret)
    said = json.loads(body)
    assert said["id"] == headers["webhook-id"] == str(row.id)
    assert said["type"] == "payment.create"
    assert said["data"]["group"] == cast.slug
    assert said["data"]["entity_id"] == str(row.entity_id)
    assert b"Amina" not in body
    assert (row.state, row.tries, row.code) == ("delivered", 1, 200)
    assert told.open_messages() == 0
    assert told.hook().delivered_at is not None


def test_only_wanted_events_are_told(told):
    with receiver() as other:
        told.add(other.url, "member.create", "penalty.create")
        told.happens("create", "payment")
        told.happens("read", "member")
        told.happens("create", "penalty")
        told.work()
    assert [json.loads(body)["type"] for _, body in other.heard] == ["penalty.create"]


def test_a_failed_try_is_made_again_under_the_same_id(told):
    with receiver(500, 503, 204) as other:
        told.add(other.url)
        told.happens()
        told.work()
        assert (told.deliveries()[0].state, told.deliveries()[0].code) == ("waiting", 500)
        wait(told)
        wait(told)
    assert len(other.heard) == 3
    assert len(set(other.ids)) == 1
    row = told.deliveries()[0]
    assert (row.state, row.tries, row.code, row.problem) == ("delivered", 3, 204, None)
    assert (told.hook().failures, told.hook().failing_since) == (0, None)


def test_another_message_waits_while_the_address_fails(told):
    with receiver(500, 200) as other:
        told.add(other.url)
        told.happens()
        told.work()
        told.happens()
        told.work()
        assert len(other.heard) == 1
        assert [row.tries for row in told.deliveries()] == [1, 0]
        wait(told)
    assert "delivered" in [row.state for row in told.deliveries()]


def test_a_redirect_is_not_followed(told):
    with receiver() as inner, receiver(302, location=inner.url) as other:
        told.add(other.url)
        told.happens()
        told.work()
        assert inner.heard == []
    assert told.deliveries()[0].code == 302
    assert told.deliveries()[0].state == "waiting"


def test_a_closed_port_is_no_connection(told):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        told.add(f"http://127.0.0.1:{held.getsockname()[1]}/")
        told.happens()
        told.work()
    assert told.deliveries()[0].problem == "no_connection"


@pytest.mark.parametrize("ways", [{"slow": 3.0}, {"drip": True}])
def test_neither_silence_nor_an_answer_in_drops_holds_longer_than_agreed(ways):
    with receiver(**ways) as other:
        went = transport.post(target(other.url, loopback=True), {}, b"{}", loopback=True, seconds=0.5)
    assert (went.code, went.problem) == (None, "time_out")
    assert 450 <= went.took < 1500


def test_after_the_last_try_it_is_given_up(told):
    with receiver(500) as other:
        told.add(other.url)
        told.happens()
        told.work()
        for _try in range(TRIES - 1):
            told.change(held_until=None, failing_since=None)
            wait(told)
        assert told.deliveries()[0].state == "failed"
        assert told.open_messages() == 0
    assert len(other.heard) == TRIES


def test_an_address_that_fails_for_three_days_is_paused_and_officers_are_told(told, cast):
    with receiver(500) as other:
        told.add(other.url)
        told.happens()
        told.work()
        told.change(failing_since=clock.now() - timedelta(days=3), held_until=None)
        wait(told)
        assert told.hook().state == "failing"
        wait(told)
        assert len(other.heard) == 2
    assert told.deliveries()[0].state == "skipped"
    with transaction(group_id=cast.group_id):
        wanted = sa.select(MailMessage.member_id).where(MailMessage.template == "hook_paused")
        assert set(session().scalars(wanted)) == {cast.leader.member_id, cast.treasurer.member_id}
    told.happens()
    assert len(told.deliveries()) == 1


def test_a_receiver_that_is_gone_is_paused_at_once(told):
    with receiver(410) as other:
        told.add(other.url)
        told.happens()
        told.work()
    assert told.hook().state == "failing"


def test_a_worker_that_died_between_sending_and_noting_leaves_the_same_message(told, monkeypatch):
    def die(point):
        if point == "hooks.sent":
            raise KeyboardInterrupt  # what no handler catches, as little as a kill

    with receiver() as other:
        told.add(other.url)
        told.happens()
        monkeypatch.setattr(sending, "crash", die)
        with pytest.raises(KeyboardInterrupt):
            told.work()
        monkeypatch.undo()
        row = told.deliveries()[0]
        assert (row.state, row.tries) == ("sending", 1)
        wait(told)
    assert len(other.heard) == 2
    assert len(set(other.ids)) == 1
    assert other.heard[0][1] == other.heard[1][1]
    assert (told.deliveries()[0].state, told.deliveries()[0].tries) == ("delivered", 2)


def test_an_answer_that_came_too_late_changes_nothing(told, monkeypatch):
    with receiver() as other:
        told.add(other.url)
        told.happens()
        monkeypatch.setattr(sending, "outbox_key", lambda row: pytest.fail(str(row)))

        def slow(*_given, **_more):
            with clock.held(told.deliveries()[0].next_at + timedelta(seconds=1)):
                monkeypatch.setattr(sending, "post", lambda *_a, **_m: transport.Answer(None, "time_out", 1))
                monkeypatch.undo()
                told.work()
            return transport.Answer(None, "time_out", 99999)

        monkeypatch.setattr(sending, "post", slow)
        told.work()
    row = told.deliveries()[0]
    assert (row.state, row.code, row.tries) == ("delivered", 200, 2)


def test_something_else_than_the_web_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def babble():
            line, _ = server.accept()
            line.recv(100)
            line.sendall(b"SSH-2.0-babble\r\n")
            line.close()

        thread = threading.Thread(target=babble, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        went = transport.post(target(url, loopback=True), {}, b"{}", loopback=True, seconds=5)
        thread.join()
    assert went.problem == "no_answer"
