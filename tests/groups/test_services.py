"""Verbs of groups: founding, inviting, joining, standing, roles, policy and settings."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.audit.queries import values_of
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.errors import Invalid
from app.groups import errors, policies, queries, services
from app.groups.invitees import Invitee, read_invitees
from app.groups.models import GroupPolicy, Invitation, Member, SecretDigest
from app.groups.settings import setting
from tests import factories


def found(account, **given):
    told = {
        "name": "Umoja Savings",
        "currency": "KES",
        "country": "KE",
        "time_zone": "Africa/Nairobi",
        "locale": "en",
        "rules": {"savings": {"expected": "2000"}},
    }
    return services.found_group(founder_account=account, **told | given)


@pytest.fixture
def inside(cast):
    with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
        yield cast


class TestFounding:
    def test_the_founder_leads_and_the_first_rules_hold(self, context):
        with transaction() as unit:
            account = factories.user()
            unit.act_as(account.id)
            group = found(account)
            leader = queries.member_of(account.id)
            assert leader is not None
            assert (leader.roles, leader.status) == (["leader", "member"], "active")
            assert policies.current_policy().part("savings") == {"expected": "2000"}
            assert group.slug.startswith("umoja-savings")

    def test_a_name_that_is_taken_gets_another_slug(self, context):
        slugs = []
        for _ in range(3):
            with transaction() as unit:
                account = factories.user()
                unit.act_as(account.id)
                slugs.append(found(account, name="Same Name").slug)
        assert slugs == ["same-name", "same-name-2", "same-name-3"]

    def test_pressing_twice_founds_one_group(self, context):
        with transaction():
            account = factories.user()
        ids = []
        for _ in range(2):
            with transaction(user_id=account.id):
                ids.append(found(account, key="a" * 32).id)
        assert ids[0] == ids[1]

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", "…"), ("country", "XX1"), ("country", "QQ"), ("category", "bank"), ("max_members", 0)],
    )
    def test_what_cannot_be_is_refused_with_its_field(self, context, field, value):
        with transaction():
            account = factories.user()
        with pytest.raises(Invalid) as refusal, transaction(user_id=account.id):
            found(account, **{field: value})
        assert refusal.value.field == field


class TestMembers:
    def test_everyone_added_is_a_member_with_a_number(self, inside):
        row = services.add_member(display_name="  Ali   Hassan ", by=inside.leader.member_id)
        assert (row.display_name, row.roles, row.identifier) == ("Ali Hassan", ["member"], "M007")

    def test_the_limit_of_the_group_holds(self, inside):
        queries.group().max_members = 6
        with pytest.raises(errors.TooManyMembers):
            services.add_member(display_name="Ali", by=None)

    def test_a_number_and_an_address_belong_to_one_member(self, inside):
        services.add_member(display_name="Ali", identifier="UM1", email="Ali@Example.com", by=None)
        with pytest.raises(errors.IdentifierTaken):
            services.add_member(display_name="Omar", identifier="um1", by=None)
        with pytest.raises(errors.EmailTaken):
            services.add_member(display_name="Omar", email="ali@example.COM", by=None)

    def test_a_stale_page_changes_nothing(self, inside):
        row = queries.member(inside.member.member_id)
        with pytest.raises(errors.Stale):
            services.edit_member(member=row, by=inside.leader.member_id, version="old", display_name="X")

    def test_the_identity_number_is_sealed_and_reading_it_is_written_down(self, inside):
        row = services.add_member(display_name="Ali", national_id="1234 5678", by=inside.leader.member_id)
        assert b"1234" not in (row.national_id or b"1234")
        assert services.reveal_national_id(member=row, by=inside.leader.member_id) == "1234 5678"
        event = session().scalars(sa.select(AuditEvent).where(AuditEvent.action == "read")).one()
        assert (event.entity_id, event.severity) == (row.id, "notice")

    def test_the_log_names_a_changed_secret_without_its_value(self, inside):
        row = queries.member(inside.member.member_id)
        services.edit_member(member=row, by=inside.leader.member_id, national_id="99887766")
        session().flush()
        event = session().scalars(sa.select(AuditEvent).where(AuditEvent.entity_id == row.id)).one()
        assert (event.fields, values_of(event)) == (["national_id"], {"national_id": (None, "•••")})

    def test_a_secretary_adds_no_officers(self, inside):
        with pytest.raises(errors.MayNot):
            services.add_member(display_name="Friend", roles=["treasurer"], by=inside.secretary.member_id)


class TestStanding:
    def test_suspended_and_restored(self, inside):
        row = queries.member(inside.member.member_id)
        services.suspend_member(member=row, reason="unpaid", by=inside.leader.member_id)
        assert row.status == "suspended"
        services.restore_member(member=row, by=inside.leader.member_id)
        assert row.status == "active"

    def test_the_last_leader_stays(self, inside):
        leader = queries.member(inside.leader.member_id)
        with pytest.raises(errors.LastLeader):
            services.mark_left(member=leader, on=date(2026, 1, 1), by=inside.leader.member_id)
        with pytest.raises(errors.LastLeader):
            services.set_roles(member=leader, roles=["member"], by=inside.leader.member_id)

    def test_a_leader_without_a_sign_in_does_not_count(self, inside):
        services.add_member(display_name="Paper Leader", roles=["leader"], by=inside.leader.member_id)
        with pytest.raises(errors.LastLeader):
            services.set_roles(
                member=queries.member(inside.leader.member_id), roles=["member"], by=inside.leader.member_id
            )

    def test_a_secretary_cannot_suspend_an_officer(self, inside):
        treasurer = queries.member(inside.treasurer.member_id)
        with pytest.raises(errors.MayNot):
            services.suspend_member(member=treasurer, reason="", by=inside.secretary.member_id)

    def test_nobody_leaves_while_a_room_keeps_something(self, inside, monkeypatch):
        room = type("Room", (), {"rests_on": {"member": lambda _id: ["KES 5 of savings."]}})
        monkeypatch.setattr("app.groups.services.standing.rooms", lambda: [room])
        row = queries.member(inside.member.member_id)
        with pytest.raises(errors.StillHolds) as refusal:
            services.mark_left(member=row, on=date(2026, 1, 1), by=inside.leader.member_id)
        assert "KES 5 of savings." in str(refusal.value)


class TestRoles:
    def test_an_auditor_is_no_officer(self, inside):
        row = queries.member(inside.treasurer.member_id)
        with pytest.raises(errors.AuditorIsOfficer):
            services.set_roles(member=row, roles=["treasurer", "auditor"], by=inside.leader.member_id)

    def test_nobody_gives_oneself_a_right(self, inside):
        with pytest.raises(errors.OwnAccess):
            services.set_override(
                member=queries.member(inside.leader.member_id),
                permission="flags.raise",
                effect="grant",
                by=inside.leader.member_id,
            )

    def test_the_latest_row_of_a_permission_counts(self, inside):
        row = queries.member(inside.member.member_id)
        for effect in ("grant", "deny", "grant", "role", "grant"):
            services.set_override(member=row, permission="members.see", effect=effect, by=inside.leader.member_id)
        assert "members.see" in queries.permissions_held(row.id)
        assert queries.overrides() == {row.id: {"members.see": "grant"}}
        assert row.id in queries.holding("members.see")

    def test_a_secretary_neither_invites_nor_edits_a_member_with_a_granted_right(self, inside):
        leader, secretary = inside.leader.member_id, inside.secretary.member_id
        row = services.add_member(display_name="Helper Person", email="helper@example.org", by=secretary)
        services.edit_member(member=row, phone="+254712345678", by=secretary)
        services.set_override(member=row, permission="money.approve", effect="grant", by=leader)
        for deed in (
            lambda: services.invite_member(member=row, email="second@example.org", by=secretary),
            lambda: services.edit_member(member=row, email="second@example.org", by=secretary),
            lambda: services.mark_inactive(member=row, reason="away", by=secretary),
        ):
            with pytest.raises(errors.MayNot):
                deed()
        services.invite_member(member=row, by=leader)
        services.set_override(member=row, permission="money.approve", effect="role", by=leader)
        services.edit_member(member=row, phone="+254712345679", by=secretary)

    def test_a_right_given_ends_the_links_sent_before(self, inside):
        sent = services.invite(rows=[Invitee(1, "New", "new@example.com")], by=inside.secretary.member_id)[0]
        row = queries.member(sent.member_id)
        services.set_override(member=row, permission="money.see", effect="grant", by=inside.leader.member_id)
        assert sent.withdrawn_at is not None
        assert queries.invitation_by(sent.digest) is None
        with pytest.raises(errors.MayNot):
            services.resend_invitation(invitation=sent, by=inside.secretary.member_id)


class TestInvitations:
    def test_an_invitation_is_mailed_and_accepted_once(self, cast, monkeypatch):
        monkeypatch.setattr("app.groups.services.invitations.secrets.token_urlsafe", lambda _n: "the-token")
        with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
            services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=cast.leader.member_id)
        with transaction() as unit:
            account = factories.user("New Person", email="new@example.com")
            unit.act_as(account.id)
            arrival = services.find_invitation("the-token")
            row = services.accept_invitation(arrival=arrival, account=account)
            assert (row.user_id, row.status) == (account.id, "active")
        with pytest.raises(errors.InvitationEnded), transaction():
            services.find_invitation("the-token")

    def test_only_the_invited_address_joins(self, cast, monkeypatch):
        monkeypatch.setattr("app.groups.services.invitations.secrets.token_urlsafe", lambda _n: "the-token")
        with transaction(group_id=cast.group_id):
            services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=cast.leader.member_id)
        with transaction():
            account = factories.user(email="other@example.com")
        with pytest.raises(errors.OtherAddress), transaction():
            services.accept_invitation(arrival=services.find_invitation("the-token"), account=account)

    def test_an_address_that_was_not_confirmed_does_not_join(self, cast, monkeypatch):
        monkeypatch.setattr("app.groups.services.invitations.secrets.token_urlsafe", lambda _n: "the-token")
        with transaction(group_id=cast.group_id):
            services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=cast.leader.member_id)
        with transaction():
            account = factories.user(email="new@example.com")
            account.email_confirmed_at = None
        with pytest.raises(errors.ConfirmAddress), transaction():
            services.accept_invitation(arrival=services.find_invitation("the-token"), account=account)

    def test_it_expires_after_seven_days(self, cast, monkeypatch):
        monkeypatch.setattr("app.groups.services.invitations.secrets.token_urlsafe", lambda _n: "the-token")
        with transaction(group_id=cast.group_id):
            services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=cast.leader.member_id)
        with (
            clock.held(clock.now() + timedelta(days=7, seconds=1)),
            pytest.raises(errors.InvitationEnded),
            transaction(),
        ):
            services.find_invitation("the-token")

    def test_withdrawn_links_lead_nowhere_and_the_person_may_be_invited_again(self, inside):
        by = inside.leader.member_id
        first = services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=by)[0]
        services.withdraw_invitation(invitation=first, by=by)
        assert platform().get(SecretDigest, first.digest) is None
        assert queries.member(first.member_id).status == "left"
        again = services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=by)[0]
        assert (again.member_id, queries.member(first.member_id).status) == (first.member_id, "invited")

    def test_all_or_nobody_is_invited(self, cast):
        rows = [Invitee(1, "One", "one@example.com"), Invitee(2, "Two", "one@example.com")]
        with pytest.raises(errors.EmailTaken), transaction(group_id=cast.group_id):
            services.invite(rows=rows, by=cast.leader.member_id)
        with transaction(group_id=cast.group_id):
            assert session().scalar(sa.select(sa.func.count()).select_from(Invitation)) == 0

    def test_sending_again_ends_the_link_before(self, inside):
        by = inside.leader.member_id
        first = services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=by)[0]
        second = services.resend_invitation(invitation=first, by=by)
        assert first.withdrawn_at is not None
        assert queries.invitation_by(first.digest) is None
        assert queries.invitation_by(second.digest) is not None

    def test_who_signs_in_already_is_not_invited(self, inside):
        with pytest.raises(errors.AlreadySignsIn):
            services.invite_member(member=queries.member(inside.member.member_id), by=inside.leader.member_id)


class TestPolicy:
    def test_a_version_holds_from_its_day_and_keeps_the_other_parts(self, inside):
        today = clock.today("Africa/Nairobi")
        services.new_version(rules={"savings": {"expected": "10"}}, effective_on=today, by=inside.leader.member_id)
        later = today + timedelta(days=10)
        services.new_version(rules={"approval_threshold": "500"}, effective_on=later, by=inside.leader.member_id)
        assert policies.current_policy().group.approval_threshold is None
        held = policies.policy_on(later)
        assert (held.version, held.part("savings")) == (3, {"expected": "10"})

    def test_a_threshold_is_lowered_at_once_but_raised_tomorrow_at_the_earliest(self, inside):
        today, by = clock.today("Africa/Nairobi"), inside.treasurer.member_id
        for amount in ("1000", "500"):
            services.new_version(rules={"approval_threshold": amount}, effective_on=today, by=by)
        for looser in ("501", None):
            with pytest.raises(errors.ThresholdTooSoon) as refusal:
                services.new_version(rules={"approval_threshold": looser}, effective_on=today, by=by)
            assert refusal.value.field == "effective_on"
        services.new_version(rules={"approval_threshold": None}, effective_on=today + timedelta(days=1), by=by)
        assert policies.current_policy().group.approval_threshold == 500

    def test_what_was_raised_for_later_does_not_hold_earlier_with_other_rules(self, inside):
        today, by = clock.today("Africa/Nairobi"), inside.treasurer.member_id
        services.new_version(rules={"approval_threshold": "500"}, effective_on=today, by=by)
        services.new_version(rules={"approval_threshold": None}, effective_on=today + timedelta(days=1), by=by)
        with pytest.raises(errors.ThresholdTooSoon):
            services.new_version(rules={"savings": {"expected": "10"}}, effective_on=today, by=by)

    def test_the_past_is_not_judged_anew(self, inside):
        with pytest.raises(errors.PolicyInThePast):
            services.new_version(rules={}, effective_on=date(2020, 1, 1), by=inside.leader.member_id)

    def test_rules_that_cannot_be_are_refused(self, inside):
        today = clock.today("Africa/Nairobi")
        for wrong in ({"approval_threshold": "NaN"}, {"maximum_amount": "0"}, {"disclaimer": "x" * 501}):
            with pytest.raises(errors.BadPolicy):
                services.new_version(rules=wrong, effective_on=today, by=None)

    def test_a_version_is_never_changed(self, cast):
        with pytest.raises(sa.exc.DBAPIError), transaction(group_id=cast.group_id):
            session().execute(sa.update(GroupPolicy).values(version=9))


class TestSettings:
    def test_a_setting_is_typed_and_logged(self, inside):
        services.change_settings(values={"idle_minutes": 10}, by=inside.leader.member_id)
        session().flush()
        assert setting("idle_minutes") == 10
        event = session().scalars(sa.select(AuditEvent).where(AuditEvent.entity == "settings")).one()
        assert values_of(event) == {"idle_minutes": (30, 10)}

    @pytest.mark.parametrize(
        ("name", "value", "error"),
        [
            ("idle_minutes", 1, errors.BadSetting),
            ("idle_minutes", True, errors.BadSetting),
            ("contact_email", "nobody", errors.BadEmail),
            ("retention_years", 9, errors.ProtectedSetting),
            ("no_such", 1, errors.UnknownSetting),
        ],
    )
    def test_what_a_setting_cannot_be_is_refused(self, inside, name, value, error):
        with pytest.raises(error):
            services.change_settings(values={name: value}, by=inside.leader.member_id)


def test_a_pasted_list_is_read_in_any_order():
    people, faults = read_invitees(
        "Name,E-mail\nAmina,amina@example.com\n0724879144; Joseph Otieno <Joseph@Example.com>; treasurer\nnobody\n"
        "amina@example.com\n",
        "KE",
    )
    assert [(p.display_name, p.email, p.phone, p.roles) for p in people] == [
        ("Amina", "amina@example.com", None, ("member",)),
        ("Joseph Otieno", "joseph@example.com", "+254724879144", ("treasurer", "member")),
    ]
    assert [(fault.line, str(fault.sentence)) for fault in faults] == [
        (4, "This is not an e-mail address. Write it like amina@example.com."),
        (5, "This address is already on line 2."),
    ]


def test_members_are_found_by_part_of_anything(cast):
    with transaction(group_id=cast.group_id):
        names = [m.display_name for m in queries.members_page(search="aniel").rows]
        assert names == ["Daniel Mwangi"]
        assert queries.members_page(search="%").rows == []
        assert isinstance(queries.members_page().rows[0], Member)
