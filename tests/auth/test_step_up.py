"""Confirming once more who one is, before what matters most."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app.auth import queries
from app.core import clock
from app.web.limits import limiter
from tests.auth.softkey import SoftKey
from tests.auth.test_passkey_views import add, options
from tests.auth.visitor import WRONG, Visitor, account, events_of, letters_to, person, switch_on
from tests.factories import PASSWORD, browser

NEXT = "/account/passkeys/new"


@pytest.fixture
def later():
    """A quarter of an hour after whatever was done before."""
    with clock.held(clock.now() + timedelta(minutes=15)):
        yield


@pytest.fixture
def stale(context, visit, request) -> SimpleNamespace:
    """Somebody who signed in a quarter of an hour ago."""
    who = account()
    browser = visit(person(who))
    request.getfixturevalue("later")
    return SimpleNamespace(who=who, browser=browser)


def confirm(browser: Visitor, **fields: str):
    return browser.post(f"/account/confirm?next={NEXT}", fields)


def test_who_signed_in_just_now_is_not_asked(context, visit):
    browser = visit(person(account()))
    assert browser.get(NEXT).status_code == 200
    assert browser.get(f"/account/confirm?next={NEXT}").location == NEXT


def test_after_ten_minutes_the_password_is_asked_for_and_leads_back(stale):
    assert stale.browser.get(NEXT).location == f"/account/confirm?next={NEXT}"
    page = stale.browser.get(f"/account/confirm?next={NEXT}").text
    assert "Confirm that it is you" in page
    assert 'name="password"' in page
    assert confirm(stale.browser, password=PASSWORD).location == NEXT
    assert stale.browser.get(NEXT).status_code == 200
    assert "confirmed" in events_of(stale.who.id)


def test_it_holds_for_ten_minutes_and_only_in_that_session(stale, visit):
    confirm(stale.browser, password=PASSWORD)
    with clock.held(clock.now() + timedelta(minutes=9)):
        assert stale.browser.get(NEXT).status_code == 200
    with clock.held(clock.now() + timedelta(minutes=10)):
        assert stale.browser.get(NEXT).status_code == 303


def test_wrong_passwords_are_counted_like_at_sign_in(committed):
    with committed.app_context():
        who = account()
    home = Visitor(browser(committed, person(who)), {})
    with clock.held(clock.now() + timedelta(minutes=15)):
        for _ in range(5):
            assert confirm_unlimited(home, password=WRONG).status_code == 422
        assert confirm_unlimited(home, password=PASSWORD).status_code == 422  # the pause
        assert home.get(NEXT).status_code == 303
    with committed.app_context():
        assert events_of(who.id).count("confirm_refused") == 6
        assert [name for name, _ in letters_to(who.email)] == ["auth_locked"]


def confirm_unlimited(home: Visitor, **fields: str):
    with home.client.application.app_context():
        limiter.reset()
    return confirm(home, **fields)


def test_fast_tries_are_limited_before_a_hash_is_made(stale):
    statuses = [confirm(stale.browser, password=WRONG).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 429, 429]


def test_with_an_app_a_code_is_asked_for_and_the_password_is_worth_nothing(context, visit):
    who = account()
    totp, browser = switch_on(who), visit(person(who))
    with clock.held(clock.now() + timedelta(minutes=15)):
        assert browser.get(NEXT).status_code == 303
        assert confirm(browser, password=PASSWORD).status_code == 422
        assert confirm(browser, code="000000").status_code == 422
        code = totp.at(clock.now())
        assert confirm(browser, code=f"{code[:3]} {code[3:]}").location == NEXT
        assert browser.get(NEXT).status_code == 200
    with clock.held(clock.now() + timedelta(minutes=25)):
        assert confirm_unlimited(browser, code=code).status_code == 422  # used already


def test_a_recovery_code_will_do(context, visit):
    who = account()
    browser = visit(person(who))
    key = SoftKey()
    said = key.register(options(browser, "/account/passkeys"))
    page = browser.post("/account/passkeys", {"name": "x", "credential": said}).text
    (code, *_rest) = re.findall(r"<li>([a-z2-7-]{29})</li>", page)
    with clock.held(clock.now() + timedelta(minutes=15)):
        assert confirm(browser, code=code).location == NEXT
        assert browser.get(NEXT).status_code == 200


def test_a_passkey_will_do_and_nobody_elses(context, visit):
    who = account()
    browser = visit(person(who))
    key, _ = add(browser)
    foreign, _ = add(visit(person(account())))
    with clock.held(clock.now() + timedelta(minutes=15)):
        for used, status in ((foreign, 422), (key, 303)):
            said = used.sign(options(browser, "/account/confirm/passkey"))
            answer = browser.post(f"/account/confirm/passkey?next={NEXT}", {"credential": said})
            assert answer.status_code == status
        assert browser.get(NEXT).status_code == 200


def test_what_the_form_itself_asks_the_password_for_needs_no_more_without_a_second_step(stale):
    fields = {"email": "new@example.com", "password": PASSWORD}
    assert stale.browser.post("/account/email", fields).location == "/account"


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/account/email", {"email": "new@example.com", "password": PASSWORD}),
        ("/account/password", {"current": PASSWORD, "password": "a wholly other phrase"}),
        ("/account/second-step/end", {"password": PASSWORD}),
        ("/account/recovery-codes", {"password": PASSWORD}),
    ],
)
def test_with_a_second_step_the_password_alone_changes_nothing(context, visit, url, fields):
    who = account()
    switch_on(who)
    browser = visit(person(who))
    with clock.held(clock.now() + timedelta(minutes=15)):
        answer = browser.post(url, fields, headers={"Referer": "http://localhost/account"})
        assert answer.location == "/account/confirm?next=/account"
        assert queries.account(who.id).email == who.email


def test_a_form_sent_too_late_leads_back_to_its_page_and_says_that_nothing_was_sent(stale):
    answer = stale.browser.post("/account/passkeys", headers={"Referer": f"http://localhost{NEXT}?x=1"})
    assert answer.location == f"/account/confirm?next={NEXT}?x%3D1"
    assert "Nothing was sent yet" in stale.browser.get(answer.location).text


def test_htmx_is_led_there_too(stale):
    headers = {"Referer": f"http://localhost{NEXT}", "HX-Request": "true"}
    answer = stale.browser.post("/account/passkeys", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/account/confirm?next={NEXT}")


@pytest.mark.parametrize(
    "before", ["https://evil.example/account", "", "javascript:alert(1)", "http://localhost//evil"]
)
def test_it_never_leads_back_to_another_site(stale, before):
    answer = stale.browser.post("/account/passkeys", headers={"Referer": before})
    assert answer.location == "/account/confirm?next=/"


def test_a_file_is_offered_on_a_page_of_its_own(stale, visit):
    answer = stale.browser.post("/account/confirm?next=/healthz", {"password": PASSWORD})
    assert answer.location == "/healthz"
    page = stale.browser.get("/account/confirmed?next=/g/x/reports/journal.csv").text
    assert 'href="/g/x/reports/journal.csv"' in page


def test_strangers_sign_in_first(context, visit):
    assert visit().get(NEXT).location.startswith("/sign-in?next=")
    assert visit().post("/account/confirm", {"password": PASSWORD}).location.startswith("/sign-in")
