"""A challenge of a passkey works once, in its five minutes, for its person and for what it was made."""

import contextvars
import json
import threading
import uuid
from datetime import timedelta

import pytest

from app.auth import passkeys
from app.auth.challenges import Asked
from app.auth.errors import PasskeyRefused
from app.auth.models import PasskeyChallenge
from app.auth.passkeys import Answer
from app.core import clock
from app.core.db import platform, transaction
from tests.auth.ceremonies import added, begin, sign_in
from tests.auth.visitor import account


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
