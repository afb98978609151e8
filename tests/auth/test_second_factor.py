import contextvars
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa

from app.auth import queries, recovery_codes, sessions
from app.auth import second_factor as second
from app.auth.errors import SecondFactorOff, SecondFactorOn, WrongCode, WrongPassword
from app.auth.models import RecoveryCode, UserAccount
from app.core import clock
from app.core.db import platform, transaction
from tests.auth.visitor import WRONG, account, events_of, fresh, letters_to
from tests.factories import PASSWORD

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.fixture
def at_noon() -> Iterator[None]:
    with clock.held(NOON):
        yield


@pytest.fixture
def amina(context, at_noon) -> UserAccount:
    return account(password_changed_at=NOON - timedelta(days=1))


def begin(of: UserAccount) -> pyotp.TOTP:
    with transaction():
        who = queries.account(of.id)
        second.begin(who, password=PASSWORD)
        return pyotp.TOTP(second.set_up(who).secret.replace(" ", ""))


def switch_on(of: UserAccount) -> tuple[pyotp.TOTP, list[str]]:
    """On, by a code of a minute ago, so that the codes of now are unused."""
    totp = begin(of)
    with clock.held(clock.now() - 2 * STEP), transaction():
        token = sessions.start(of, address="", agent="")
        here = sessions.find(token)
        assert here is not None
        codes = second.enable(queries.account(of.id), code=totp.at(clock.now()), session_id=here.session_id)
    return totp, codes


def by_app(of: UserAccount, code: str, since: datetime = NOON) -> UserAccount:
    with transaction():
        return second.pass_by_app(user_id=of.id, since=since, code=code)


def by_recovery(of: UserAccount, code: str) -> UserAccount:
    with transaction():
        return second.pass_by_recovery_code(user_id=of.id, since=NOON, code=code)


def test_it_is_switched_on_by_a_first_code_and_ends_other_sessions(amina):
    with transaction():
        other = sessions.start(amina, address="", agent="")
    _totp, codes = switch_on(amina)
    assert fresh(amina.id).two_factor_enabled
    assert sessions.find(other) is None
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 24 for code in codes)  # 120 bits
    assert [name for name, _ in letters_to(amina.email)] == ["auth_second_factor"]


def test_the_session_that_switched_it_on_counts_as_proved(amina):
    totp = begin(amina)
    with transaction():
        token = sessions.start(amina, address="", agent="")
        here = sessions.find(token)
        assert here is not None
        second.enable(queries.account(amina.id), code=totp.at(NOON), session_id=here.session_id)
    platform().expire_all()
    found = sessions.find(token)
    assert found is not None
    assert found.fresh()


def test_the_picture_carries_the_secret_and_no_style(amina):
    with transaction():
        who = queries.account(amina.id)
        second.begin(who, password=PASSWORD)
        shown = second.set_up(who)
    assert shown.picture.startswith("<svg")
    assert "style" not in shown.picture
    assert len(shown.secret.replace(" ", "")) == 32


def test_the_secret_is_sealed_and_opens_in_its_own_row_only(amina):
    totp, joseph = begin(amina), account()
    kept = fresh(amina.id).totp_secret
    assert kept is not None
    assert totp.secret.encode() not in kept
    with transaction():
        platform().get_one(UserAccount, joseph.id).totp_secret = kept
    with pytest.raises(Exception, match="changed, moved"):
        second.set_up(queries.account(joseph.id))


def test_beginning_needs_the_password(amina):
    with pytest.raises(WrongPassword):
        second.begin(queries.account(amina.id), password=WRONG)


def test_a_wrong_first_code_switches_nothing_on(amina):
    begin(amina)
    with pytest.raises(WrongCode), transaction():
        second.enable(queries.account(amina.id), code="000000", session_id=amina.id)
    assert not fresh(amina.id).two_factor_enabled


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_clocks_may_be_half_a_minute_wrong(amina, steps):
    totp, _ = switch_on(amina)
    assert by_app(amina, totp.at(NOON + steps * STEP)).id == amina.id


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_but_not_more(amina, steps):
    totp, _ = switch_on(amina)
    with pytest.raises(WrongCode):
        by_app(amina, totp.at(NOON + steps * STEP))


def test_a_code_works_once_and_no_earlier_one_after_it(amina):
    totp, _ = switch_on(amina)
    by_app(amina, totp.at(NOON))
    for code in (totp.at(NOON), totp.at(NOON - STEP), totp.at(NOON)):
        with pytest.raises(WrongCode):
            by_app(amina, code)
    by_app(amina, totp.at(NOON + STEP))


def test_a_hundred_replays_are_refused_a_hundred_times(amina):
    totp, _ = switch_on(amina)
    refused = 0
    for number in range(100):
        with clock.held(NOON + number * timedelta(hours=1)):
            code = totp.at(clock.now())
            by_app(amina, code)
            with pytest.raises(WrongCode):
                by_app(amina, code)
            refused += 1
    assert refused == 100


