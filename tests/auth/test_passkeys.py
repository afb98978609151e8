"""Passkeys by a key in software: added, let in, taken away, and what becomes of the second step."""

import json

import pyotp
import pytest
from webauthn.helpers import bytes_to_base64url

from app.auth import passkeys, queries, recovery_codes, sessions
from app.auth import second_factor as second
from app.auth.errors import PasskeyRefused, PasskeyUnknown, TooManyPasskeys, WrongCode
from app.auth.passkeys import Answer
from app.core import clock
from app.core.db import platform, transaction
from tests.auth.ceremonies import added, begin, begin_adding, keep, session_of, signed
from tests.auth.softkey import SoftKey
from tests.auth.visitor import account, fresh, letters_to, switch_on
from tests.factories import PASSWORD


def test_a_passkey_alone_signs_in(amina):
    key = added(amina)
    assert signed(key).id == amina.id
    (kept,) = queries.passkeys_of(amina.id)
    platform().refresh(kept)
    assert (kept.name, kept.sign_count, kept.transports) == ("Phone", 1, ["internal"])
    assert kept.last_used_at is not None


def test_options_ask_for_a_key_without_an_address_and_for_finger_face_or_pin(amina):
    first = added(amina)
    made = json.loads(begin_adding(amina).options)
    assert made["rp"]["id"] == "localhost"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert [one["id"] for one in made["excludeCredentials"]] == [bytes_to_base64url(first.id)]
    asked = json.loads(begin().options)
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")  # else it would tell whose keys are known


def test_the_first_one_switches_the_second_step_on_and_makes_recovery_codes(amina):
    other = session_of(amina)
    key, begun = SoftKey(), begin_adding(amina)
    codes = keep(amina, begun, key.register(json.loads(begun.options)))
    assert fresh(amina.id).two_factor_enabled
    assert recovery_codes.are_codes_of(amina.id, codes)
    assert other not in {row.id for row in queries.sessions_of(amina.id)}
    assert [name for name, _ in letters_to(amina.email)] == ["auth_passkey"]
    again = begin_adding(amina)
    assert keep(amina, again, SoftKey().register(json.loads(again.options))) == []


def test_the_session_that_added_it_counts_as_proved(amina):
    begun = begin_adding(amina)
    with transaction():
        token = sessions.start(amina, address="", agent="")
        here = sessions.find(token)
        assert here is not None
        answer = Answer(begun.id, SoftKey().register(json.loads(begun.options)))
        passkeys.add(queries.account(amina.id), answer=answer, name="x", session_id=here.session_id)
    platform().expire_all()
    found = sessions.find(token)
    assert found is not None
    assert found.second_factor_at is not None
    assert found.fresh()


def test_one_passkey_is_kept_once(amina):
    key, thief = added(amina), account()
    for who in (amina, thief):
        begun = begin_adding(who)
        with pytest.raises(PasskeyRefused):
            keep(who, begun, key.register(json.loads(begun.options)))


def test_nobody_collects_passkeys_without_end(amina, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 1)
    begun = begin_adding(amina)
    added(amina)
    with pytest.raises(TooManyPasskeys):
        begin_adding(amina)
    with pytest.raises(TooManyPasskeys):
        keep(amina, begun, SoftKey().register(json.loads(begun.options)))


def test_removing_the_last_one_switches_the_second_step_off(amina):
    added(amina)
    here, other = session_of(amina), session_of(amina)
    (kept,) = queries.passkeys_of(amina.id)
    with transaction():
        passkeys.remove(queries.account(amina.id), passkey_id=kept.id, session_id=here)
    assert not fresh(amina.id).two_factor_enabled
    assert queries.recovery_codes_left(amina.id) == 0
    assert [row.id for row in queries.sessions_of(amina.id)] == [here]
    assert other != here


def test_a_removed_passkey_opens_nothing(amina):
    key = added(amina)
    added(amina)
    kept = queries.passkeys_of(amina.id)[0]
    with transaction():
        passkeys.remove(queries.account(amina.id), passkey_id=kept.id, session_id=session_of(amina))
    with pytest.raises(PasskeyRefused):
        signed(key)
    assert fresh(amina.id).two_factor_enabled


def test_nobody_removes_another_persons_passkey(amina):
    added(amina)
    (kept,) = queries.passkeys_of(amina.id)
    with pytest.raises(PasskeyUnknown), transaction():
        passkeys.remove(queries.account(account().id), passkey_id=kept.id, session_id=kept.id)
    assert queries.passkeys_of(amina.id)


def test_the_app_and_passkeys_are_switched_off_one_by_one(amina):
    switch_on(amina)
    added(amina)
    with transaction():
        second.disable(queries.account(amina.id), password=PASSWORD, session_id=amina.id)
    assert fresh(amina.id).two_factor_enabled
    assert queries.recovery_codes_left(amina.id) == 10
    with transaction():
        kept = queries.passkeys_of(amina.id)[0]
        passkeys.remove(queries.account(amina.id), passkey_id=kept.id, session_id=amina.id)
    assert not fresh(amina.id).two_factor_enabled


def test_an_app_that_was_only_begun_is_no_second_step(amina):
    added(amina)
    with transaction():
        who = queries.account(amina.id)
        second.begin(who, password=PASSWORD)
        totp = pyotp.TOTP(second.set_up(who).secret.replace(" ", ""))
    with pytest.raises(WrongCode), transaction():
        second.pass_by_app(user_id=amina.id, since=clock.now(), code=totp.now())


def test_without_any_second_step_left_no_session_counts_as_proved_by_one(amina):
    added(amina)
    here = session_of(amina)
    (kept,) = queries.passkeys_of(amina.id)
    with transaction():
        sessions.mark_second_factor(here)
        passkeys.remove(queries.account(amina.id), passkey_id=kept.id, session_id=here)
    platform().expire_all()
    (left,) = queries.sessions_of(amina.id)
    assert left.second_factor_at is None
