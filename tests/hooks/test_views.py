"""The pages: who finds them, a secret that is shown once, and every button."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.auth.models import UserSession
from app.core import clock
from app.core.db import platform, session, transaction
from app.hooks.models import HookDelivery

URL = "http://127.0.0.1:9/told"


@pytest.fixture
def browser(as_person, cast):
    return as_person(cast.treasurer)


def fields(page):
    return {name: re.findall(rf'name="{name}"[^>]*value="([^"]+)"', page)[0] for name in ("csrf_token", "once")}


def place(cast, rest=""):
    return f"/g/{cast.slug}/settings/hooks/{rest}"


def add(browser, cast, **more):
    given = fields(browser.get(place(cast, "new")).text) | {"url": URL, "events": "payment.create"} | more
    return given, browser.post(place(cast), data=given)


def press(browser, cast, rest):
    token = fields(browser.get(place(cast, "new")).text)["csrf_token"]
    return browser.post(place(cast, rest), data={"csrf_token": token})


def test_an_address_is_added_and_its_secret_is_shown_once(browser, cast):
    assert "No addresses" in browser.get(place(cast)).text
    given, made = add(browser, cast)
    secret = re.search(r"whsec_[\w+/=]{40,}", made.text)
    assert secret, made.text
    again = browser.post(place(cast), data=given)
    assert "whsec_" not in again.text
    listed = browser.get(place(cast)).text
    assert URL in listed
    assert "whsec_" not in listed


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "https://10.0.0.1/"}, "not on the public internet"),
        ({"url": "https://example.com:22/"}, "443 and 8443"),
        ({"url": "nonsense"}, "Enter an address like"),
        ({"url": ""}, "Enter the address"),
        ({"events": "member.read"}, "payment.create"),
    ],
)
def test_a_wrong_form_says_where(browser, cast, wrong, said):
    _, refused = add(browser, cast, **wrong)
    assert refused.status_code == 422
    assert said in refused.text


def test_an_address_goes_through_its_life(browser, cast, told):
    add(browser, cast)
    hook_id = told.hook().id
    assert press(browser, cast, f"{hook_id}/test").status_code == 303
    assert press(browser, cast, f"{hook_id}/test").status_code == 409
    told.work()
    shown = browser.get(place(cast, str(hook_id))).text
    assert "No connection" in shown
    assert "hook.test" in shown
    assert "It fails" in shown
    assert press(browser, cast, f"{hook_id}/pause").status_code == 303
    assert "Paused" in browser.get(place(cast)).text
    assert press(browser, cast, f"{hook_id}/resume").status_code == 303
    secret = press(browser, cast, f"{hook_id}/rotate")
    assert "whsec_" in secret.text
    assert "two signatures" in secret.text
    with transaction(group_id=cast.group_id):
        session().execute(sa.update(HookDelivery).values(state="failed"))
    row = told.deliveries()[0].id
    assert "Send again" in browser.get(place(cast, str(hook_id))).text
    assert press(browser, cast, f"{hook_id}/deliveries/{row}/redeliver").status_code == 303
    told.change(state="failing", failing_since=clock.now())
    assert "We stopped trying" in browser.get(place(cast, str(hook_id))).text
    assert "it failed" in browser.get(place(cast)).text
    assert press(browser, cast, f"{hook_id}/end").status_code == 303
    assert browser.get(place(cast, str(hook_id))).status_code == 404


def test_deliveries_come_in_pages(browser, cast, told):
    told.add(URL)
    for _number in range(27):
        told.happens()
    first = browser.get(place(cast, str(told.hook().id))).text
    after = re.findall(r"after=([\w-]+)", first)[0]
    second = browser.get(place(cast, f"{told.hook().id}?after={after}")).text
    assert (first.count("payment.create"), second.count("payment.create")) == (25 + 1, 2 + 1)


@pytest.mark.parametrize("who", ["member", "secretary", "auditor"])
def test_others_of_the_group_have_no_such_page(as_person, cast, who):
    for rest in ("", "new"):
        assert as_person(cast.people[who]).get(place(cast, rest)).status_code == 403


def test_other_groups_find_nothing(as_person, cast, told):
    told.add(URL)
    hook_id = told.hook().id
    assert as_person(cast.outsider).get(place(cast)).status_code == 404
    assert as_person(cast.outsider).get(f"/g/{cast.outsider.slug}/settings/hooks/{hook_id}").status_code == 404


def test_adding_asks_who_it_is_again_after_ten_minutes(browser, cast):
    long_ago = clock.now() - timedelta(minutes=11)
    with transaction(user_id=cast.treasurer.user_id):
        stale = {
            name: long_ago
            for name in ("fresh_at", "authenticated_at", "confirmed_at", "second_factor_at")
            if name in UserSession.__table__.columns
        }
        platform().execute(sa.update(UserSession).where(UserSession.user_id == cast.treasurer.user_id).values(**stale))
    assert browser.get(place(cast, "new")).status_code in (302, 303)
    assert browser.get(place(cast)).status_code == 200
