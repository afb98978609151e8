"""Adding, changing and ending addresses; asking for a test, and for a message once more."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit.log import record
from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import enter, session, transaction
from app.core.draining import handle
from app.core.outbox import Outbox
from app.hooks import deliveries, queries, services
from app.hooks.errors import (
    BadEvents,
    BadSecret,
    EarlierStillValid,
    InsideUrl,
    NoSuchDelivery,
    NoSuchHook,
    NotActive,
    StillOnItsWay,
    TooManyHooks,
)
from app.hooks.models import HookAddress, HookDelivery
from app.hooks.personal import personal
from app.hooks.rules import EVENTS, new_secret
from app.hooks.sending import send
from tests.hooks.receiver import receiver, verified

URL = "http://127.0.0.1:9/told"


@pytest.fixture
def inside(cast):
    enter(cast.group_id)
    return {"url": URL, "events": ["payment.create"], "by": cast.leader.member_id}


def test_pressed_twice_one_address_is_added_and_the_secret_is_told_once(inside):
    made, secret = services.add_hook(**inside, key="k")
    again, nothing = services.add_hook(**inside, key="k")
    assert (made.id, nothing) == (again.id, None)
    assert str(secret).startswith("whsec_")


def test_neither_address_nor_secret_is_kept_in_clear(inside):
    made, secret = services.add_hook(**inside, key="k")
    assert secret
    kept = session().connection().exec_driver_sql("SELECT hook_address::text FROM hook_address").scalar_one()
    for hidden in (URL, secret, URL.encode().hex(), secret.encode().hex()):
        assert hidden not in kept
    assert queries.secrets_of(made) == [secret]
    event = session().scalars(sa.select(AuditEvent).where(AuditEvent.entity == "hook")).one()
    assert event.sealed
    assert secret.encode() not in event.sealed


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"events": []}, BadEvents),
        ({"events": ["member.read"]}, BadEvents),
        ({"url": "https://10.0.0.1/"}, InsideUrl),
        ({"secret": "whsec_short"}, BadSecret),
    ],
)
def test_what_cannot_be_added(inside, wrong, error):
    with pytest.raises(error):
        services.add_hook(**(inside | wrong), key="k")


def test_a_group_has_at_most_ten_addresses(inside):
    for number in range(services.MOST):
        services.add_hook(**inside, key=f"k{number}")
    with pytest.raises(TooManyHooks):
        services.add_hook(**inside, key="one more")


def test_for_a_day_after_a_change_both_secrets_sign(told, cast):
    with receiver() as other:
        told.add(other.url)
        with transaction(group_id=cast.group_id):
            row = queries.hook(told.hook().id).hook
            fresh = services.rotate(row, by=cast.leader.member_id)
            with pytest.raises(EarlierStillValid):
                services.rotate(row, by=cast.leader.member_id)
        told.happens()
        told.work()
        ((headers, body),) = other.heard
        assert verified(headers, body, told.secret)
        assert verified(headers, body, fresh)
        with clock.held(clock.now() + timedelta(hours=24)), transaction(group_id=cast.group_id):
            row = queries.hook(row.id).hook
            assert queries.secrets_of(row) == [fresh]
            own = new_secret()
            assert services.rotate(row, by=cast.leader.member_id, secret=own) == own


def test_a_paused_address_is_told_nothing_until_it_goes_on(told, cast):
    told.add(URL)
    by = cast.leader.member_id
    with transaction(group_id=cast.group_id):
        services.pause(queries.hooks()[0].hook, by=by)
        with pytest.raises(NotActive):
            services.pause(queries.hooks()[0].hook, by=by)
        with pytest.raises(NotActive):
            deliveries.send_test(queries.hooks()[0].hook, by=by)
    told.happens()
    assert told.deliveries() == []
    told.change(failures=7, failing_since=clock.now(), held_until=clock.now() + timedelta(hours=1))
    with transaction(group_id=cast.group_id):
        services.resume(queries.hooks()[0].hook, by=by)
        services.resume(queries.hooks()[0].hook, by=by)
    assert (told.hook().state, told.hook().failures, told.hook().held_until) == ("active", 0, None)
    told.happens()
    assert len(told.deliveries()) == 1


def test_an_ended_address_is_gone(told, cast):
    hook_id = told.add(URL).id
    told.happens()
    with transaction(group_id=cast.group_id):
        services.end(queries.hook(hook_id).hook, by=cast.leader.member_id)
        assert queries.hooks() == []
        with pytest.raises(NoSuchHook):
            queries.hook(hook_id)
        services.end(session().get_one(HookAddress, (cast.group_id, hook_id)), by=cast.leader.member_id)
    told.work()
    assert told.deliveries()[0].state == "skipped"


def test_a_test_is_sent_once_at_a_time(told, cast):
    with receiver() as other:
        hook_id = told.add(other.url).id
        with transaction(group_id=cast.group_id):
            deliveries.send_test(queries.hook(hook_id).hook, by=cast.leader.member_id)
            with pytest.raises(StillOnItsWay):
                deliveries.send_test(queries.hook(hook_id).hook, by=cast.leader.member_id)
        told.work()
        with transaction(group_id=cast.group_id):
            deliveries.send_test(queries.hook(hook_id).hook, by=cast.leader.member_id)
    assert b'"type":"hook.test"' in other.heard[0][1]


def test_what_was_given_up_is_sent_once_more_under_the_same_id(told, cast):
    with receiver() as other:
        hook_id = told.add(other.url).id
        told.happens()
        with transaction(group_id=cast.group_id):
            row, seen = session().scalars(sa.select(HookDelivery)).one(), queries.hook(hook_id).hook
            with pytest.raises(StillOnItsWay):
                deliveries.redeliver(seen, row, by=cast.leader.member_id)
            row.state = "failed"
            session().flush()
            deliveries.redeliver(seen, row, by=cast.leader.member_id)
            services.pause(seen, by=cast.leader.member_id)
            with pytest.raises(NotActive):
                deliveries.redeliver(seen, row, by=cast.leader.member_id)
            services.resume(seen, by=cast.leader.member_id)
            with pytest.raises(NoSuchDelivery):
                queries.delivery(row.id, row.id)
        told.work()
        assert other.ids == [str(told.deliveries()[0].id)]  # once: the message of the turn before has nothing to do


def test_a_message_whose_last_try_died_is_given_up(told, cast):
    told.add(URL)
    told.happens()
    with transaction(group_id=cast.group_id):
        session().execute(sa.update(HookDelivery).values(state="sending", tries=10))
    told.work()
    assert told.deliveries()[0].state == "failed"


def test_a_message_that_is_gone_is_no_fault(told, cast):
    told.add(URL)
    told.happens()
    with transaction(group_id=cast.group_id):
        send(delivery_id=str(cast.group_id), turn=1)
        session().execute(sa.delete(HookDelivery))
        message = session().scalars(sa.select(Outbox.id).where(Outbox.kind == "hooks.send")).one()
    handle(cast.group_id, message)
    assert told.open_messages() == 0


def test_a_rolled_back_change_tells_nothing(told, cast):
    told.add(URL)

    def fail():
        with transaction(group_id=cast.group_id):
            record("create", "payment", cast.group_id, by=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert told.deliveries() == []


def test_addresses_added_in_the_same_unit_of_work_are_told(inside):
    queries.listening()
    services.add_hook(**inside, key="k")
    record("create", "payment", None, by=None)
    assert session().scalar(sa.select(HookDelivery.event)) == "payment.create"


def test_a_record_is_named_with_its_address_where_the_api_has_one(inside):
    assert queries.path_of("entry", inside["by"]) is None
    assert queries.path_of("approval_request", None) is None
    assert queries.path_of("approval_request", inside["by"]) == f"/api/v1/approvals/{inside['by']}"


def test_every_event_has_words():
    assert all(str(words) and "." in name for name, words in EVENTS.items())


def test_a_member_is_told_which_addresses_they_added_without_the_secrets(inside):
    made, _ = services.add_hook(**inside, key="k")
    (row,) = personal(inside["by"])["hook_address"]
    assert row["id"] == made.id
    assert not {"url", "secret", "earlier_secret"} & row.keys()
