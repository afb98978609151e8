import re
from datetime import timedelta

import pyotp
import pytest

from app.auth import queries, sessions
from app.auth import second_factor as second
from app.auth.errors import SignInRefused
from app.auth.signing_in import sign_in
from app.core import clock
from app.core.db import transaction
from tests import factories
from tests.auth.visitor import WRONG, Visitor, account, bare, events_of, fresh, letters_to, person, switch_on
from tests.factories import PASSWORD


def cookies(answer) -> dict[str, str]:
    return {cookie.split("=")[0]: cookie for cookie in answer.headers.getlist("Set-Cookie")}


class TestSigningIn:
    def test_the_right_password_leads_in_and_its_cookies_are_kept_from_scripts(self, context, visit):
        answer = visit().sign_in(account().email)
        assert (answer.status_code, answer.location) == (303, "/")
        for name in ("sid", "device"):
            assert "HttpOnly" in cookies(answer)[name]
            assert "SameSite=Lax" in cookies(answer)[name]

    def test_over_tls_cookies_are_secure_and_bound_to_the_host(self, app, context, visit, monkeypatch):
        monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
        monkeypatch.setitem(app.config, "WTF_CSRF_SSL_STRICT", False)
        amina, browser = account(), visit()
        token = browser.client.get("/sign-in", base_url="https://localhost")
        (csrf,) = re.findall(r'csrf-token" content="([^"]+)"', token.text)
        fields = {"csrf_token": csrf, "email": amina.email, "password": PASSWORD}
        answer = browser.client.post("/sign-in", data=fields, base_url="https://localhost")
        for name in ("__Host-sid", "__Host-device"):
            assert "Secure" in cookies(answer)[name]
            assert "Path=/" in cookies(answer)[name]
            assert "Domain" not in cookies(answer)[name]

    def test_known_and_unknown_addresses_get_the_same_page(self, context, visit):
        amina = account("known.one@example.com")
        known, unknown = visit().sign_in(amina.email, WRONG), visit().sign_in("known.two@example.com", WRONG)
        assert known.status_code == unknown.status_code == 422
        assert bare(known.text) == bare(unknown.text)

    def test_a_paused_account_gets_the_same_page_too(self, context, visit):
        amina, browser = account("known.one@example.com"), visit()
        for _ in range(5):
            with pytest.raises(SignInRefused):
                sign_in(email=amina.email, password=WRONG)
        paused, wrong = browser.sign_in(amina.email, PASSWORD), visit().sign_in("known.two@example.com", WRONG)
        assert paused.status_code == 422
        assert bare(paused.text) == bare(wrong.text)

    def test_what_was_typed_stays_but_never_the_password(self, context, visit):
        answer = visit().sign_in("typed@example.com", WRONG)
        assert 'value="typed@example.com"' in answer.text
        assert WRONG not in answer.text

    def test_a_new_session_gets_a_new_cookie_and_the_old_one_ends(self, context, visit):
        amina = account()
        browser = visit()
        browser.sign_in(amina.email)
        first = browser.client.get_cookie("sid").value
        browser.client.post(
            "/sign-in", data={"csrf_token": browser.token("/account"), "email": amina.email, "password": PASSWORD}
        )
        assert browser.client.get_cookie("sid").value != first
        assert sessions.find(first) is None

    def test_a_planted_form_session_is_worth_nothing_after_signing_in(self, context, visit):
        amina, browser = account(), visit()
        planted = browser.token()
        browser.sign_in(amina.email)
        answer = browser.client.post("/account/profile", data={"csrf_token": planted, "name": "x"})
        assert answer.status_code == 400

    @pytest.mark.parametrize("given", ["/account", "/account/security", "/account?x=1"])
    def test_it_leads_back_to_a_page_of_ours(self, context, visit, given):
        assert visit().sign_in(account().email, to=f"/sign-in?next={given}").location == given

    @pytest.mark.parametrize(
        "given",
        [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "///evil.example",
            "/%5Cevil",
            "javascript:alert(1)",
            "account",
            "/no-such-page",
            "/sign-out",
            "/account%0d%0aSet-Cookie:x",
            "http:account",
            "/account/../..//evil.example",
            "/\t/evil.example",
            "/%09/evil.example",
            "https:///account",
            "@evil.example",
            "//[",
            "/[",
            "https://[",
            "/sign-in/",
            "",
            "/account#\u202e",
        ],
    )
    def test_it_never_leads_to_another_site(self, context, visit, given):
        answer = visit().client
        browser = visit()
        answer = browser.client.post(
            "/sign-in",
            query_string={"next": given},
            data={"csrf_token": browser.token(), "email": account().email, "password": PASSWORD},
        )
        assert (answer.status_code, answer.location) == (303, "/")

    def test_who_is_signed_in_is_led_on(self, context, visit):
        assert visit(person(account())).get("/sign-in?next=/account").location == "/account"

    def test_signing_out_ends_the_session(self, context, visit):
        browser = visit(person(amina := account()))
        token = browser.client.get_cookie("sid").value
        answer = browser.post("/sign-out", {"csrf_token": browser.token("/account")})
        assert answer.location == "/sign-in"
        assert sessions.find(token) is None
        assert browser.get("/account").status_code == 303
        assert events_of(amina.id)[-1] == "signed_out"

    def test_a_page_for_people_leads_strangers_to_sign_in_and_back(self, context, visit):
        for url in ("/account", "/account/security", "/account/second-step/start"):
            assert visit().get(url).location == f"/sign-in?next={url}"
        hx = visit().get("/account", headers={"HX-Request": "true"})
        assert (hx.status_code, hx.headers["HX-Redirect"]) == (204, "/sign-in?next=/account")

    def test_a_new_device_is_told_of_but_not_the_first(self, context, visit):
        amina = account()
        browser = visit()
        browser.sign_in(amina.email)
        assert letters_to(amina.email) == []
        visit().sign_in(amina.email)
        assert [name for name, _ in letters_to(amina.email)] == ["auth_new_device"]


