"""Verbs of groups: founding, adding, standing, roles."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.audit.queries import values_of
from app.core.db import session, transaction
from app.core.errors import Invalid
from app.groups import errors, policies, queries, services
from app.groups.invitees import Invitee
from app.groups.models import Member
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


def test_members_are_found_by_part_of_anything(cast):
    with transaction(group_id=cast.group_id):
        names = [m.display_name for m in queries.members_page(search="aniel").rows]
        assert names == ["Daniel Mwangi"]
        assert queries.members_page(search="%").rows == []
        assert isinstance(queries.members_page().rows[0], Member)
