"""What of a group asks people to confirm who they are, and officers who need a second step."""

from datetime import timedelta

import pytest

from app.auth import second_factor as second
from app.auth import sessions
from app.auth.models import UserAccount
from app.core import clock
from app.core.db import platform, transaction
from app.groups import services
from app.groups.access import needs
from tests import factories
from tests.auth.visitor import Visitor
from tests.groups.test_guard import make_strict


@pytest.fixture
def signed(cast, as_person):
    """Whoever signed in some minutes ago."""

    def who(part: str, minutes: int = 15):
        browser = as_person(cast.people[part])
        held = clock.held(clock.now() + timedelta(minutes=minutes))
        return browser, held

    return who


def guarded(cast, at) -> list[tuple[str, str, str]]:
    member = f"{at}/members/{cast.member.member_id}"
    return [
        ("leader", "GET", f"{member}/roles"),
        ("leader", "POST", f"{member}/roles"),
        ("leader", "POST", f"{member}/permissions"),
        ("secretary", "POST", f"{member}/national-id"),
        ("treasurer", "POST", f"{at}/settings/rules"),
        ("treasurer", "POST", f"{at}/settings/security"),
        ("treasurer", "POST", f"{at}/settings/financial"),
        ("treasurer", "GET", f"{at}/reports/journal.csv"),
        ("auditor", "GET", f"{at}/reports/trial-balance.csv"),
        ("auditor", "GET", f"{at}/reports/journal.beancount"),
    ]


@pytest.mark.parametrize("number", range(10))
def test_after_ten_minutes_people_confirm_first(cast, at, signed, number, app):
    part, method, url = guarded(cast, at)[number]
    browser, held = signed(part)
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        with held:
            answer = browser.open(url, method=method, headers={"Referer": f"http://localhost{at}/members"})
            lead = url if method == "GET" else f"{at}/members"
            assert answer.location == f"/account/confirm?next={lead}"
        browser, held = signed(part, minutes=9)
        with held:
            assert "/account/confirm" not in (browser.open(url, method=method).location or "")
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("path", ["", "/members", "/settings/security", "/settings/rules", "/reports/", "/settings"])
def test_reading_asks_nobody(at, signed, path):
    browser, held = signed("leader")
    with held:
        assert browser.get(at + path, follow_redirects=False).status_code in {200, 308}


def test_the_other_settings_ask_nobody(cast, at, signed, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    browser, held = signed("leader")
    with held:
        assert "/account/confirm" not in (browser.post(f"{at}/settings/notifications").location or "")


def test_who_may_not_is_told_so_and_not_asked(cast, at, signed):
    browser, held = signed("member")
    with held:
        assert browser.get(f"{at}/members/{cast.leader.member_id}/roles").status_code == 403


def test_a_view_may_ask_for_some_of_its_pages_only():
    view = needs("group.see", fresh=lambda kind: kind == "x")(lambda: None)
    assert view.fresh(kind="x")  # type: ignore[attr-defined]
    assert needs("group.see")(lambda: None).fresh is False  # type: ignore[attr-defined]


class TestAStrictGroup:
    def weak(self, app, cast, person) -> Visitor:
        with app.app_context(), transaction(user_id=person.user_id):
            account = platform().get_one(UserAccount, person.user_id)
            token = sessions.start(account, address="127.0.0.1", agent="test")
        browser = factories.browser(app, None)
        browser.set_cookie("sid", token)
        return Visitor(browser, {})

    def test_an_officer_without_one_is_led_to_set_it_up_and_back(self, app, cast, at, monkeypatch):
        make_strict(cast)
        weak = self.weak(app, cast, cast.treasurer)
        page = weak.get(f"{at}/members?q=x")
        assert page.status_code == 403
        assert page.headers["Cache-Control"] == "no-store"
        assert "asks its leaders" in page.text
        assert "/account/passkeys/new" in page.text
        assert "/account/second-step/start" in page.text
        assert "Joseph Otieno" not in page.text.split("<main", 1)[1]
        monkeypatch.setattr(second, "enable", self.enable)
        done = weak.post("/account/second-step", {"code": "123456"})
        assert f'href="{at}/members?q=x"' in done.text
        assert weak.get(f"{at}/members").status_code == 200

    def enable(self, account, *, code, session_id):
        account.two_factor_enabled = True
        sessions.mark_second_factor(session_id)
        return ["abcd-abcd-abcd-abcd"]

    def test_an_officer_who_has_one_but_did_not_use_it_is_asked_for_it(self, app, cast, at):
        make_strict(cast)
        weak = self.weak(app, cast, cast.leader)
        assert weak.get(f"{at}/members").location == f"/account/confirm?next={at}/members"

    def test_members_are_left_alone(self, app, cast, at):
        make_strict(cast)
        assert self.weak(app, cast, cast.member).get(f"{at}/settings").status_code == 200

    def test_who_switches_it_on_without_one_is_told_at_the_field(self, cast, at, as_person):
        browser = Visitor(as_person(cast.leader), {})
        answer = browser.post(f"{at}/settings/security", {"idle_minutes": "30", "officers_second_factor": "y"})
        assert answer.status_code == 409
        assert "Set up a second step for yourself first" in answer.text


def test_changing_roles_ends_an_open_invitation(cast):
    with transaction(group_id=cast.group_id, user_id=cast.leader.user_id):
        by = cast.leader.member_id
        new = services.add_member(display_name="Njeri", by=by, email="njeri@example.com")
        sent = services.invite_member(member=new, by=by)
        services.set_roles(member=new, roles=["treasurer"], by=by)
        assert sent.withdrawn_at is not None