def test_a_refusal_is_counted_though_its_answer_rolls_back(committed):
    with committed.app_context():
        amina = account()
    answer = Visitor(factories.browser(committed, None), {}).sign_in(amina.email, WRONG)
    assert answer.status_code == 422
    with committed.app_context():
        assert fresh(amina.id).failed_login_attempts == 1
        assert events_of(amina.id) == ["sign_in_refused"]


class TestLimits:
    def test_one_address_is_limited_before_the_password_is_looked_at(self, context, visit, monkeypatch):
        amina = account()
        answers = [
            visit(REMOTE_ADDR=f"10.{number}.0.1").sign_in(amina.email, WRONG).status_code for number in range(12)
        ]
        assert 429 in answers
        assert answers.index(429) <= 8

    def test_an_unknown_address_is_limited_alike(self, context, visit):
        answers = [visit(REMOTE_ADDR=f"10.{n}.0.1").sign_in("nobody@example.com", WRONG).status_code for n in range(12)]
        assert answers.index(429) <= 8

    def test_one_network_is_limited_over_many_addresses(self, context, visit):
        browser = visit(REMOTE_ADDR="10.9.9.1")
        token = browser.token()
        answers = []
        for number in range(30):
            fields = {"csrf_token": token, "email": f"n{number}@example.com", "password": ""}
            environ = {"REMOTE_ADDR": f"10.9.9.{number}"}
            answers.append(browser.client.post("/sign-in", data=fields, environ_base=environ).status_code)
        assert answers.count(422) == 20
        assert answers.count(429) == 10

    def test_the_owner_gets_in_on_a_known_device_while_the_address_is_attacked(self, context, visit):
        amina = account()
        mine = visit(REMOTE_ADDR="10.77.0.1")
        assert mine.sign_in(amina.email).status_code == 303
        mine.post("/sign-out", {"csrf_token": mine.token("/account")})
        statuses = {visit(REMOTE_ADDR=f"10.{n}.0.1").sign_in(amina.email, WRONG).status_code for n in range(40)}
        assert statuses == {422, 429}
        for _ in range(5):
            with pytest.raises(SignInRefused):
                sign_in(email=amina.email, password=WRONG)  # as hours of such tries would
        assert fresh(amina.id).account_locked_until is not None
        assert visit(REMOTE_ADDR="10.78.0.1").sign_in(amina.email).status_code == 429
        assert mine.sign_in(amina.email).status_code == 303


