"""The less trodden paths of the verbs: leaving and pausing, sealed settings, refusals that name their reason."""

from datetime import date

import pytest

from app.auth.models import UserAccount
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.errors import Invalid
from app.core.ids import new_id
from app.groups import catalogue, errors, queries, services
from app.groups.models import GroupSetting, Invitation
from app.groups.records import PAGES
from app.groups.settings import setting
from tests.groups.pages import found, send


@pytest.fixture
def row(inside):
    return queries.member(inside.member.member_id)


def test_someone_leaves_and_may_come_back(inside, row):
    by = inside.leader.member_id
    services.mark_left(member=row, on=date(2026, 5, 1), by=by)
    assert (row.status, row.left_on) == ("left", date(2026, 5, 1))
    queries.group().max_members = queries.places_taken()
    with pytest.raises(errors.TooManyMembers):
        services.restore_member(member=row, by=by)
    queries.group().max_members += 1
    services.restore_member(member=row, by=by)
    assert (row.status, row.left_on) == ("active", None)


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2999, 1, 1)])
def test_nobody_leaves_before_joining_or_in_the_future(inside, row, day):
    with pytest.raises(Invalid) as refusal:
        services.mark_left(member=row, on=day, by=inside.leader.member_id)
    assert refusal.value.field == "on"


def test_a_member_pauses_and_comes_back(inside, row):
    by = inside.leader.member_id
    services.mark_inactive(member=row, reason="abroad", by=by)
    with pytest.raises(errors.WrongStatus):
        services.mark_inactive(member=row, reason="again", by=by)
    services.restore_member(member=row, by=by)
    with pytest.raises(errors.WrongStatus):
        services.restore_member(member=row, by=by)


def test_nobody_suspends_oneself(inside):
    with pytest.raises(errors.OwnAccess):
        services.suspend_member(
            member=queries.member(inside.treasurer.member_id), reason="", by=inside.treasurer.member_id
        )


def test_roles_are_given_by_whoever_may_and_the_same_roles_change_nothing(inside, row):
    assert services.set_roles(member=row, roles=["member"], by=inside.treasurer.member_id).roles == ["member"]
    with pytest.raises(errors.MayNot):
        services.set_roles(member=row, roles=["secretary"], by=inside.treasurer.member_id)
    leader = queries.member(inside.leader.member_id)
    with pytest.raises(errors.OwnAccess):
        services.set_roles(member=leader, roles=["leader", "treasurer"], by=leader.id)


def test_a_permission_that_does_not_exist_is_refused(inside, row):
    for permission, effect, field in (("money.print", "grant", "permission"), ("money.see", "maybe", "effect")):
        with pytest.raises(Invalid) as refusal:
            services.set_override(member=row, permission=permission, effect=effect, by=inside.leader.member_id)
        assert refusal.value.field == field
    services.set_override(member=row, permission="money.see", effect="role", by=inside.leader.member_id)
    assert queries.overrides() == {}


def test_a_secret_setting_is_sealed_and_stays_when_left_empty(inside, monkeypatch):
    secret = catalogue.Setting(
        "paybill_secret", catalogue.Category.FINANCIAL, catalogue.Kind.TEXT, "", "Paybill", secret=True
    )
    monkeypatch.setattr(catalogue, "CATALOGUE", {**catalogue.CATALOGUE, "paybill_secret": secret})
    services.change_settings(values={"paybill_secret": "s3cret"}, by=inside.leader.member_id)
    assert setting("paybill_secret") == "s3cret"
    kept = session().query(GroupSetting).where(GroupSetting.name == "paybill_secret").one()
    assert (kept.value, b"s3cret" in (kept.sealed or b"s3cret")) == ({}, False)
    services.change_settings(values={"paybill_secret": ""}, by=inside.leader.member_id)
    assert setting("paybill_secret") == "s3cret"


@pytest.mark.parametrize(("name", "value"), [("meeting_place", "x" * 1_001), ("contact_email", 5)])
def test_a_setting_of_the_wrong_kind_is_refused(inside, name, value):
    with pytest.raises(Invalid) as refusal:
        services.change_settings(values={name: value}, by=inside.leader.member_id)
    assert refusal.value.field == name


