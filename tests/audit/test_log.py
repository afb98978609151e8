"""The audit log: what is written, what is sealed, what is never there."""

import pytest
import sqlalchemy as sa

from app.audit import words
from app.audit.log import HIDDEN, record
from app.audit.models import AuditEvent
from app.audit.queries import history_of, values_of
from app.core.db import session, transaction
from app.core.ids import new_id
from app.groups.queries import members_page


@pytest.fixture
def inside(cast):
    with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
        yield cast


def test_only_what_changed_is_kept(inside):
    event = record("update", "thing", new_id(), by=None, before={"a": 1, "b": 2}, after={"a": 1, "b": 3, "c": "x"})
    session().flush()
    assert event.fields == ["b", "c"]
    assert values_of(event) == {"b": (2, 3), "c": (None, "x")}
    assert event.user_id == inside.leader.user_id


@pytest.mark.parametrize("name", ["password", "totp_secret", "api.token", "national_id", "account_number", "pin"])
def test_secrets_are_named_and_never_written(inside, name):
    event = record("update", "thing", by=None, before={name: None}, after={name: "s3cret"})
    assert values_of(event) == {name: (None, HIDDEN)}
    assert b"s3cret" not in (event.sealed or b"")


def test_an_event_without_values_seals_nothing(inside):
    event = record("read", "thing", by=None)
    assert (event.sealed, event.subject_id, values_of(event)) == (None, None, {})


def test_names_are_not_readable_in_the_table(inside):
    about = inside.member.member_id
    event = record("update", "member", about, by=None, after={"display_name": "Daniel Mwangi"}, about=about)
    assert b"Daniel" not in (event.sealed or b"Daniel")


def test_the_log_only_grows(cast):
    with transaction(group_id=cast.group_id):
        record("create", "thing", new_id(), by=None)
    for change in (sa.update(AuditEvent).values(action="x"), sa.delete(AuditEvent)):
        with pytest.raises(sa.exc.DBAPIError), transaction(group_id=cast.group_id):
            session().execute(change)


def test_the_history_of_a_record_is_the_latest_first(inside):
    about = new_id()
    for action in ("create", "update", "suspend"):
        record(action, "thing", about, by=None)
    session().flush()
    assert [event.action for event in history_of(about)] == ["suspend", "update", "create"]
    assert [event.action for event in history_of(about, actions=("create",))] == ["create"]
    assert members_page().rows


def test_what_has_no_word_is_said_as_it_is_called():
    assert str(words.action("sell_off")) == "Sell off"
    assert str(words.entity("member")) == "Member"
    assert str(words.field("savings.expected_amount")) == "Expected amount"
