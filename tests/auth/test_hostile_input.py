"""Every form of the room against what should not be sent."""

import pytest

from app.auth.rules import Purpose
from app.core import clock
from tests.auth.visitor import Visitor, account, fresh, person, send_link, switch_on

FORMS: dict[str, tuple[str, ...]] = {
    "/sign-in": ("email", "password"),
    "/forgotten-password": ("email",),
    "/confirm-email": ("email",),
    "/reset-password/<token>": ("password",),
    "/confirm-email/<token>": (),
    "/change-email/<token>": (),
    "/undo-email-change/<token>": (),
    "/not-me/<token>": (),
    "/sign-in/passkey": ("credential",),
    "/sign-in/second-step/passkey": ("credential",),
    "/account/confirm": ("password",),
    "/account/confirm/passkey": ("credential",),
    "/account/passkeys": ("name", "credential"),
    "/sign-in/second-step": ("code",),
    "/sign-in/recovery-code": ("code",),
    "/account/profile": ("name", "phone", "locale", "time_zone"),
    "/account/email": ("email", "password"),
    "/account/password": ("current", "password"),
    "/account/second-step/start": ("password",),
    "/account/second-step/end": ("password",),
    "/account/recovery-codes": ("password",),
    "/account/second-step": ("code",),
}
PURPOSES = {
    "reset-password": Purpose.RESET,
    "confirm-email": Purpose.CONFIRM,
    "change-email": Purpose.CHANGE,
    "undo-email-change": Purpose.UNDO,
    "not-me": Purpose.NOT_ME,
}
HOSTILE = {
    "nul": "amina\0@example.com",
    "right to left": "\u202eamina@example.com",
    "line break": "a@example.com\r\nBcc: b@example.com",
    "long": "x" * 300_000,
    "mark-up": "<script>alert(1)</script>",
    "template": "{{ 7 * 7 }}%(name)s{0}",
    "emoji": "🌱" * 50,
    "nothing": "",
    "surrogate": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "query": "' OR 1=1; --",
}


@pytest.fixture
def ready(context, visit):
    """Each form's address and a browser that may post to it."""

    def at(url: str) -> tuple[Visitor, str]:
        if "<token>" in url:
            amina = account(status="pending", email_confirmed_at=None, created_at=clock.now())
            return visit(), url.replace("<token>", send_link(amina, PURPOSES[url.split("/")[1]]))
        if url.startswith("/sign-in/"):
            amina, browser = account(), visit()
            switch_on(amina)
            browser.sign_in(amina.email)
            return browser, url
        if url.startswith("/account"):
            amina = account()
            if url in ("/account/second-step/end", "/account/recovery-codes"):
                switch_on(amina)
            return visit(person(amina)), url
        return visit(), url

    return at


def post(browser: Visitor, url: str, fields: dict[str, str]):
    token = browser.token("/sign-in")
    return browser.client.post(url, data={"csrf_token": token, **fields})


@pytest.mark.parametrize("url", [*FORMS, "/sign-out", "/account/sessions/end-others", "/account/recovery-codes/file"])
@pytest.mark.parametrize("token", [None, "", "stale", "IjEi.x.y"])
def test_without_the_token_of_its_page_no_form_is_taken(ready, url, token):
    browser, url = ready(url)
    answer = browser.client.post(url, data={} if token is None else {"csrf_token": token})
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("url", [url for url, fields in FORMS.items() if fields and "reset" not in url])
def test_what_cannot_be_taken_is_answered_in_a_sentence(ready, url, kind):
    fields = FORMS[url]
    browser, url = ready(url)
    if url == "/account/second-step":
        post(browser, "/account/second-step/start", {"password": "correct horse battery staple"})
    answer = post(browser, url, dict.fromkeys(fields, HOSTILE[kind]))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "<script>alert" not in answer.text
    if "password" in fields and HOSTILE[kind] and "email" not in fields:
        assert HOSTILE[kind][:40] not in answer.text


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_new_password_may_hold_any_sign_that_can_be_typed(ready, kind):
    browser, url = ready("/reset-password/<token>")
    answer = post(browser, url, {"password": HOSTILE[kind]})
    typed = kind in ("mark-up", "template", "query")
    assert answer.status_code == (303 if typed else 422)


@pytest.mark.parametrize("url", FORMS)
def test_fields_that_no_form_has_are_refused(ready, url):
    fields = FORMS[url]
    browser, url = ready(url)
    answer = post(browser, url, {**dict.fromkeys(fields, "x"), "status": "active"})
    if url != "/account/second-step":  # nothing was begun there
        assert answer.status_code == 422
        assert "no field" in answer.text
    else:
        assert answer.status_code == 409


@pytest.mark.parametrize("url", ["/sign-in", "/account/profile", "/account/password"])
def test_ten_megabytes_are_too_much(ready, url):
    browser, url = ready(url)
    assert post(browser, url, dict.fromkeys(FORMS[url], "x" * 10_000_000)).status_code == 413


def test_a_form_keeps_what_was_typed(ready):
    browser, url = ready("/account/profile")
    fields = {"name": "Amina <b>", "phone": "12", "locale": "sw", "time_zone": "Africa/Kampala"}
    answer = post(browser, url, fields)
    assert answer.status_code == 422
    assert 'value="Amina &lt;b&gt;"' in answer.text
    assert 'value="12"' in answer.text
    assert '<option selected value="Africa/Kampala">' in answer.text


@pytest.mark.parametrize(("field", "value"), [("locale", "xx"), ("locale", "../en"), ("time_zone", "Mars/Olympus")])
def test_what_is_not_on_a_list_is_refused(context, visit, field, value):
    amina = account()
    fields = {"name": "Amina", "phone": "", "locale": "en", "time_zone": "UTC", field: value}
    assert post(visit(person(amina)), "/account/profile", fields).status_code == 422
    assert fresh(amina.id).time_zone == "Africa/Nairobi"


def test_htmx_gets_the_fragment_of_its_form(ready):
    browser, url = ready("/sign-in")
    headers = {"HX-Request": "true", "HX-Target": "sign_in_form"}
    token = browser.token()
    answer = browser.client.post(url, data={"csrf_token": token, "email": "", "password": ""}, headers=headers)
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<form id="sign_in_form"')
    assert "<html" not in answer.text
