import contextvars
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from app.auth import attempts, devices, passwords, services
from app.auth.errors import AccountClosed, ConfirmFirst, SignInRefused, WrongPassword
from app.auth.models import KnownDevice, UserAccount
from app.auth.rules import Purpose
from app.auth.signing_in import confirm_password, sign_in
from app.core import clock
from app.core.db import platform, transaction
from tests.auth.visitor import WRONG, account, events_of, fresh, letters_to, send_link
from tests.factories import PASSWORD

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def fail(email: str, times: int = 1, device: str | None = None) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in(email=email, password=WRONG, device=device)


def known(of: UserAccount) -> str:
    with transaction():
        return devices.learn(of, None)[0]


def test_the_right_password_signs_in_however_the_address_is_written(context):
    amina = account("Amina@Example.com")
    assert sign_in(email=" amina@EXAMPLE.com ", password=PASSWORD).id == amina.id


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(context):
    amina = account()
    with pytest.raises(SignInRefused) as wrong:
        sign_in(email=amina.email, password=WRONG)
    with pytest.raises(SignInRefused) as unknown:
        sign_in(email="nobody@example.com", password=WRONG)
    assert str(wrong.value) == str(unknown.value)
    assert wrong.value.field == unknown.value.field is None


def test_every_answer_costs_exactly_one_hash(context, monkeypatch):
    amina, closed = account(), account(status="suspended")
    counted: list[bool] = []
    matches = passwords.matches

    def counting(*args: str) -> bool:
        counted.append(matches(*args))
        return counted[-1]

    monkeypatch.setattr(passwords, "matches", counting)
    fail("nobody@example.com")
    fail(amina.email, 6)  # the sixth falls into the pause
    with pytest.raises(AccountClosed):
        sign_in(email=closed.email, password=PASSWORD)
    assert len(counted) == 8


def test_five_failures_pause_sign_in_for_half_an_hour_and_tell_the_owner_once(context):
    amina = account()
    with clock.held(NOON):
        fail(amina.email, 5)
        with pytest.raises(SignInRefused):
            sign_in(email=amina.email, password=PASSWORD)
        fail(amina.email, 3)
        assert [name for name, _ in letters_to(amina.email)] == ["auth_locked"]
        assert fresh(amina.id).account_locked_until == NOON + timedelta(minutes=30)
    with clock.held(NOON + timedelta(minutes=30)):
        assert sign_in(email=amina.email, password=PASSWORD).id == amina.id
        platform().flush()
    assert "locked" in events_of(amina.id)


def test_the_pause_begins_anew_after_five_more_and_is_never_for_good(context):
    amina = account()
    for round_ in range(3):
        with clock.held(NOON + timedelta(minutes=30 * round_)):
            fail(amina.email, 5)
    with clock.held(NOON + timedelta(minutes=90)):
        assert sign_in(email=amina.email, password=PASSWORD).id == amina.id


def test_the_right_password_gives_the_budget_back(context):
    amina = account()
    fail(amina.email, 4)
    with transaction():
        sign_in(email=amina.email, password=PASSWORD)
    assert fresh(amina.id).failed_login_attempts == 0
    fail(amina.email, 4)
    with transaction():
        sign_in(email=amina.email, password=PASSWORD)


def test_the_fifth_try_may_be_the_right_one(context):
    amina = account()
    fail(amina.email, 4)
    with transaction():
        sign_in(email=amina.email, password=PASSWORD)
    assert fresh(amina.id).account_locked_until is None
    assert letters_to(amina.email) == []


def test_strangers_cannot_shut_out_a_device_that_is_known(context):
    amina = account()
    mine = known(amina)
    fail(amina.email, 20)
    assert sign_in(email=amina.email, password=PASSWORD, device=mine).id == amina.id


