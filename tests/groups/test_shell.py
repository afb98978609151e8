"""The frame around pages: places by permission, the switcher, and error pages that ask no database."""

import pytest
import sqlalchemy as sa

from app.auth.models import UserAccount
from app.core.db import platform, transaction
from app.core.rooms import Figure, Section
from app.groups import queries, services
from tests import factories


@pytest.mark.parametrize(
    ("part", "sees"), [("leader", True), ("secretary", True), ("auditor", True), ("member", False)]
)
def test_the_side_bar_shows_what_one_may_open(cast, as_person, at, part, sees):
    page = as_person(cast.people[part]).get(f"{at}/settings").data
    assert (f'href="{at}/members"'.encode() in page) is sees
    assert (f'href="{at}/audit"'.encode() in page) is sees


def test_the_switcher_lists_only_groups_one_may_enter(cast, as_person, at):
    with transaction(group_id=cast.outsider.group_id):
        account = platform().get_one(UserAccount, cast.member.user_id)
        row = factories.member("Daniel Mwangi", account=account)
    browser = as_person(cast.member)
    assert b"Harambee" in browser.get(f"{at}/settings").data
    with transaction(group_id=cast.outsider.group_id):
        services.suspend_member(member=queries.member(row.id), reason="", by=cast.outsider.member_id)
    assert b"Harambee" not in browser.get(f"{at}/settings").data


def test_an_error_page_asks_no_database(cast, as_person, at, app, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.config, "TESTING", False)
    asked = []

    def break_down(*_args):
        sa.event.listen(app.extensions["engines"]["app"], "before_cursor_execute", listener)
        raise RuntimeError

    def listener(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    monkeypatch.setattr("app.groups.settings_views.policies.policies", break_down)
    browser = as_person(cast.leader)
    try:
        page = browser.get(f"{at}/settings/rules")
    finally:
        sa.event.remove(app.extensions["engines"]["app"], "before_cursor_execute", listener)
    assert page.status_code == 500
    assert [statement for statement in asked if statement.startswith(("SELECT", "select"))] == []


@pytest.mark.parametrize("path", ["/members/new", "/members/00000000-0000-0000-0000-000000000000"])
def test_a_refusal_inside_a_group_is_a_page_of_its_own(cast, as_person, at, path):
    page = as_person(cast.member).get(at + path)
    assert page.status_code in (403, 404)
    assert b"<h1>" in page.data


def test_a_rooms_panel_stands_on_the_members_page(cast, as_person, at, monkeypatch):
    section = Section("Savings", [Figure("Saved", 5, money=False)])
    room = type("Room", (), {"member_panel": staticmethod(lambda _id: section)})
    monkeypatch.setattr("app.groups.member_page.rooms", lambda: [room])
    url = f"{at}/members/{cast.member.member_id}"
    assert b"Saved" in as_person(cast.treasurer).get(url).data
    assert b"Saved" in as_person(cast.member).get(url).data
    assert b"Saved" not in as_person(cast.secretary).get(url).data
