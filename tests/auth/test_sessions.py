import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.auth import queries, sessions
from app.auth.models import UserAccount, UserSession
from app.auth.sessions import Person
from app.core import clock
from app.core.db import platform, transaction
from tests.auth.visitor import account

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def amina(context) -> UserAccount:
    return account(created_at=NOON)


def start(of: UserAccount, at: datetime = NOON, *, second_factor: bool = False) -> str:
    with clock.held(at), transaction():
        return sessions.start(of, address="10.0.0.1", agent="x" * 500, second_factor=second_factor)


def find(token: str, at: datetime = NOON) -> Person | None:
    with clock.held(at), transaction():
        return sessions.find(token)


def found(token: str, at: datetime = NOON) -> Person:
    person = find(token, at)
    assert person is not None
    return person


def test_only_a_digest_of_the_token_is_kept(amina):
    token = start(amina)
    row = platform().scalars(sa.select(UserSession).where(UserSession.user_id == amina.id)).one()
    assert row.token_digest != token.encode()
    assert len(row.token_digest) == 32
    assert find(token + "x") is None
    assert find("") is None


def test_a_session_ends_after_twelve_idle_hours_and_fourteen_days_at_most(amina):
    token = start(amina)
    assert find(token, NOON + timedelta(hours=12)) is None
    at = NOON
    while at < NOON + timedelta(days=14) - timedelta(hours=11):
        at += timedelta(hours=11)
        assert find(token, at) is not None
    assert find(token, NOON + timedelta(days=14)) is None


def test_an_officers_session_ends_after_thirty_idle_minutes(amina):
    token = start(amina)
    sessions.limit_idle(found(token).session_id, 30)
    assert find(token, NOON + 29 * MINUTE) is not None
    assert find(token, NOON + 58 * MINUTE) is not None
    assert find(token, NOON + 88 * MINUTE) is None


def test_a_time_out_is_shortened_and_never_lengthened(amina):
    token = start(amina)
    session_id = found(token).session_id
    for minutes, kept in ((30, 30), (60, 30), (15, 15)):
        sessions.limit_idle(session_id, minutes)
        platform().expire_all()
        assert found(token).idle_minutes == kept


def test_a_revoked_session_is_a_strangers_at_once(amina):
    one, two, three = start(amina), start(amina), start(amina)
    sessions.revoke(found(one).session_id, because="test")
    assert find(one) is None
    sessions.revoke_all(amina.id, because="test", but=found(two).session_id)
    assert find(two) is not None
    assert find(three) is None
    sessions.revoke_all(amina.id, because="test")
    assert find(two) is None


@pytest.mark.parametrize("status", ["suspended", "inactive"])
def test_a_closed_account_has_no_session(amina, status):
    token = start(amina)
    with transaction():
        platform().get_one(UserAccount, amina.id).status = status
    assert find(token) is None


def test_unconfirmed_people_are_signed_out_after_a_week(context):
    late = account(status="pending", email_confirmed_at=None, created_at=NOON - timedelta(days=6))
    token = start(late)
    assert find(token, NOON + timedelta(hours=11)) is not None
    assert find(token, NOON + timedelta(hours=22)) is not None
    assert find(token, NOON + timedelta(hours=30)) is None


def test_the_list_shows_open_sessions_only(amina):
    kept, revoked, idle = start(amina), start(amina), start(amina, NOON - timedelta(hours=13))
    sessions.revoke(found(revoked).session_id, because="test")
    assert find(idle) is None
    with clock.held(NOON):
        assert [row.id for row in queries.sessions_of(amina.id)] == [found(kept).session_id]


def test_fresh_means_proved_lately_by_the_second_step_where_it_is_on(amina):
    token = start(amina)
    with clock.held(NOON + 9 * MINUTE):
        assert found(token).fresh()
    with clock.held(NOON + 10 * MINUTE):
        assert not found(token).fresh()
        assert found(token).fresh(minutes=11)
    with transaction():
        platform().get_one(UserAccount, amina.id).two_factor_enabled = True
    with clock.held(NOON):
        assert not found(token).fresh()
        assert found(start(amina, second_factor=True)).fresh()


def test_what_is_nobodys_session_is_left_alone(context):
    sessions.limit_idle(uuid.uuid4(), 5)
    sessions.revoke(uuid.uuid4(), because="test")
