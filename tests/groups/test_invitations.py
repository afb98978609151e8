"""Invitations: mailed, accepted once by whom they were sent to, withdrawn, sent again, and lists that are pasted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import platform, session, transaction
from app.groups import errors, queries, services
from app.groups.invitees import Invitee, read_invitees
from app.groups.models import Invitation, SecretDigest
from tests import factories


@pytest.fixture
def invited(cast, monkeypatch) -> str:
    """Somebody new is invited; the token of the link that was mailed."""
    monkeypatch.setattr("app.groups.services.invitations.secrets.token_urlsafe", lambda _n: "the-token")
    with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
        services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=cast.leader.member_id)
    return "the-token"


class TestInvitations:
    def test_an_invitation_is_mailed_and_accepted_once(self, invited):
        with transaction() as unit:
            account = factories.user("New Person", email="new@example.com")
            unit.act_as(account.id)
            arrival = services.find_invitation(invited)
            row = services.accept_invitation(arrival=arrival, account=account)
            assert (row.user_id, row.status) == (account.id, "active")
        with pytest.raises(errors.InvitationEnded), transaction():
            services.find_invitation(invited)

    def test_only_the_invited_address_joins(self, invited):
        with transaction():
            account = factories.user(email="other@example.com")
        with pytest.raises(errors.OtherAddress), transaction():
            services.accept_invitation(arrival=services.find_invitation(invited), account=account)

    def test_an_address_that_was_not_confirmed_does_not_join(self, invited):
        with transaction():
            account = factories.user(email="new@example.com")
            account.email_confirmed_at = None
        with pytest.raises(errors.ConfirmAddress), transaction():
            services.accept_invitation(arrival=services.find_invitation(invited), account=account)

    def test_it_expires_after_seven_days(self, invited):
        with (
            clock.held(clock.now() + timedelta(days=7, seconds=1)),
            pytest.raises(errors.InvitationEnded),
            transaction(),
        ):
            services.find_invitation(invited)

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
