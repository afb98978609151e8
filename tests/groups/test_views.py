"""Pages of groups as the cast sees them: a member, an officer, an auditor, someone of another group, a stranger."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.core import clock
from app.core.db import session, transaction
from app.groups import queries, services
from app.groups.invitees import Invitee
from app.groups.models import GroupPolicy
from tests import factories
from tests.groups.pages import hidden, next_page, send, token


@pytest.fixture
def at(cast):
    return f"/g/{cast.slug}"


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


def test_adding_a_member(cast, as_person, at):
    browser = as_person(cast.secretary)
    values = {"display_name": "Ali Hassan", "phone": "0712345678", "joined_on": "2026-01-05", "roles": "member"}
    response = send(browser, f"{at}/members", f"{at}/members/new", voting_rights="y", **values)
    assert response.status_code == 303
    assert b"+254712345678" in browser.get(response.location).data


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": ""},
        {"phone": "call me"},
        {"email": "nobody"},
        {"joined_on": "2999-01-01"},
        {"joined_on": "soon"},
        {"display_name": "A\u202eB"},
        {"display_name": "x" * 3000},
        {"surprise": "1"},
        {"roles": "owner"},
    ],
)
def test_a_wrong_value_is_shown_again_with_a_sentence(cast, as_person, at, wrong):
    values = {"display_name": "Ali Hassan", "joined_on": "2026-01-05", "roles": "member", "identifier": "KEPT-1"}
    response = send(as_person(cast.leader), f"{at}/members", f"{at}/members/new", **values | wrong)
    assert response.status_code == 422
    assert b"KEPT-1" in response.data
    assert b'role="alert"' in response.data


def test_a_stale_page_is_told_and_may_be_sent_again(cast, as_person, at):
    browser, url = as_person(cast.leader), f"{at}/members/{cast.member.member_id}/profile"
    page = browser.get(url)
    with transaction(group_id=cast.group_id):
        services.edit_member(
            member=queries.member(cast.member.member_id), by=cast.leader.member_id, phone="+254712345678"
        )
    values = {"display_name": "New Name", "identifier": "D1", "joined_on": "2025-01-01", "voting_rights": "y"}
    stale = browser.post(url, data={"csrf_token": token(page), "version": hidden(page, "version"), **values})
    assert stale.status_code == 409
    assert b"New Name" in stale.data
    assert b"+254712345678" in stale.data
    again = browser.post(url, data={"csrf_token": token(page), "version": hidden(stale, "version"), **values})
    assert again.status_code == 303


def test_a_suspended_member_is_out_at_once_and_returns_with_the_history(cast, as_person, at):
    theirs, leader = as_person(cast.member), as_person(cast.leader)
    mine, url = f"{at}/members/{cast.member.member_id}", f"{at}/members/{cast.member.member_id}/standing"
    assert theirs.get(mine).status_code == 200
    assert send(leader, url, step="suspended", reason="away", on="").status_code == 303
    assert theirs.get(mine).status_code == 404
    assert send(leader, url, step="active", reason="", on="").status_code == 303
    page = theirs.get(mine)
    assert page.status_code == 200
    assert b"Suspended" in page.data


def test_the_last_leader_is_told_why(cast, as_person, at):
    url = f"{at}/members/{cast.leader.member_id}/standing"
    response = send(as_person(cast.leader), url, step="left", reason="", on="2026-01-01")
    assert response.status_code == 409
    assert b"only leader" in response.data


def test_the_identity_number_is_shown_on_demand(cast, as_person, at):
    with transaction(group_id=cast.group_id):
        row = queries.member(cast.member.member_id)
        services.edit_member(member=row, by=cast.leader.member_id, national_id="A-778899")
    url = f"{at}/members/{cast.member.member_id}"
    browser = as_person(cast.leader)
    assert b"A-778899" not in browser.get(url).data
    assert b"A-778899" in send(browser, f"{url}/national-id", url).data
    assert send(as_person(cast.member), f"{url}/national-id", f"{at}/settings", x="").status_code in (400, 403)


def test_inviting_shows_the_list_before_it_sends(cast, as_person, at):
    browser, url = as_person(cast.secretary), f"{at}/members/invitations"
    people = "Ali Hassan, ali@example.com\nOmar, omar@example.com, 0712345678"
    shown = send(browser, url, people=people, confirmed="")
    assert shown.status_code == 200
    assert b"Send 2 invitations" in shown.data
    sent = browser.post(url, data={"csrf_token": token(shown), "people": people, "confirmed": "yes"})
    assert sent.status_code == 303
    assert b"Ali Hassan" in browser.get(sent.location).data


def test_a_wrong_line_is_named_and_nobody_is_invited(cast, as_person, at):
    people = "Ali Hassan, ali@example.com\nOmar\nGrace, person3@"
    response = send(as_person(cast.leader), f"{at}/members/invitations", people=people, confirmed="yes")
    assert response.status_code == 422
    assert b"Line 2" in response.data
    with transaction(group_id=cast.group_id):
        assert queries.member_by_email("ali@example.com") is None


@pytest.fixture
def invited(cast, monkeypatch):
    monkeypatch.setattr("app.groups.services.invitations.secrets.token_urlsafe", lambda _n: "the-token")
    with transaction(group_id=cast.group_id):
        services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=cast.leader.member_id)
    monkeypatch.undo()
    return cast


def test_an_invitation_is_sent_again_and_withdrawn(invited, as_person, at):
    with transaction(group_id=invited.group_id):
        row = queries.member_by_email("new@example.com")
        assert row is not None
        url = f"{at}/members/{row.id}"
    browser = as_person(invited.secretary)
    assert b"Withdraw" in browser.get(url).data
    assert send(browser, f"{url}/invitation", email="newer@example.com").status_code == 303
    assert as_person(None).get("/invitations/the-token").status_code == 404
    assert send(browser, f"{url}/invitation", email="nobody").status_code == 422
    assert send(browser, f"{url}/invitation/withdrawal", url).status_code == 303
    assert send(browser, f"{url}/invitation/withdrawal", url).status_code == 404


def test_a_stranger_with_an_account_is_led_to_sign_in(invited, as_person):
    with transaction():
        factories.user("New Person", email="new@example.com")
    response = send(as_person(None), "/invitations/the-token")
    assert response.status_code == 303
    assert "/sign-in" in response.location


def test_a_new_person_opens_an_account_and_is_in(invited, as_person):
    browser = as_person(None)
    response = send(browser, "/invitations/the-token", name="New Person", password="correct horse battery staple 9")
    assert response.status_code == 303
    assert browser.get(f"/g/{invited.slug}/settings").status_code == 200


def test_a_weak_password_is_refused_and_the_link_still_works(invited, as_person):
    browser = as_person(None)
    assert send(browser, "/invitations/the-token", name="New Person", password="password").status_code == 422
    assert browser.get("/invitations/the-token").status_code == 200


def test_someone_with_an_account_joins_by_pressing(invited, as_person):
    with transaction():
        account = factories.user("New Person", email="new@example.com")
    person = factories.Person(account.id, factories.NOBODY, factories.NOBODY, "", account.name)
    browser = as_person(person)
    assert send(browser, "/invitations/the-token").status_code == 303
    assert browser.get(f"/g/{invited.slug}/settings").status_code == 200
    assert browser.get("/invitations/the-token").status_code == 404


def test_another_person_does_not_join(invited, as_person):
    browser = as_person(invited.stranger)
    response = send(browser, "/invitations/the-token")
    assert response.status_code == 409


def test_an_unknown_link_leads_nowhere(cast, as_person):
    assert as_person(None).get("/invitations/guess").status_code == 404
    assert as_person(None).get("/invitations/" + "x" * 500).status_code == 404


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


def test_roles_and_single_permissions(cast, as_person, at):
    browser, url = as_person(cast.leader), f"{at}/members/{cast.member.member_id}"
    assert send(browser, f"{url}/roles", roles=["secretary"]).status_code == 303
    assert send(browser, f"{url}/permissions", f"{url}/roles", permission="members.manage", effect="deny").status_code
    theirs = as_person(cast.member)
    assert theirs.get(f"{at}/members").status_code == 200
    assert theirs.get(f"{at}/members/new").status_code == 403


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


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WyJhIiwiYiJd", "A" * 700, "WyJhXHUwMDAwIiwiMSJd"])
def test_a_broken_cursor_shows_the_first_page(cast, as_person, at, cursor):
    assert b"Amina" in as_person(cast.leader).get(f"{at}/members?after={cursor}").data


def test_pages_go_forward_and_back_over_everybody(cast, as_person, at):
    with transaction(group_id=cast.group_id):
        for number in range(60):
            factories.member(f"Person {number:02d}")
    browser, url = as_person(cast.leader), f"{at}/members"
    seen: list[bytes] = []
    pages: list[TestResponse] = []
    while url:
        page = browser.get(url)
        pages.append(page)
        seen += re.findall(rb"/members/[0-9a-f-]{36}\">([^<]+)<", page.data)
        url = next_page(page)
    assert len(seen) == len(set(seen)) == 66
    back = next_page(pages[-1], "before")
    names = re.findall(rb"/members/[0-9a-f-]{36}\">([^<]+)<", browser.get(back).data)
    assert names == seen[25:50]


def test_the_list_costs_the_same_for_six_and_for_sixty(cast, as_person, at, app):
    browser = as_person(cast.leader)
    few = statements(app, browser, f"{at}/members")
    with transaction(group_id=cast.group_id):
        for number in range(60):
            factories.member(f"Person {number:02d}")
    assert statements(app, browser, f"{at}/members") == few
    assert few == 8


def statements(app, browser, url):
    """How many reads a page costs; what the test's savepoints add is not counted."""
    count: list[str] = []
    engine = app.extensions["engines"]["app"]
    listener = lambda _c, _k, statement, *_rest: count.append(statement)  # noqa: E731  # removed again below
    sa.event.listen(engine, "before_cursor_execute", listener)
    try:
        assert browser.get(url).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", listener)
    return sum(statement.startswith("SELECT") for statement in count)


def test_a_fragment_is_sent_to_htmx(cast, as_person, at):
    headers = {"HX-Request": "true", "HX-Target": "members"}
    page = as_person(cast.leader).get(f"{at}/members?q=amina", headers=headers)
    assert page.data.lstrip().startswith(b'<div id="members"')
    assert b"Joseph" not in page.data