def test_a_known_device_has_a_budget_too(context):
    amina = account()
    mine = known(amina)
    fail(amina.email, 5, device=mine)
    with pytest.raises(SignInRefused):
        sign_in(email=amina.email, password=PASSWORD, device=mine)
    assert sign_in(email=amina.email, password=PASSWORD).id == amina.id  # the other budget is untouched


def test_a_device_known_to_somebody_else_counts_as_a_strangers(context):
    amina, thief = account(), account()
    theirs = known(thief)
    fail(amina.email, 5, device=theirs)
    assert fresh(amina.id).account_locked_until is not None
    with pytest.raises(SignInRefused):
        sign_in(email=amina.email, password=PASSWORD, device=theirs)


def test_one_browser_may_be_known_to_a_whole_family(context):
    amina, joseph = account(), account()
    token = known(amina)
    with transaction():
        assert devices.learn(joseph, token) == (token, False)
        assert devices.learn(joseph, token) == (token, True)
        count = (
            sa.select(sa.func.count()).select_from(KnownDevice).where(KnownDevice.user_id.in_([amina.id, joseph.id]))
        )
        assert platform().scalar(count) == 2


def test_a_new_password_by_a_link_ends_the_pause(context):
    amina = account()
    fail(amina.email, 5)
    token = send_link(amina, Purpose.RESET)
    with transaction():
        services.reset_password(token=token, password="a wholly other phrase")
    assert sign_in(email=amina.email, password="a wholly other phrase").id == amina.id


@pytest.mark.parametrize("status", ["suspended", "inactive"])
def test_a_closed_account_is_told_so_only_with_its_password(context, status):
    amina = account(status=status)
    fail(amina.email)
    with pytest.raises(AccountClosed):
        sign_in(email=amina.email, password=PASSWORD)


def test_unconfirmed_people_have_a_week_and_then_get_a_new_link(context):
    amina = account(status="pending", email_confirmed_at=None, created_at=NOON)
    with clock.held(NOON + timedelta(days=6)):
        assert sign_in(email=amina.email, password=PASSWORD).id == amina.id
    with clock.held(NOON + timedelta(days=8)):
        fail(amina.email)
        with pytest.raises(ConfirmFirst):
            sign_in(email=amina.email, password=PASSWORD)
    assert [name for name, _ in letters_to(amina.email)] == ["auth_confirm"]


def test_a_weaker_hash_is_made_anew_while_the_password_is_at_hand(context):
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    amina = account(password_hash=weak)
    with transaction():
        sign_in(email=amina.email, password=PASSWORD)
    assert not passwords.is_dated(fresh(amina.id).password_hash)


def test_the_password_once_more_is_asked_for_at_its_field(context):
    amina = account()
    confirm_password(amina, PASSWORD)
    with pytest.raises(WrongPassword) as wrong:
        confirm_password(amina, WRONG, field="current")
    assert wrong.value.field == "current"


def test_what_is_counted_outlives_the_refusal(committed):
    with committed.app_context():
        amina = account()
    with committed.app_context():
        with pytest.raises(SignInRefused), transaction():
            sign_in(email=amina.email, password=WRONG)
        assert fresh(amina.id).failed_login_attempts == 1
        assert events_of(amina.id) == ["sign_in_refused"]


def test_thirty_guesses_at_once_get_five_looks(committed, monkeypatch):
    with committed.app_context():
        amina = account()
    looked: list[int | None] = []
    monkeypatch.setattr(attempts, "take", _recording(attempts.take, looked))

    def guess() -> None:
        with committed.app_context():
            fail(amina.email)

    threads = [threading.Thread(target=contextvars.Context().run, args=(guess,)) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for number in looked if number) == [1, 2, 3, 4, 5]
    assert len(looked) == 30
    with committed.app_context():
        assert [name for name, _ in letters_to(amina.email)] == ["auth_locked"]


def _recording(take, looked):
    def taken(*args):
        number = take(*args)
        looked.append(number)
        return number

    return taken
