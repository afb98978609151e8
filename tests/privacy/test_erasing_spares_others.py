"""Erasing one person leaves what others are, are called and are reached by, and every amount in the log."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.log import record
from app.audit.models import AuditEvent
from app.audit.queries import values_of
from app.core.db import session, transaction
from app.core.draining import drain_due
from app.groups.access import CLOSED
from app.groups.models import Member
from app.groups.permissions import BY_ROLE
from app.groups.queries import OPEN_GROUPS
from app.groups.rules import COUNTED, ENTERS
from app.privacy import erasing
from app.privacy.models import MemberErasure
from app.privacy.rules import CODES, Facts, pattern_of, put_out
from tests import factories
from tests.factories import Cast
from tests.privacy.wishes import long_ago

PHONE = "+254733111222"
pytestmark = pytest.mark.committed


def erased(place: Cast, background: Flask, name: str, *, number: str | None = None, phone: str | None = None) -> None:
    """Somebody without a sign-in, who asked an officer twenty days ago."""
    leader = place.leader
    with long_ago(), transaction(user_id=leader.user_id, group_id=place.group_id):
        row = factories.member(name, identifier=number)
        row.phone = phone
        session().flush()
        wish = erasing.ask_for_member(member=row, reason="She called us", by=leader.member_id).id
    with background.app_context():
        drain_due(seconds=30)
    with transaction(group_id=place.group_id):
        assert session().get_one(MemberErasure, (place.group_id, wish)).done_at


def known(place: Cast, member_id: object) -> Member:
    with transaction(group_id=place.group_id):
        return session().scalars(sa.select(Member).where(Member.id == member_id)).one()


@pytest.mark.parametrize("name", ["Leader", "Active", "Amina"])
def test_whoever_is_called_like_a_role_a_status_or_part_of_another_name(
    background: Flask, place: Cast, name: str
) -> None:
    erased(place, background, name)
    leader = known(place, place.leader.member_id)
    assert (leader.display_name, leader.status, leader.roles) == ("Amina Wanjiru", "active", ["leader", "member"])


def test_a_telephone_that_two_members_share(background: Flask, place: Cast) -> None:
    with transaction(group_id=place.group_id):
        session().get_one(Member, (place.group_id, place.treasurer.member_id)).phone = PHONE
    erased(place, background, "Joseph's Wife", phone=PHONE)
    assert known(place, place.treasurer.member_id).phone == PHONE


def test_an_amount_that_reads_like_the_number_of_a_member(background: Flask, place: Cast) -> None:
    treasurer = place.treasurer
    with transaction(user_id=treasurer.user_id, group_id=place.group_id):
        record("update", "policy", by=treasurer.member_id, before={"limit": "50000.00"}, after={"limit": "70000.00"})
    erased(place, background, "Zawadi Njeri", number="50000")
    with transaction(group_id=place.group_id):
        (event,) = session().scalars(sa.select(AuditEvent).where(AuditEvent.entity == "policy"))
        assert values_of(event) == {"limit": ("50000.00", "70000.00")}


def test_a_number_is_found_at_the_end_of_a_sentence() -> None:
    pattern = pattern_of(Facts(numbers=("50000",)))
    assert pattern is not None
    assert put_out("Paid 50000.00 by member 50000.", pattern) == "Paid 50000.00 by member •••."


@pytest.mark.parametrize("name", ["70000.00", "suspended", " Treasurer "])
def test_a_name_that_is_an_amount_or_a_code_is_looked_for_nowhere(name: str) -> None:
    assert pattern_of(Facts(names=(name,))) is None


def test_every_role_and_status_is_such_a_code() -> None:
    statuses = {*ENTERS, *COUNTED, *CLOSED, *OPEN_GROUPS}
    assert {*BY_ROLE, *statuses} <= CODES
