import re

import pytest

from app.auth import sessions
from app.auth.rules import Purpose
from app.core import clock
from tests.auth.visitor import Visitor, account, bare, fresh, letters_to, person, send_link, switch_on
from tests.factories import PASSWORD
from tests.mail.box import work

GOOD = "mango tree by the gate"


class TestLinks:
    @pytest.mark.parametrize("url", ["/forgotten-password", "/confirm-email"])
    def test_known_and_unknown_addresses_get_the_same_answer(self, context, visit, url):
        account("known.one@example.com", email_confirmed_at=None, status="pending", created_at=clock.now())
        known, unknown = (visit().post(url, {"email": f"known.{n}@example.com"}) for n in ("one", "two"))
        assert known.status_code == unknown.status_code == 200
        assert bare(known.text) == bare(unknown.text)
        work()
        assert len(letters_to("known.one@example.com")) == 1
        assert letters_to("known.two@example.com") == []

    @pytest.mark.parametrize(
        ("purpose", "url"),
        [(Purpose.CONFIRM, "confirm-email"), (Purpose.CHANGE, "change-email"), (Purpose.UNDO, "undo-email-change")],
    )
    def test_a_mail_scanner_that_opens_a_link_changes_nothing(self, context, visit, purpose, url):
        amina = account("before@example.com", email_confirmed_at=None, status="pending", created_at=clock.now())
        token = send_link(amina, purpose)
        for _ in range(3):
            assert visit().get(f"/{url}/{token}").status_code == 200
        assert fresh(amina.id).email_confirmed_at is None
        assert visit().post(f"/{url}/{token}").location == "/sign-in"
        assert visit().post(f"/{url}/{token}").status_code == 409
        assert visit().get(f"/{url}/{token}").status_code == 409

    @pytest.mark.parametrize("url", ["confirm-email", "change-email", "undo-email-change", "reset-password"])
    @pytest.mark.parametrize("token", ["x", "%00", "a" * 5000, "%E2%80%AE", "..", "'--"])
    def test_what_is_no_link_is_over(self, context, visit, url, token):
        for answer in (visit().get(f"/{url}/{token}"), visit().post(f"/{url}/{token}", {"password": GOOD})):
            assert answer.status_code in (404, 409)
            assert GOOD not in answer.text

    def test_a_reset_does_not_pass_the_second_step_nor_sign_in(self, context, visit):
        amina, browser = account(), visit()
        switch_on(amina)
        token = send_link(amina, Purpose.RESET)
        assert browser.get(f"/reset-password/{token}").status_code == 200
        assert browser.post(f"/reset-password/{token}", {"password": "short"}).status_code == 422
        assert browser.post(f"/reset-password/{token}", {"password": GOOD}).location == "/sign-in"
        assert browser.get("/account").status_code == 303
        assert browser.sign_in(amina.email, GOOD).location == "/sign-in/second-step"

    def test_tokens_are_never_logged(self, context, visit, caplog):
        caplog.set_level(0)
        token = send_link(account(), Purpose.RESET)
        visit().get(f"/reset-password/{token}")
        visit().post(f"/reset-password/{token}", {"password": GOOD})
        assert token not in caplog.text
        assert GOOD not in caplog.text


class TestAccount:
    def test_the_profile_is_saved(self, context, visit):
        amina = account()
        browser = visit(person(amina))
        fields = {"name": "Amina W. Otieno", "phone": "+254 712 345 678", "locale": "sw", "time_zone": "Africa/Kampala"}
        answer = browser.post("/account/profile", fields | {"csrf_token": browser.token("/account")})
        assert answer.location == "/account"
        assert fresh(amina.id).phone == "+254712345678"
        assert "Amina W. Otieno" in browser.get("/account").text

    def test_a_change_of_password_keeps_this_device_alone(self, context, visit):
        amina = account()
        here, there = visit(person(amina)), visit(person(amina))
        fields = {"current": PASSWORD, "password": GOOD, "csrf_token": here.token("/account")}
        before = here.client.get_cookie("sid").value
        assert here.post("/account/password", fields).location == "/account"
        assert sessions.find(before) is None
        assert here.get("/account").status_code == 200
        assert there.get("/account").status_code == 303

    def test_a_change_of_address_goes_by_a_link(self, context, visit):
        amina = account()
        browser = visit(person(amina))
        fields = {"email": "elsewhere@example.com", "password": PASSWORD, "csrf_token": browser.token("/account")}
        assert browser.post("/account/email", fields).location == "/account"
        token = letters_to("elsewhere@example.com")[-1][1]["token"]
        assert browser.post(f"/change-email/{token}", {"csrf_token": browser.token("/account")}).location == "/"
        assert fresh(amina.id).email == "elsewhere@example.com"

    def test_sessions_are_listed_and_ended_at_once(self, context, visit):
        amina, other = account(), account()
        here, there, theirs = visit(person(amina)), visit(person(amina)), visit(person(other))
        page = here.get("/account/security").text
        ids = re.findall(r"/account/sessions/([0-9a-f-]{36})/end", page)
        assert len(ids) == 1
        thief = {"csrf_token": theirs.token("/account")}
        theirs.post(f"/account/sessions/{ids[0]}/end", thief)
        assert there.get("/account").status_code == 200
        assert here.post(f"/account/sessions/{ids[0]}/end", {"csrf_token": here.token("/account")}).status_code == 303
        assert there.get("/account").status_code == 303

    def test_all_others_are_ended_and_this_one_stays(self, context, visit):
        amina = account()
        here, *others = (visit(person(amina)) for _ in range(3))
        here.post("/account/sessions/end-others", {"csrf_token": here.token("/account")})
        assert here.get("/account").status_code == 200
        assert [other.get("/account").status_code for other in others] == [303, 303]

    def test_the_security_page_tells_what_happened(self, context, visit):
        browser = visit()
        browser.sign_in(account().email)
        page = browser.get("/account/security").text
        assert "Signed in" in page
        assert "127.0.0.1" in page


def test_pages_of_the_account_are_kept_in_no_cache(context, visit):
    browser: Visitor = visit(person(account()))
    for url in ("/account", "/account/security", "/account/second-step/start"):
        assert browser.get(url).headers["Cache-Control"] == "no-store"
