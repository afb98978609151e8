"""The pages of passkeys, answered by a key in software."""

import json
from datetime import timedelta
from typing import Any

import pytest

from app.auth import queries
from app.core import clock
from tests.auth.softkey import SoftKey
from tests.auth.visitor import Visitor, account, events_of, fresh, person, switch_on


def options(browser: Visitor, url: str) -> dict[str, Any]:
    answer = browser.post(f"{url}/options")
    assert answer.status_code == 200, answer.status
    assert answer.headers["Cache-Control"] == "no-store"
    asked: dict[str, Any] = json.loads(answer.text)
    return asked


def add(browser: Visitor, key: SoftKey | None = None, **fields: str):
    key = key or SoftKey()
    said = key.register(options(browser, "/account/passkeys"))
    return key, browser.post("/account/passkeys", {"name": "My phone", "credential": said} | fields)


@pytest.fixture
def at_home(amina, visit) -> Visitor:
    browser: Visitor = visit(person(amina))
    return browser


def test_adding_the_first_one_shows_the_codes_and_the_list_names_it(amina, at_home):
    assert 'value="Unknown device"' in at_home.get("/account/passkeys/new").text
    _key, answer = add(at_home)
    assert answer.status_code == 200
    assert "Recovery codes" in answer.text
    page = at_home.get("/account/security").text
    assert "My phone" in page
    assert "you are asked for a passkey" in page
    _key, answer = add(at_home, name="My laptop")
    assert (answer.status_code, answer.location) == (303, "/account/security")


def test_it_signs_in_without_an_address_and_leads_on(amina, at_home, visit):
    key, _ = add(at_home)
    browser = visit()
    said = key.sign(options(browser, "/sign-in/passkey"))
    answer = browser.post("/sign-in/passkey?next=/account/security", {"credential": said})
    assert (answer.status_code, answer.location) == (303, "/account/security")
    assert browser.get("/account/security").status_code == 200
    assert "signed_in" in events_of(amina.id)


def test_an_answer_sent_from_another_browser_is_refused(amina, at_home, visit):
    key, _ = add(at_home)
    browser, thief = visit(), visit()
    said = key.sign(options(browser, "/sign-in/passkey"))
    options(thief, "/sign-in/passkey")
    answer = thief.post("/sign-in/passkey", {"credential": said})
    assert answer.status_code == 422
    assert "That passkey was not accepted" in answer.text
    assert thief.get("/account").status_code == 303


def test_after_the_password_a_passkey_is_asked_for(amina, at_home, visit):
    key, _ = add(at_home)
    browser = visit()
    assert browser.sign_in(amina.email).location == "/sign-in/second-step"
    page = browser.get("/sign-in/second-step").text
    assert "authenticator app" not in page
    assert "passkey_form" in page
    said = key.sign(options(browser, "/sign-in/second-step/passkey"))
    wrong = browser.post("/sign-in/second-step/passkey", {"credential": "{}"})
    assert wrong.status_code == 422
    said = key.sign(options(browser, "/sign-in/second-step/passkey"))
    answer = browser.post("/sign-in/second-step/passkey", {"credential": said})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_passkey_of_somebody_else_is_no_second_step(amina, at_home, visit):
    add(at_home)
    thief = account()
    key, _ = add(visit(person(thief)))
    browser = visit()
    browser.sign_in(amina.email)
    said = key.sign(options(browser, "/sign-in/second-step/passkey"))
    assert browser.post("/sign-in/second-step/passkey", {"credential": said}).status_code == 422
    assert browser.get("/account").status_code == 303


def test_without_the_first_step_there_is_no_second(context, visit):
    for url in ("/sign-in/second-step/passkey", "/sign-in/second-step/passkey/options"):
        assert visit().post(url, {"credential": "{}"} if "options" not in url else None).location == "/sign-in"


def test_a_code_of_an_app_never_set_up_is_no_second_step(amina, at_home, visit):
    add(at_home)
    browser = visit()
    browser.sign_in(amina.email)
    assert browser.post("/sign-in/second-step", {"code": "000000"}).status_code == 422


def test_a_name_is_needed_and_stays_typed(amina, at_home):
    _key, answer = add(at_home, name="")
    assert answer.status_code == 422
    _key, answer = add(at_home, credential="{}", name="Kept words")
    assert answer.status_code == 422
    assert 'value="Kept words"' in answer.text
    assert not queries.passkeys_of(amina.id)


def test_it_is_removed_from_the_list(amina, at_home):
    add(at_home)
    (kept,) = queries.passkeys_of(amina.id)
    answer = at_home.post(f"/account/passkeys/{kept.id}/remove")
    assert (answer.status_code, answer.location) == (303, "/account/security")
    assert not fresh(amina.id).two_factor_enabled


def test_nobody_removes_somebody_elses(amina, at_home, visit):
    add(at_home)
    (kept,) = queries.passkeys_of(amina.id)
    assert visit(person(account())).post(f"/account/passkeys/{kept.id}/remove").status_code == 404
    assert queries.passkeys_of(amina.id)


def test_adding_and_removing_ask_to_confirm_first_after_ten_minutes(amina, at_home):
    add(at_home)
    (kept,) = queries.passkeys_of(amina.id)
    with clock.held(clock.now() + timedelta(minutes=11)):
        assert at_home.get("/account/passkeys/new").location == "/account/confirm?next=/account/passkeys/new"
        for url in ("/account/passkeys/options", "/account/passkeys", f"/account/passkeys/{kept.id}/remove"):
            assert at_home.post(url).location.startswith("/account/confirm"), url
    assert queries.passkeys_of(amina.id)


def test_with_an_app_the_second_step_offers_both(amina, visit):
    switch_on(amina)
    browser = visit()
    browser.sign_in(amina.email)
    page = browser.get("/sign-in/second-step").text
    assert "authenticator app" in page
    assert "passkey_form" in page