@pytest.mark.parametrize(
    "code", ["", " ", "12345", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "\0", "9" * 1000, "²³"]
)
def test_what_is_no_code_is_wrong(amina, code):
    switch_on(amina)
    with pytest.raises(WrongCode):
        by_app(amina, code)


def test_spaces_in_a_code_do_not_matter(amina):
    totp, _ = switch_on(amina)
    code = totp.at(NOON)
    by_app(amina, f" {code[:3]} {code[3:]}")


def test_five_wrong_codes_pause_it_for_half_an_hour_and_tell_the_owner(amina):
    totp, _ = switch_on(amina)
    for _ in range(5):
        with pytest.raises(WrongCode):
            by_app(amina, "000000")
    with pytest.raises(WrongCode):
        by_app(amina, totp.at(NOON))
    assert letters_to(amina.email)[-1][0] == "auth_second_factor_locked"
    assert events_of(amina.id).count("second_factor_locked") == 1
    with clock.held(later := NOON + timedelta(minutes=30)):
        by_app(amina, totp.at(later))
    assert fresh(amina.id).failed_login_attempts == 0  # a counter of its own


def test_a_first_step_before_the_password_changed_is_worth_nothing(amina):
    totp, _ = switch_on(amina)
    with transaction():
        platform().get_one(UserAccount, amina.id).password_changed_at = NOON
    with pytest.raises(WrongCode):
        by_app(amina, totp.at(NOON), since=NOON - timedelta(seconds=1))


def test_a_recovery_code_works_once_however_it_is_typed(amina):
    _, codes = switch_on(amina)
    by_recovery(amina, f"  {codes[0].upper().replace('-', ' ')} ")
    with pytest.raises(WrongCode):
        by_recovery(amina, codes[0])
    by_recovery(amina, codes[1])
    name, told = letters_to(amina.email)[-1]
    assert (name, told["left"]) == ("auth_recovery_code", 8)


def test_recovery_codes_are_kept_as_digests_of_one_person(amina):
    _, codes = switch_on(amina)
    other = account()
    switch_on(other)
    with pytest.raises(WrongCode):
        by_recovery(other, codes[0])
    assert not recovery_codes.are_codes_of(other.id, codes)
    kept = platform().scalars(sa.select(RecoveryCode.digest).where(RecoveryCode.user_id == amina.id)).all()
    assert not any(code.encode() in digest for code in codes for digest in kept)


def test_new_codes_replace_the_old_ones(amina):
    _, old = switch_on(amina)
    with pytest.raises(WrongPassword):
        second.new_codes(queries.account(amina.id), password=WRONG)
    with transaction():
        new = second.new_codes(queries.account(amina.id), password=PASSWORD)
    assert recovery_codes.are_codes_of(amina.id, new)
    assert not recovery_codes.are_codes_of(amina.id, old)
    assert not recovery_codes.are_codes_of(amina.id, [])
    with pytest.raises(WrongCode):
        by_recovery(amina, old[0])


def test_switching_off_needs_the_password_and_leaves_nothing(amina):
    switch_on(amina)
    with pytest.raises(WrongPassword):
        second.disable(queries.account(amina.id), password=WRONG, session_id=amina.id)
    with transaction():
        second.disable(queries.account(amina.id), password=PASSWORD, session_id=amina.id)
    now = fresh(amina.id)
    assert (now.two_factor_enabled, now.totp_secret) == (False, None)
    assert queries.recovery_codes_left(amina.id) == 0


def test_what_is_on_is_not_begun_again_and_what_is_off_is_not_ended(amina):
    who = queries.account(amina.id)
    unset: list[Callable[[], object]] = [
        lambda: second.set_up(who),
        lambda: second.new_codes(who, password=PASSWORD),
        lambda: second.disable(who, password=PASSWORD, session_id=amina.id),
    ]
    for deed in unset:
        with pytest.raises(SecondFactorOff):
            deed()
    switch_on(amina)
    platform().expire_all()
    again: list[Callable[[], object]] = [
        lambda: second.begin(who, password=PASSWORD),
        lambda: second.set_up(who),
        lambda: second.enable(who, code="000000", session_id=amina.id),
    ]
    for deed in again:
        with pytest.raises(SecondFactorOn):
            deed()


def test_one_code_sent_twenty_times_at_once_lets_one_in(committed, at_noon):
    with committed.app_context():
        amina = account(password_changed_at=NOON - timedelta(days=1))
        totp, _ = switch_on(amina)
    let_in, refused = [], []

    def enter() -> None:
        with committed.app_context():
            try:
                let_in.append(by_app(amina, totp.at(NOON)))
            except WrongCode:
                refused.append(1)

    threads = [threading.Thread(target=contextvars.Context().run, args=(enter,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(let_in), len(refused)) == (1, 19)
