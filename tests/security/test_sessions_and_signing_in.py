"""Sessions end everywhere at once, and the door tells nothing by the time it takes."""

import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.auth import passwords, rules, sessions
from app.auth.errors import PasswordRefused, SignInRefused
from app.auth.signing_in import sign_in
from app.config import Settings
from app.core import clock
from app.core.db import transaction
from app.factory import create_app
from tests.auth.visitor import WRONG, Visitor, account, events_of, person
from tests.factories import PASSWORD, browser

ROUNDS, TRIES = 5, 16


@pytest.fixture(scope="module")
def other_process(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The application once more, sharing nothing with the first but database and Redis, as another process would."""
    made = create_app(settings)
    made.config.update(TESTING=True)
    yield made
    for engine in made.extensions["engines"].values():
        engine.dispose()
    made.extensions["redis"].close()


def open_session(app: Flask) -> tuple[uuid.UUID, str]:
    with app.app_context():
        who = account()
        with transaction():
            return who.id, sessions.start(who, address="10.0.0.1", agent="test")


def is_open(app: Flask, token: str) -> bool:
    client = app.test_client(use_cookies=False)
    answer = client.get("/account", headers={"Cookie": f"sid={token}"})
    return answer.status_code == 200


def test_a_session_that_is_revoked_is_refused_by_every_process_within_a_second(
    committed: Flask, other_process: Flask
) -> None:
    user_id, token = open_session(committed)
    assert is_open(committed, token)
    assert is_open(other_process, token)
    with committed.app_context(), transaction():
        sessions.revoke_all(user_id, because="test")
    begun = time.monotonic()
    assert not is_open(other_process, token)
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("whom", ["one", "everybody"])
def test_an_operator_signs_people_out(committed: Flask, whom: str) -> None:
    with committed.app_context():
        who = account(f"{uuid.uuid4().hex}@example.com")
        email, user_id = who.email, who.id
        with transaction():
            token = sessions.start(who, address="10.0.0.1", agent="test")
    asked = ["sessions", "end", *(["--email", email] if whom == "one" else ["--everybody"])]
    done = committed.test_cli_runner().invoke(args=asked)
    assert done.exit_code == 0, done.output
    assert not is_open(committed, token)
    with committed.app_context():
        assert "sessions_ended" in events_of(user_id)


@pytest.mark.parametrize("asked", [[], ["--email", "nobody@example.com"], ["--everybody", "--email", "x@example.com"]])
def test_an_operator_who_names_nobody_signs_nobody_out(committed: Flask, asked: list[str]) -> None:
    assert committed.test_cli_runner().invoke(args=["sessions", "end", *asked]).exit_code != 0


def test_signing_out_clears_what_the_browser_kept(context: Flask) -> None:
    answer = Visitor(browser(context, person(account())), {}).post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_every_page_of_a_person_has_the_way_out(context: Flask) -> None:
    client = browser(context, person(account()))
    for url in ("/account", "/account/security"):
        assert 'action="/sign-out"' in client.get(url).text, url


def took(email: str) -> float:
    begun = time.perf_counter()
    with pytest.raises(SignInRefused):
        sign_in(email=email, password=WRONG)
    return time.perf_counter() - begun


def test_a_wrong_password_and_an_unknown_address_take_the_same_time_within_a_tenth(context: Flask) -> None:
    known = [account().email for _ in range(TRIES // 4)]
    apart = []
    for _round in range(ROUNDS):  # others work on this machine too: one quiet round is enough
        wrong, unknown = [], []
        for number in range(TRIES):
            wrong.append(took(known[number % len(known)]))
            unknown.append(took(f"{uuid.uuid4().hex}@example.com"))
        first, second = statistics.median(wrong), statistics.median(unknown)
        apart.append(abs(first - second) / max(first, second))
        if apart[-1] < 0.1:
            break
        known = [account().email for _ in range(TRIES // 4)]
    assert min(apart) < 0.1, apart


@pytest.mark.parametrize("length", [12, 15, 64, 128, 256])
def test_a_password_of_any_sensible_length_is_taken_whole(length: int) -> None:
    text = ("mango tree by the gate, " * 11 + "and a river behind it all")[-length:]
    kept = passwords.hashed(passwords.checked(text, words=()))
    assert passwords.matches(kept, text)
    assert not passwords.matches(kept, text[:-1])


@pytest.mark.parametrize("length", [11, 257])
def test_a_password_that_is_too_short_or_long_is_refused(length: int) -> None:
    with pytest.raises(PasswordRefused):
        rules.check_password(("mango tree by the gate " * 12)[:length], common=frozenset())


def test_a_password_never_runs_out(context: Flask) -> None:
    who = account()
    with clock.held(clock.now() + timedelta(days=5 * 365)):
        assert sign_in(email=who.email, password=PASSWORD).id == who.id


def test_fields_of_passwords_are_masked_and_made_for_password_managers(context: Flask) -> None:
    page = browser(context, None).get("/sign-in").text
    field = next(tag for tag in page.split("<") if 'name="password"' in tag)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page
