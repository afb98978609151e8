"""Passkeys by a key in software: what is let in, and everything that is not."""

import contextvars
import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from app.auth import challenges, passkeys, queries, recovery_codes, sessions
from app.auth import second_factor as second
from app.auth.challenges import Asked
from app.auth.errors import AccountClosed, ConfirmFirst, PasskeyRefused, PasskeyUnknown, TooManyPasskeys, WrongCode
from app.auth.models import Passkey, PasskeyChallenge, UserAccount
from app.auth.passkeys import Answer, Ceremony
from app.core import clock
from app.core.db import platform, transaction
from tests.auth.softkey import PRESENT, SoftKey
from tests.auth.visitor import account, events_of, fresh, letters_to, switch_on
from tests.factories import PASSWORD

PARTS = ("clientDataJSON", "authenticatorData", "signature", "attestationObject")


def session_of(of: UserAccount) -> uuid.UUID:
    with transaction():
        here = sessions.find(sessions.start(of, address="", agent=""))
        assert here is not None
        return here.session_id


def begin_adding(of: UserAccount) -> Ceremony:
    with transaction():
        return passkeys.begin_adding(queries.account(of.id))


def keep(of: UserAccount, begun: Ceremony, said: str, name: str = "Phone") -> list[str]:
    here = session_of(of)
    with transaction():
        answer = Answer(begun.id, said)
        return passkeys.add(queries.account(of.id), answer=answer, name=name, session_id=here)


def added(of: UserAccount, key: SoftKey | None = None) -> SoftKey:
    key, begun = key or SoftKey(), begin_adding(of)
    keep(of, begun, key.register(json.loads(begun.options)))
    return key


def begin(asked: Asked = Asked.SIGN_IN, of: UserAccount | None = None) -> Ceremony:
    with transaction():
        return passkeys.begin_proving(asked, of.id if of else None)


def sign_in(begun: Ceremony, said: str) -> UserAccount:
    with transaction():
        return passkeys.sign_in(answer=Answer(begun.id, said))


def signed(key: SoftKey, **lies) -> UserAccount:
    begun = begin()
    return sign_in(begun, key.sign(json.loads(begun.options), **lies))


@pytest.fixture
def amina(context) -> UserAccount:
    return account()


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


def test_a_challenge_works_once(amina):
    key, begun = added(amina), begin()
    said = key.sign(json.loads(begun.options))
    sign_in(begun, said)
    with pytest.raises(PasskeyRefused):
        sign_in(begun, said)
    key.count += 5
    with pytest.raises(PasskeyRefused):  # signed anew, the counter moved on: still the same challenge
        sign_in(begun, key.sign(json.loads(begun.options)))


def test_a_refusal_uses_the_challenge_up(amina):
    key, begun = added(amina), begin()
    with pytest.raises(PasskeyRefused):
        sign_in(begun, "{}")
    with pytest.raises(PasskeyRefused):
        sign_in(begun, key.sign(json.loads(begun.options)))


def test_a_challenge_is_over_after_five_minutes(amina):
    key, begun = added(amina), begin()
    with clock.held(clock.now() + timedelta(minutes=5)), pytest.raises(PasskeyRefused):
        sign_in(begun, key.sign(json.loads(begun.options)))


def test_what_was_never_begun_is_refused(amina):
    key, begun = added(amina), begin()
    said = key.sign(json.loads(begun.options))
    for ceremony in (None, uuid.uuid4()):
        with pytest.raises(PasskeyRefused), transaction():
            passkeys.sign_in(answer=Answer(ceremony, said))


@pytest.mark.parametrize("asked", [Asked.ADD, Asked.SECOND_STEP, Asked.CONFIRM])
def test_a_challenge_does_only_what_it_was_made_for(amina, asked):
    key, begun = added(amina), begin(asked, amina)
    with pytest.raises(PasskeyRefused):
        sign_in(begun, key.sign(json.loads(begun.options)))


