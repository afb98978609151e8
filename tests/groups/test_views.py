"""Pages of groups as the cast sees them: a member, an officer, an auditor, someone of another group, a stranger."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.groups import queries
from app.groups.models import GroupPolicy
from tests.groups.pages import hidden, send, token

READS = (
    "/members",
    "/members/{member}",
    "/members/new",
    "/members/invitations",
    "/members/{member}/profile",
    "/members/{member}/standing",
    "/members/{member}/roles",
    "/members/{invited}/invitation",
    "/settings",
    "/settings/rules",
    "/settings/roles",
    "/settings/general",
    "/settings/financial",
    "/settings/security",
    "/settings/notifications",
)


def address(cast, path):
    return f"/g/{cast.slug}" + path.format(member=cast.member.member_id, invited=cast.other_member.member_id)


@pytest.mark.parametrize("path", READS)
def test_a_leader_reads_every_page(cast, as_person, path):
    assert as_person(cast.leader).get(address(cast, path)).status_code == 200


@pytest.mark.parametrize("path", READS)
def test_nobody_else_sees_that_there_is_such_a_page(cast, as_person, path):
    assert as_person(cast.outsider).get(address(cast, path)).status_code == 404
    assert as_person(cast.stranger).get(address(cast, path)).status_code == 404
    assert as_person(None).get(address(cast, path)).status_code == 303


OPEN_TO_MEMBERS = {"/members/{member}", "/settings", "/settings/rules"}


@pytest.mark.parametrize("path", READS)
def test_a_member_sees_oneself_and_the_rules(cast, as_person, path):
    expected = 200 if path in OPEN_TO_MEMBERS else 403
    assert as_person(cast.member).get(address(cast, path)).status_code == expected


def test_a_member_does_not_see_another(cast, as_person, at):
    assert as_person(cast.member).get(f"{at}/members/{cast.other_member.member_id}").status_code == 403


def test_another_groups_member_is_not_found(cast, as_person, at):
    foreign = cast.outsider.member_id
    browser = as_person(cast.leader)
    for path in ("", "/profile", "/standing", "/roles", "/invitation"):
        assert browser.get(f"{at}/members/{foreign}{path}").status_code == 404
    assert send(browser, f"{at}/members/{foreign}/national-id", f"{at}/members/new").status_code == 404


def test_without_its_token_a_form_is_not_taken(cast, as_person, at):
    assert as_person(cast.leader).post(f"{at}/members", data={"display_name": "Ali"}).status_code == 400


def test_an_auditor_changes_nothing(cast, as_person, at):
    browser = as_person(cast.auditor)
    page = f"{at}/settings"
    for path in ("/members", "/settings", "/settings/rules", "/members/invitations"):
        response = browser.post(f"{at}{path}", data={"csrf_token": token(browser.get(page))})
        assert response.status_code == 403, path


def test_rules_get_a_new_version(cast, as_person, at):
    browser, url = as_person(cast.treasurer), f"{at}/settings/rules"
    today = clock.today("Africa/Nairobi").isoformat()
    values = {"approval_threshold": "50,000", "maximum_amount": "1000000", "disclaimer": "", "effective_on": today}
    assert send(browser, url, **values).status_code == 303
    assert b"50,000.00" in browser.get(url).data
    past = (clock.today("Africa/Nairobi") - timedelta(days=1)).isoformat()
    assert send(browser, url, **values | {"effective_on": past}).status_code == 422
    for wrong in ("1e999", "NaN", "-0", "1.23456", "9" * 30):
        assert send(browser, url, **values | {"approval_threshold": wrong}).status_code == 422
    raised = send(browser, url, **values | {"approval_threshold": ""})
    assert raised.status_code == 422
    assert "can start tomorrow at the earliest" in raised.text
    with transaction(group_id=cast.group_id):
        assert session().scalar(sa.select(sa.func.max(GroupPolicy.version))) == 2


def test_settings_are_saved_and_bounded(cast, as_person, at):
    browser, url = as_person(cast.leader), f"{at}/settings/security"
    assert send(browser, url, idle_minutes="10").status_code == 303
    assert b'value="10"' in browser.get(url).data
    assert send(browser, url, idle_minutes="1").status_code == 422
    assert send(browser, f"{at}/settings/financial", retention_years="1").status_code == 422
    assert browser.get(f"{at}/settings/nothing").status_code == 404


def test_the_profile_is_changed_and_the_slug_stays(cast, as_person, at):
    browser, url = as_person(cast.leader), f"{at}/settings"
    page = browser.get(url)
    values = {"name": "New Umoja", "category": "mixed", "country": "KE", "time_zone": "Africa/Nairobi", "locale": "sw"}
    sent = {"csrf_token": token(page), "version": hidden(page, "version"), "max_members": "60", **values}
    assert browser.post(url, data=sent).status_code == 303
    assert b"New Umoja" in browser.get(url).data
    assert browser.post(url, data=sent).status_code == 409  # the page is stale now


def test_a_treasurer_gives_no_roles(cast, as_person, at):
    url = f"{at}/members/{cast.member.member_id}/roles"
    assert as_person(cast.treasurer).get(url).status_code == 403


def test_a_suspended_group_is_read_only(cast, as_person, at):
    with transaction(group_id=cast.group_id):
        queries.group().status = "suspended"
    browser = as_person(cast.leader)
    assert browser.get(f"{at}/members").status_code == 200
    values = {"display_name": "Ali", "joined_on": "2026-01-05", "roles": "member"}
    assert send(browser, f"{at}/members", f"{at}/members/new", **values).status_code == 403
