"""A look inside a group: nothing without it, in another group or after its end; and the group sees all of it."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.core.draining import drain_due
from app.groups.invitees import Invitee
from app.groups.models import SavingsGroup
from app.groups.services import invite
from app.notifications.models import Notification
from app.staff import services
from app.staff.errors import TooLong
from tests import factories
from tests.auth.visitor import Visitor
from tests.isolation.world import CANARIES, world
from tests.mail.box import mails, text
from tests.staff.conftest import Desk, Office, person_of_staff, statements

INSIDE = ("/inside", "/inside/members", "/inside/accounts", "/inside/entries", "/inside/work", "/inside/log")
WHY = "They asked us to, request 4711."


def look(office: Office, desk: Desk, *, minutes: int = 30) -> None:
    answer = desk.post(office.url("/look"), reason=WHY, minutes=str(minutes), once="a" * 32)
    assert (answer.status_code, answer.headers["Location"]) == (303, office.url("/inside"))


def seen(office: Office, desk: Desk) -> set[int]:
    return {desk.get(office.url(rest)).status_code for rest in INSIDE}


def test_without_a_look_nothing_inside_exists(office: Office) -> None:
    assert seen(office, office.desk()) == {404}
    assert office.sql("SELECT count(*) FROM audit_event WHERE group_id = %s", office.cast.group_id)[0][0] == 0


def test_a_look_opens_the_pages_to_who_opened_it_and_to_nobody_else(office: Office) -> None:
    desk = office.desk()
    look(office, desk)
    look(office, desk)  # the same form again is the same look
    assert seen(office, desk) == {200}
    assert office.sql("SELECT count(*) FROM platform_access WHERE group_id = %s", office.cast.group_id)[0][0] == 1
    other, _email = person_of_staff(office.app, "Second Helper")
    assert seen(office, office.desk(other)) == {404}


def test_a_look_at_one_group_opens_no_other(office: Office) -> None:
    desk = office.desk()
    look(office, desk)
    elsewhere = office.cast.outsider.group_id
    assert {desk.get(f"/staff/groups/{elsewhere}{rest}").status_code for rest in INSIDE} == {404}


def test_after_its_end_or_when_it_is_ended_nothing_is_open(office: Office) -> None:
    desk = office.desk()
    look(office, desk)
    assert desk.post(office.url("/look/end")).status_code == 303
    assert seen(office, desk) == {404}
    assert desk.post(office.url("/look/end")).status_code == 404
    office.sql(
        "INSERT INTO platform_access (group_id, id, user_id, reason, at, until) VALUES (%s, gen_random_uuid(), %s,"
        " 'an old one', now() - interval '2 hours', now() - interval '1 second')",
        office.cast.group_id,
        office.staff.user_id,
    )
    assert seen(office, desk) == {404}


def test_the_database_refuses_a_longer_look_and_one_without_a_reason(office: Office) -> None:
    row = (
        "INSERT INTO platform_access (group_id, id, user_id, reason, until) VALUES (%s, gen_random_uuid(), %s, %s, {})"
    )
    who = (office.cast.group_id, office.staff.user_id)
    for until, reason in (
        ("now() + interval '4 hours 1 second'", WHY),
        ("now()", WHY),
        ("now() + interval '1 hour'", " "),
    ):
        with pytest.raises(sa.exc.IntegrityError):
            office.sql(row.format(until), *who, reason)
    with office.app.app_context(), pytest.raises(TooLong):
        services.open_look(group_id=who[0], reason=WHY, minutes=241, by=who[1])


def test_the_group_sees_who_looked_why_until_when_and_at_what(office: Office) -> None:
    desk, leader = office.desk(), office.desk(office.cast.leader)
    look(office, desk, minutes=60)
    for rest in ("/inside/members", "/inside/members", "/inside/entries"):
        desk.get(office.url(rest))
    page = leader.get(f"/g/{office.cast.slug}/service")
    assert page.status_code == 200
    for words in (WHY, "Wambui Staff", "Members (2×)", "Entries", "Open"):
        assert words in page.text, words
    log = leader.get(f"/g/{office.cast.slug}/audit?action=look").text
    assert log.count("Looked at") >= 3
    assert "platform staff" in log
    assert office.desk(office.cast.auditor).get(f"/g/{office.cast.slug}/service").status_code == 200
    assert office.desk(office.cast.member).get(f"/g/{office.cast.slug}/service").status_code == 403
    assert office.desk(office.cast.outsider).get(f"/g/{office.cast.slug}/service").status_code == 404


def test_officers_are_told_at_once_in_the_product_and_by_mail(office: Office) -> None:
    look(office, office.desk())
    email = office.sql("SELECT email FROM member WHERE id = %s", office.cast.leader.member_id)[0][0]
    with office.app.app_context():
        drain_due(seconds=10)
        with transaction(group_id=office.cast.group_id):
            told = session().scalars(sa.select(Notification.member_id).where(Notification.body == WHY)).all()
        letters = mails(to=email)
    officers = {office.cast.leader, office.cast.treasurer, office.cast.secretary, office.cast.auditor}
    assert set(told) == {person.member_id for person in officers}
    assert len(letters) == 1
    assert "Wambui Staff" in text(letters[0])
    assert WHY in text(letters[0])
    assert f"/g/{office.cast.slug}/service" in text(letters[0])


def test_inside_no_name_contact_or_sealed_text_is_shown(committed: Flask) -> None:
    theirs = world(committed).theirs
    staff, _email = person_of_staff(committed)
    office = Office(committed, None, staff, "")  # type: ignore[arg-type]  # the world's group instead of a cast
    desk, base = office.desk(), f"/staff/groups/{theirs.group_id}"
    desk.post(f"{base}/look", reason=WHY, minutes="30")
    people = office.sql("SELECT display_name, email, phone FROM member WHERE group_id = %s", theirs.group_id)
    private = {str(value) for row in people for value in row if value}
    for rest in INSIDE:
        answer = desk.get(base + rest)
        assert answer.status_code == 200, rest
        shown = [each for each in private if each in answer.text.replace(office.staff.name, "")]
        assert shown == [], rest
    assert CANARIES[1] in desk.get(f"{base}/inside/entries").text  # an amount, which is what a look is for
    desk.post(f"{base}/look/end")


def test_inside_lists_turn_their_pages_and_each_turn_is_noted(committed: Flask) -> None:
    place = world(committed).theirs
    staff, _email = person_of_staff(committed)
    office = Office(committed, None, staff, "")  # type: ignore[arg-type]  # as above
    desk, base = office.desk(), f"/staff/groups/{place.group_id}"
    desk.post(f"{base}/look", reason=WHY, minutes="30")
    for name in ("log", "members", "entries"):
        answer = desk.get(f"{base}/inside/{name}?after=broken&before=x")
        assert answer.status_code == 200
    told = {"HX-Request": "true", "HX-Target": "inside_log"}
    assert desk.get(f"{base}/inside/log", headers=told).text.lstrip().startswith('<div id="inside_log"')
    noted = office.sql(
        "SELECT entity, severity, count(*) FROM audit_event WHERE user_id = %s AND entity <> 'look'"
        " GROUP BY entity, severity ORDER BY entity",
        staff.user_id,
    )
    assert [tuple(row) for row in noted] == [
        ("inside_entries", "warning", 1),
        ("inside_log", "warning", 2),
        ("inside_members", "warning", 1),
    ]
    desk.post(f"{base}/look/end")


def test_a_suspended_group_reads_and_exports_and_writes_nothing_until_it_is_revived(office: Office) -> None:
    desk, leader = office.desk(), office.desk(office.cast.leader)
    home = f"/g/{office.cast.slug}"
    assert desk.post(office.url("/suspension"), reason=WHY).status_code == 303
    assert leader.get(f"{home}/").status_code == 200
    assert leader.get(f"{home}/reports/trial-balance").status_code == 200
    assert leader.get(f"{home}/reports/trial-balance.csv").status_code in (200, 303)
    assert leader.post(f"{home}/settings/general", meeting_place="x").status_code == 403
    assert desk.post(office.url("/suspension"), reason=WHY).status_code == 409
    assert "suspended" in leader.get(f"{home}/").text
    assert WHY in leader.get(f"{home}/service").text
    assert desk.post(office.url("/revival"), reason="It is settled, thank you.").status_code == 303
    assert leader.post(f"{home}/settings/general", meeting_place="x").status_code == 303
    assert desk.post(office.url("/revival"), reason=WHY).status_code == 409
    events = office.sql(
        "SELECT action, severity FROM audit_event WHERE entity = 'group' AND group_id = %s ORDER BY at",
        office.cast.group_id,
    )
    assert [tuple(row) for row in events] == [("suspend", "critical"), ("activate", "critical")]
    acts = desk.get("/staff/acts").text
    for words in ("Suspended a group", "Revived a group", "It is settled, thank you."):
        assert words in acts


def test_a_dissolved_group_is_not_suspended(office: Office) -> None:
    office.sql("UPDATE savings_group SET status = 'dissolved' WHERE id = %s", office.cast.group_id)
    assert office.desk().post(office.url("/suspension"), reason=WHY).status_code == 409


def test_officers_are_told_of_a_suspension_and_of_its_end(office: Office) -> None:
    desk = office.desk()
    desk.post(office.url("/suspension"), reason=WHY)
    desk.post(office.url("/revival"), reason="It is settled, thank you.")
    email = office.sql("SELECT email FROM member WHERE id = %s", office.cast.treasurer.member_id)[0][0]
    with office.app.app_context():
        drain_due(seconds=10)
        subjects = [str(letter["Subject"]) for letter in mails(to=email)]
        with transaction(group_id=office.cast.group_id):
            titles = set(session().scalars(sa.select(Notification.title)))
            assert session().get_one(SavingsGroup, office.cast.group_id).status == "active"
    assert {"Umoja was suspended", "Umoja can write again"} <= set(subjects)
    assert {"This group was suspended", "This group can write again"} <= titles


def test_nobody_joins_a_suspended_group_by_an_old_link(office: Office) -> None:
    with office.app.app_context():
        with transaction(group_id=office.cast.group_id):
            invite(
                rows=[Invitee(line=1, display_name="Late Comer", email="late.comer@example.com")],
                by=office.cast.leader.member_id,
            )
        drain_due(seconds=5)
        letter = text(mails(to="late.comer@example.com")[-1])
    link = re.search(r"/invitations/\S+", letter)
    assert link
    assert office.desk().post(office.url("/suspension"), reason=WHY).status_code == 303
    visitor = Visitor(factories.browser(office.app, None), {"REMOTE_ADDR": "10.9.8.8"})
    joined = visitor.post(link[0], {"name": "Late Comer", "password": "a hill of green tea leaves"})
    assert joined.status_code == 403
    assert "suspended" in joined.text
    office.sql("UPDATE savings_group SET status = 'active' WHERE id = %s", office.cast.group_id)


@pytest.mark.parametrize("rest", ["/inside/members", "/inside/entries", "/inside/log"])
def test_a_list_inside_costs_as_many_statements_for_many_rows_as_for_few(committed: Flask, rest: str) -> None:
    staff, _email = person_of_staff(committed)
    two, counts = world(committed), []
    office = Office(committed, None, staff, "")  # type: ignore[arg-type]  # the world's groups instead of a cast
    for place in (two.ours, two.theirs):
        base = f"/staff/groups/{place.group_id}"
        office.desk().post(f"{base}/look", reason=WHY, minutes="30")
        counts.append(statements(office, base + rest))
        office.desk().post(f"{base}/look/end")
    assert counts[0] == counts[1] <= 14
