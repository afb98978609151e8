"""Passkeys and confirming in a real browser, with Chromium's own authenticator in place of a finger."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.auth import passwords, queries
from app.core.db import transaction
from tests import factories
from tests.browser.conftest import Visit
from tests.factories import PASSWORD, Cast, Person

pytestmark = pytest.mark.browser


@pytest.fixture
def address(committed: Flask, address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Under a name: passkeys are good for names, not for numbers."""
    site = address.replace("127.0.0.1", "localhost")
    monkeypatch.setitem(committed.config, "SETTINGS", replace(committed.config["SETTINGS"], base_url=site))
    return site


@pytest.fixture
def cast(committed: Flask) -> Cast:
    with committed.app_context():
        made = factories.cast()
        with transaction(user_id=made.leader.user_id):
            queries.account(made.leader.user_id).password_hash = passwords.hashed(PASSWORD)
    return made


def authenticator(visit: Visit, **options: Any) -> Any:
    """A device with a finger that is always right."""
    tool: Any = visit.context.new_cdp_session(visit.page)
    tool.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    told = {"isUserVerified": True, "automaticPresenceSimulation": True}
    made = tool.send("WebAuthn.addVirtualAuthenticator", {"options": kind | told | options})
    tool.id = made["authenticatorId"]
    return tool


def held(tool: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tool.send("WebAuthn.getCredentials", {"authenticatorId": tool.id})["credentials"]
    return found


def add(page: Page, name: str = "My laptop") -> None:
    page.goto("/account/passkeys/new")
    page.fill("#name", name)
    page.click("#new_passkey_form [type=submit]")


def grow_old(app: Flask, person: Person) -> None:
    """The sign-in was a quarter of an hour ago."""
    with app.app_context(), transaction(user_id=person.user_id):
        for row in queries.sessions_of(person.user_id):
            row.confirmed_at = row.created_at - timedelta(minutes=15)
            if row.second_factor_at:
                row.second_factor_at = row.confirmed_at


def test_a_passkey_is_made_signs_in_and_confirms(
    committed: Flask, cast: Cast, visit: Callable[..., Visit], address: str
) -> None:
    home = visit(cast.leader)
    tool, page = authenticator(home), home.page
    add(page)
    page.wait_for_selector("text=This is the only time you see them")
    (kept,) = held(tool)
    assert kept["rpId"] == "localhost"
    assert kept["isResidentCredential"]
    page.goto("/account/security")
    assert page.locator("#passkeys").get_by_text("My laptop").is_visible()
    add(page, "The same again")
    page.wait_for_selector(".toast.error")  # the device holds one already
    assert len(held(tool)) == 1

    home.context.clear_cookies()
    page.goto("/sign-in?next=/account/security")
    page.click("#passkey_form [type=submit]")
    page.wait_for_selector("#passkeys")
    assert page.locator("#passkeys").get_by_text("Never").count() == 0

    grow_old(committed, cast.leader)
    roles = f"/g/{cast.slug}/members/{cast.member.member_id}/roles"
    page.goto(roles)
    assert page.url.endswith(f"/account/confirm?next={roles}")
    page.click("#passkey_form [type=submit]")
    page.wait_for_selector("#roles_form")

    home.context.clear_cookies()
    page.goto("/sign-in")
    page.fill("#email", _email(committed, cast.leader))
    page.fill("#password", PASSWORD)
    page.click("#sign_in_form [type=submit]")
    page.wait_for_url("**/sign-in/second-step")
    page.click("#passkey_form [type=submit]")
    page.wait_for_url("**/groups")
    assert home.complaints() == []


def test_without_the_right_finger_nobody_comes_in(cast: Cast, visit: Callable[..., Visit], address: str) -> None:
    home = visit(cast.leader)
    tool, page = authenticator(home), home.page
    add(page)
    page.wait_for_selector("text=This is the only time you see them")
    tool.send("WebAuthn.setUserVerified", {"authenticatorId": tool.id, "isUserVerified": False})
    home.context.clear_cookies()
    page.goto("/sign-in")
    page.click("#passkey_form [type=submit]")
    page.wait_for_selector(".toast.error")
    assert page.url.endswith("/sign-in")


def test_the_button_is_hidden_where_a_browser_knows_no_passkeys(visit: Callable[..., Visit], address: str) -> None:
    somebody = visit()
    somebody.context.add_init_script("delete window.PublicKeyCredential")
    somebody.page.goto("/sign-in")
    assert not somebody.page.locator("#passkey_form").is_visible()
    plain = visit(java_script_enabled=False)
    plain.page.goto("/sign-in")
    assert not plain.page.locator("#passkey_form").is_visible()


def test_what_was_typed_is_there_again_after_confirming(
    committed: Flask, cast: Cast, visit: Callable[..., Visit], address: str
) -> None:
    home = visit(cast.leader)
    page = home.page
    page.goto(f"/g/{cast.slug}/settings/rules")
    page.fill("#approval_threshold", "1234")
    page.fill("#disclaimer", "Our own words.")
    grow_old(committed, cast.leader)
    page.click("#policy_form [type=submit]")
    page.wait_for_selector("#confirm_form")
    page.fill("#password", PASSWORD)
    page.click("#confirm_form [type=submit]")
    page.wait_for_selector("#policy_form")
    assert page.input_value("#approval_threshold") == "1234"
    assert page.input_value("#disclaimer") == "Our own words."
    assert page.evaluate("sessionStorage.getItem('typed')") is None
    page.click("#policy_form [type=submit]")
    page.wait_for_selector("text=The new rules were recorded")
    assert PASSWORD not in page.evaluate("JSON.stringify(sessionStorage)")


def _email(app: Flask, person: Person) -> str:
    with app.app_context(), transaction():
        return queries.account(person.user_id).email
