"""The guard: idle officers, second factors, auditors, and two people acting at once."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from app.auth import sessions
from app.auth.models import UserAccount
from app.core import clock
from app.core.db import platform, transaction
from app.core.errors import DomainError
from app.groups import queries, services
from app.groups.access import needs, permission_of
from app.groups.errors import SecondFactorFirst
from app.groups.invitees import Invitee
from tests import factories
from tests.mail.box import mails, text, work


def test_a_permission_that_does_not_exist_is_refused_at_start():
    with pytest.raises(ValueError, match="no such permission"):
        needs("money.print")


def test_every_page_of_a_group_names_its_permission(context):
    for rule in context.url_map.iter_rules():
        if "slug" in rule.arguments:
            assert permission_of(rule.endpoint), rule.endpoint


@pytest.mark.committed
def test_officers_idle_out_sooner_than_members(committed):
    with committed.app_context():
        cast = factories.cast()
    officer, member = factories.browser(committed, cast.treasurer), factories.browser(committed, cast.member)
    start, page = clock.now(), f"/g/{cast.slug}/settings"
    for browser in (officer, member):
        assert browser.get(page).status_code == 200
    with clock.held(start + timedelta(minutes=31)):
        assert officer.get(page).status_code == 303
        assert member.get(page).status_code == 200


def make_strict(cast) -> None:
    """Officers need a second step; whoever asks for it has one."""
    with transaction(user_id=cast.leader.user_id):
        platform().get_one(UserAccount, cast.leader.user_id).two_factor_enabled = True
    with transaction(group_id=cast.group_id):
        services.change_settings(values={"officers_second_factor": True}, by=cast.leader.member_id)


def test_nobody_asks_a_second_factor_of_officers_without_having_one(cast):
    with pytest.raises(SecondFactorFirst), transaction(group_id=cast.group_id):
        services.change_settings(values={"officers_second_factor": True}, by=cast.leader.member_id)


def test_a_strict_group_lets_officers_in_with_a_second_factor_only(app, cast, as_person, at):
    make_strict(cast)
    weak = app.test_client()
    with app.app_context(), transaction(user_id=cast.treasurer.user_id):
        account = platform().get_one(UserAccount, cast.treasurer.user_id)
        weak.set_cookie("sid", sessions.start(account, address="127.0.0.1", agent="test"))
    assert weak.get(f"{at}/members").status_code == 403
    assert as_person(cast.treasurer).get(f"{at}/members").status_code == 200


def test_a_strict_group_asks_a_member_with_a_granted_right_for_the_second_factor_too(app, cast, at):
    make_strict(cast)
    with transaction(group_id=cast.group_id):
        granted = {"member": queries.member(cast.member.member_id), "by": cast.leader.member_id}
        services.set_override(permission="books.manage", effect="grant", **granted)
    statuses = []
    for person in (cast.member, cast.other_member):
        weak = factories.Browser(app, app.response_class)
        with app.app_context(), transaction(user_id=person.user_id):
            account = platform().get_one(UserAccount, person.user_id)
            weak.set_cookie("sid", sessions.start(account, address="127.0.0.1", agent="test"))
        statuses.append(weak.get(f"{at}/settings").status_code)
    assert statuses == [403, 200]


def test_a_grant_gives_an_auditor_no_pen(cast, as_person, at):
    with transaction(group_id=cast.group_id):
        services.set_override(
            member=queries.member(cast.auditor.member_id),
            permission="members.manage",
            effect="grant",
            by=cast.leader.member_id,
        )
    assert as_person(cast.auditor).get(f"{at}/members/new").status_code == 403


def test_a_denial_takes_a_page_away(cast, as_person, at):
    with transaction(group_id=cast.group_id):
        services.set_override(
            member=queries.member(cast.secretary.member_id),
            permission="members.manage",
            effect="deny",
            by=cast.leader.member_id,
        )
    browser = as_person(cast.secretary)
    assert browser.get(f"{at}/members").status_code == 200
    assert browser.get(f"{at}/members/new").status_code == 403


def test_the_mail_of_an_invitation_leads_to_its_page(cast, as_person):
    with transaction(group_id=cast.group_id):
        services.invite(rows=[Invitee(1, "New Person", "mailed@example.com")], by=cast.leader.member_id)
    work(cast.group_id)
    said = text(mails(to="mailed@example.com")[-1])
    link = next(line for line in said.splitlines() if "/invitations/" in line)
    page = as_person(None).get(link.strip().removeprefix("http://localhost"))
    assert page.status_code == 200
    assert b"Amina Wanjiru invites you" in page.data


@pytest.mark.committed
def test_two_leaders_cannot_both_step_down(committed):
    with committed.app_context():
        cast = factories.cast()
        with transaction(group_id=cast.group_id):
            assert cast.secretary.member_id is not None
            row = queries.member(cast.secretary.member_id)
            services.set_roles(member=row, roles=["leader"], by=cast.leader.member_id)
    told: list[str] = []

    def step_down(person: Any) -> None:
        with committed.app_context():
            try:
                with transaction(user_id=person.user_id, group_id=cast.group_id):
                    row = queries.member(person.member_id)
                    services.set_roles(member=row, roles=["member"], by=person.member_id)
                told.append("done")
            except DomainError as error:
                told.append(error.code)

    threads = [threading.Thread(target=step_down, args=(person,)) for person in (cast.leader, cast.secretary)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "last_leader"]


@pytest.mark.committed
def test_groups_founded_at_once_get_different_addresses(committed):
    slugs: list[str] = []

    def found():
        with committed.app_context(), transaction() as unit:
            account = factories.user()
            unit.act_as(account.id)
            group = services.found_group(
                name="Race",
                currency="KES",
                country="KE",
                time_zone="Africa/Nairobi",
                locale="en",
                founder_account=account,
                rules={},
            )
            slugs.append(group.slug)

    threads = [threading.Thread(target=found) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slugs) == ["race", "race-2", "race-3", "race-4"]