@pytest.mark.parametrize(("made", "used"), [(Asked.SECOND_STEP, Asked.CONFIRM), (Asked.CONFIRM, Asked.SECOND_STEP)])
def test_nor_does_one_of_the_same_person(amina, made, used):
    key, begun = added(amina), begin(made, amina)
    answer = Answer(begun.id, key.sign(json.loads(begun.options)))
    with pytest.raises(PasskeyRefused), transaction():
        passkeys.prove(asked=used, answer=answer, user_id=amina.id)


LIES: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://evil.example"},
    "another port": {"origin": "http://localhost:8000"},
    "a made-up challenge": {"challenge": bytes_to_base64url(b"x" * 32)},
    "made for adding": {"kind": "webauthn.create"},
    "no finger, face or PIN": {"flags": PRESENT},
    "nobody there": {"flags": 0},
    "other data than was signed": {"data": b"\0" * 37},
    "somebody else's handle": {"user_handle": bytes_to_base64url(uuid.uuid4().bytes)},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused(amina, lie):
    key = added(amina)
    with pytest.raises(PasskeyRefused):
        signed(key, **LIES[lie])
    assert "passkey_refused" in events_of(amina.id)
    assert signed(key).id == amina.id


def test_another_host_is_refused(amina):
    key = added(amina)
    key.host = "evil.example"
    with pytest.raises(PasskeyRefused):
        signed(key)


def test_a_signature_of_another_key_is_refused(amina):
    key = added(amina)
    with pytest.raises(PasskeyRefused):
        signed(SoftKey(id=key.id, user_handle=key.user_handle, count=9))


def test_an_unknown_passkey_is_refused(amina):
    added(amina)
    with pytest.raises(PasskeyRefused):
        signed(SoftKey())


@pytest.mark.parametrize(
    "said",
    [
        *("", "{}", "[]", "null", "x" * 20_000, "\0", '{"id": 1}'),
        '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": dict.fromkeys(PARTS, "AA")}),
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": dict.fromkeys(PARTS, 7)}),
    ],
)
def test_what_is_no_answer_is_refused(amina, said):
    added(amina)
    with pytest.raises(PasskeyRefused):
        sign_in(begin(), said)
    with pytest.raises(PasskeyRefused):
        keep(amina, begin_adding(amina), said)