class TestSecondStep:
    def test_between_the_steps_there_is_no_session(self, context, visit):
        amina, browser = account(), visit()
        totp = switch_on(amina)
        answer = browser.sign_in(amina.email, to="/sign-in?next=/account")
        assert answer.location == "/sign-in/second-step"
        assert browser.client.get_cookie("sid") is None
        assert browser.get("/account").status_code == 303
        answer = browser.post("/sign-in/second-step", {"code": totp.at(clock.now())})
        assert answer.location == "/account"
        found = sessions.find(browser.client.get_cookie("sid").value)
        assert found is not None
        assert found.fresh()

    def test_a_wrong_code_stays_out_and_is_not_kept(self, context, visit):
        amina, browser = account(), visit()
        switch_on(amina)
        browser.sign_in(amina.email)
        answer = browser.post("/sign-in/second-step", {"code": "000000"})
        assert answer.status_code == 422
        assert browser.client.get_cookie("sid") is None

    def test_a_code_that_was_used_in_one_browser_is_refused_in_another(self, context, visit):
        amina = account()
        totp = switch_on(amina)
        code = totp.at(clock.now())
        for expected in (303, 422):
            browser = visit()
            browser.sign_in(amina.email)
            assert browser.post("/sign-in/second-step", {"code": code}).status_code == expected

    def test_the_first_step_is_forgotten_after_ten_minutes(self, context, visit):
        amina, browser = account(), visit()
        switch_on(amina)
        browser.sign_in(amina.email)
        with clock.held(clock.now() + timedelta(minutes=10)):
            assert browser.get("/sign-in/second-step").location == "/sign-in"
            assert browser.get("/sign-in/recovery-code").location == "/sign-in"

    def test_without_the_first_step_there_is_no_second(self, context, visit):
        for url in ("/sign-in/second-step", "/sign-in/recovery-code"):
            assert visit().post(url, {"code": "000000"}).location == "/sign-in"

    def test_a_recovery_code_stands_in_for_the_app(self, context, visit):
        amina, browser = account(), visit()
        switch_on(amina)
        with transaction():
            codes = second.new_codes(queries.account(amina.id), password=PASSWORD)
        browser.sign_in(amina.email)
        assert browser.get("/sign-in/recovery-code").status_code == 200
        assert browser.post("/sign-in/recovery-code", {"code": "aaaa-bbbb"}).status_code == 422
        assert browser.post("/sign-in/recovery-code", {"code": codes[0]}).status_code == 303
        assert browser.get("/account").status_code == 200

    def test_setting_it_up_and_keeping_the_codes(self, context, visit):
        amina = account()
        browser = visit(person(amina))
        token = {"csrf_token": browser.token("/account")}
        assert browser.post("/account/second-step/start", token | {"password": WRONG}).status_code == 422
        assert (
            browser.post("/account/second-step/start", token | {"password": PASSWORD}).location
            == "/account/second-step"
        )
        page = browser.get("/account/second-step").text
        secret = re.findall(r'data-copy="([A-Z2-7 ]+)"', page)[0].replace(" ", "")
        assert "<svg" in page
        assert browser.post("/account/second-step", token | {"code": "000000"}).status_code == 422
        shown = browser.post("/account/second-step", token | {"code": pyotp.TOTP(secret).at(clock.now())})
        codes = re.findall(r"<li>([a-z2-7-]{29})</li>", shown.text)
        assert len(codes) == 10
        assert shown.headers["Cache-Control"] == "no-store"
        file = browser.post("/account/recovery-codes/file", token | {"codes": " ".join(codes)})
        assert file.mimetype == "text/plain"
        assert all(code in file.text for code in codes)
        assert "attachment" in file.headers["Content-Disposition"]
        assert browser.post("/account/recovery-codes/file", token | {"codes": "<b>mine</b>"}).status_code == 404
        assert codes[0] not in browser.get("/account/security").text

    def test_switching_it_off_and_making_new_codes(self, context, visit):
        amina = account()
        switch_on(amina)
        browser = visit(person(amina))
        token = {"csrf_token": browser.token("/account")}
        for url in ("/account/recovery-codes", "/account/second-step/end"):
            assert browser.get(url).status_code == 200
            assert browser.post(url, token | {"password": WRONG}).status_code == 422
        shown = browser.post("/account/recovery-codes", token | {"password": PASSWORD})
        assert len(re.findall(r"<li>([a-z2-7-]{29})</li>", shown.text)) == 10
        assert browser.post("/account/second-step/end", token | {"password": PASSWORD}).status_code == 303
        assert not fresh(amina.id).two_factor_enabled
        assert browser.get("/account/second-step").status_code == 409
