"""The pages of members: adding, changing, standing, roles, and lists of any length."""

import re

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.core.db import transaction
from app.groups import queries, services
from tests import factories
from tests.groups.pages import hidden, next_page, send, token


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


def test_roles_and_single_permissions(cast, as_person, at):
    browser, url = as_person(cast.leader), f"{at}/members/{cast.member.member_id}"
    assert send(browser, f"{url}/roles", roles=["secretary"]).status_code == 303
    assert send(browser, f"{url}/permissions", f"{url}/roles", permission="members.manage", effect="deny").status_code
    theirs = as_person(cast.member)
    assert theirs.get(f"{at}/members").status_code == 200
    assert theirs.get(f"{at}/members/new").status_code == 403


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