def test_an_invitation_that_is_over_stays_over(inside, row):
    by = inside.leader.member_id
    quiet = services.add_member(display_name="Quiet", by=by)
    with pytest.raises(errors.NoAddress):
        services.invite_member(member=quiet, by=by)
    with pytest.raises(errors.EmailTaken):
        services.invite_member(member=quiet, by=by, email=row.email)
    invitation = services.invite_member(member=quiet, by=by, email="quiet@example.com")
    services.withdraw_invitation(invitation=invitation, by=by)
    assert quiet.status == "active"
    with pytest.raises(errors.InvitationEnded):
        services.withdraw_invitation(invitation=invitation, by=by)
    with pytest.raises(errors.NobodyInvited):
        services.invite(rows=[], by=by)
    services.suspend_member(member=quiet, reason="", by=by)
    with pytest.raises(errors.WrongStatus):
        services.invite_member(member=quiet, by=by)


def test_one_account_is_one_member(inside, row):
    account = platform().get_one(UserAccount, row.user_id)
    second = services.add_member(display_name="Second", by=None)
    invitation = Invitation(
        id=new_id(),
        member_id=second.id,
        email=account.email,
        digest=b"d" * 32,
        invited_by=None,
        created_at=clock.now(),
        expires_at=clock.now(),
    )
    session().add(invitation)
    session().flush()
    arrival = services.Arrival(invitation, second, queries.group(), None)
    with pytest.raises(errors.AlreadyHere):
        services.accept_invitation(arrival=arrival, account=account)
    second.user_id = None
    invitation.withdrawn_at = clock.now()
    session().flush()
    with pytest.raises(errors.InvitationEnded):
        services.accept_invitation(arrival=arrival, account=account)


def test_the_group_is_not_made_smaller_than_it_is(inside):
    with pytest.raises(errors.TooManyMembers):
        services.edit_group(by=inside.leader.member_id, max_members=2)
    assert services.edit_group(by=inside.leader.member_id, name="Renamed").slug == inside.slug


def test_numbers_and_days_that_cannot_be_are_refused(inside, row):
    for wrong in ({"identifier": "x" * 65}, {"joined_on": date(2999, 1, 1)}, {"national_id": "9" * 65}):
        with pytest.raises(Invalid) as refusal:
            services.edit_member(member=row, by=inside.leader.member_id, **wrong)
        assert refusal.value.field in wrong
    services.edit_member(member=row, by=inside.leader.member_id, national_id="123")
    services.edit_member(member=row, by=inside.leader.member_id, forget_national_id=True)
    assert services.reveal_national_id(member=row, by=inside.leader.member_id) is None


def test_an_event_leads_to_the_page_of_its_record(cast, as_person):
    browser, rules = as_person(cast.leader), f"/g/{cast.slug}/settings/rules"
    with transaction(group_id=cast.group_id):
        services.new_version(rules={}, effective_on=clock.today("Africa/Nairobi"), by=cast.leader.member_id)
    event = found(r'href="([^"]+/audit/[0-9a-f-]{36})">Rules', browser.get(f"/g/{cast.slug}/audit"))
    assert f'href="{rules}"' in browser.get(event).text
    assert set(PAGES) == {"member", "permission", "group", "settings", "policy"}


def test_roles_and_permissions_that_cannot_be_are_shown_again(cast, as_person):
    browser, url = as_person(cast.leader), f"/g/{cast.slug}/members/{cast.leader.member_id}"
    assert send(browser, f"{url}/roles", roles=["member"]).status_code == 409
    assert send(browser, f"{url}/roles").status_code == 422
    told = {"permission": "money.see", "effect": "deny"}
    assert send(browser, f"{url}/permissions", f"{url}/roles", **told).status_code == 409
    assert send(browser, f"{url}/standing", step="suspended", reason="", on="").status_code == 409
    assert send(browser, f"{url}/standing", step="inactive", reason="", on="").status_code == 303