def test_tampering_with_any_byte_of_an_answer_is_refused(amina):
    key = added(amina)
    begun = begin()
    good = json.loads(key.sign(json.loads(begun.options)))
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        text = good["response"][part]
        for at in range(0, len(text) - 2, max(1, len(text) // 12)):
            changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
            with transaction():  # the same challenge again, so that nothing but the change is wrong
                challenge = json.loads(begun.options)["challenge"]
                row = PasskeyChallenge(
                    challenge=base64url_to_bytes(challenge),
                    purpose="sign_in",
                    expires_at=clock.now() + challenges.HOLDS,
                )
                platform().add(row)
            answer = good | {"response": good["response"] | {part: changed}}
            with pytest.raises(PasskeyRefused), transaction():
                passkeys.sign_in(answer=Answer(row.id, json.dumps(answer)))


@pytest.mark.parametrize("count", [3, 2, 0])
def test_a_counter_that_does_not_move_on_is_refused_and_told(amina, count):
    key = added(amina)
    key.count = 2
    signed(key)
    key.count = count - 1
    key.counts = count > 0
    key.count = max(key.count, 0)
    with pytest.raises(PasskeyRefused):
        signed(key)
    assert "passkey_copied" in events_of(amina.id)
    name, told = letters_to(amina.email)[-1]
    assert (name, told["what"]) == ("auth_passkey", "copied")


def test_a_key_that_never_counts_is_let_in_each_time(amina):
    key = added(amina, SoftKey(counts=False))
    assert signed(key).id == signed(key).id == amina.id


def test_another_persons_passkey_is_no_second_step_of_mine(amina):
    thief = account()
    key = added(thief)
    added(amina)
    for asked in (Asked.SECOND_STEP, Asked.CONFIRM):
        begun = begin(asked, amina)
        answer = Answer(begun.id, key.sign(json.loads(begun.options)))
        with pytest.raises(PasskeyRefused), transaction():
            passkeys.prove(asked=asked, answer=answer, user_id=amina.id)


def test_a_challenge_of_another_person_is_not_mine(amina):
    key, thief = added(amina), account()
    begun = begin(Asked.CONFIRM, thief)
    with pytest.raises(PasskeyRefused), transaction():
        passkeys.prove(
            asked=Asked.CONFIRM, answer=Answer(begun.id, key.sign(json.loads(begun.options))), user_id=amina.id
        )


def test_a_first_step_before_the_password_changed_is_worth_nothing(amina):
    key, begun = added(amina), begin(Asked.SECOND_STEP, amina)
    since = amina.password_changed_at - timedelta(seconds=1)
    answer = Answer(begun.id, key.sign(json.loads(begun.options)))
    with pytest.raises(PasskeyRefused), transaction():
        passkeys.prove(asked=Asked.SECOND_STEP, answer=answer, user_id=amina.id, since=since)


def test_one_passkey_is_kept_once(amina):
    key, thief = added(amina), account()
    for who in (amina, thief):
        begun = begin_adding(who)
        with pytest.raises(PasskeyRefused):
            keep(who, begun, key.register(json.loads(begun.options)))


@pytest.mark.parametrize("lie", [{"flags": PRESENT}, {"origin": "https://evil.example"}, {"kind": "webauthn.get"}])
def test_a_new_passkey_that_lies_is_not_kept(amina, lie):
    begun = begin_adding(amina)
    with pytest.raises(PasskeyRefused):
        keep(amina, begun, SoftKey().register(json.loads(begun.options), **lie))
    assert not queries.passkeys_of(amina.id)


def test_nobody_collects_passkeys_without_end(amina, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 1)
    begun = begin_adding(amina)
    added(amina)
    with pytest.raises(TooManyPasskeys):
        begin_adding(amina)
    with pytest.raises(TooManyPasskeys):
        keep(amina, begun, SoftKey().register(json.loads(begun.options)))


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"status": "suspended"}, AccountClosed),
        ({"status": "pending", "email_confirmed_at": None}, ConfirmFirst),
    ],
)
def test_who_may_not_come_in_by_password_may_not_by_passkey(context, values, refusal):
    closed = account(created_at=clock.now() - timedelta(days=30))
    key = added(closed)
    with transaction():
        row = platform().get_one(UserAccount, closed.id)
        for name, value in values.items():
            setattr(row, name, value)
    with pytest.raises(refusal):
        signed(key)


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


def test_old_challenges_are_cleared_away(context):
    old = begin()
    with clock.held(clock.now() + timedelta(minutes=6)):
        begin()
    platform().expire_all()
    assert platform().get(PasskeyChallenge, old.id) is None


def test_one_answer_sent_ten_times_at_once_lets_one_in(committed):
    with committed.app_context():
        amina = account()
        key, begun = added(amina), begin()
        said = key.sign(json.loads(begun.options))
    let_in, refused = [], []

    def enter() -> None:
        with committed.app_context():
            try:
                let_in.append(sign_in(begun, said))
            except PasskeyRefused:
                refused.append(1)

    threads = [threading.Thread(target=contextvars.Context().run, args=(enter,)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(let_in), len(refused)) == (1, 9)


def test_a_refusal_is_written_down_though_the_request_is_rolled_back(committed):
    with committed.app_context():
        amina = account()
        key = added(amina)
        with pytest.raises(PasskeyRefused):
            signed(key, origin="https://evil.example")
        assert "passkey_refused" in events_of(amina.id)
        kept = platform().scalars(sa.select(Passkey.sign_count).where(Passkey.user_id == amina.id)).one()
        assert kept == 0


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
