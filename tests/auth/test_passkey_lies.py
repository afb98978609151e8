"""Answers of passkeys that lie, were tampered with, or come from a copy or a closed account: none is let in."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from app.auth import challenges, passkeys, queries
from app.auth.errors import AccountClosed, ConfirmFirst, PasskeyRefused
from app.auth.models import Passkey, PasskeyChallenge, UserAccount
from app.auth.passkeys import Answer
from app.core import clock
from app.core.db import platform, transaction
from tests.auth.ceremonies import added, begin, begin_adding, keep, sign_in, signed
from tests.auth.softkey import PRESENT, SoftKey
from tests.auth.visitor import account, events_of, letters_to

PARTS = ("clientDataJSON", "authenticatorData", "signature", "attestationObject")
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


@pytest.mark.parametrize("lie", [{"flags": PRESENT}, {"origin": "https://evil.example"}, {"kind": "webauthn.get"}])
def test_a_new_passkey_that_lies_is_not_kept(amina, lie):
    begun = begin_adding(amina)
    with pytest.raises(PasskeyRefused):
        keep(amina, begun, SoftKey().register(json.loads(begun.options), **lie))
    assert not queries.passkeys_of(amina.id)


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


def test_a_refusal_is_written_down_though_the_request_is_rolled_back(committed):
    with committed.app_context():
        amina = account()
        key = added(amina)
        with pytest.raises(PasskeyRefused):
            signed(key, origin="https://evil.example")
        assert "passkey_refused" in events_of(amina.id)
        kept = platform().scalars(sa.select(Passkey.sign_count).where(Passkey.user_id == amina.id)).one()
        assert kept == 0
