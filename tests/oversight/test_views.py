"""The audit log, its search, and the flags of auditors."""

import re
from datetime import datetime, timedelta

import pytest

from app.audit.log import record
from app.core import clock
from app.core.db import session, transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.core.keys import DataKey
from app.groups import queries as groups
from app.groups import services
from app.notifications import queries as notifications
from app.oversight import queries
from app.oversight.rules import Record, Search, marked, unmarked
from tests.groups.pages import found, hidden, next_page, send


@pytest.fixture
def at(cast):
    return f"/g/{cast.slug}"


@pytest.fixture
def events(cast):
    with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
        row = groups.member(cast.member.member_id)
        services.edit_member(member=row, by=cast.secretary.member_id, display_name="Daniel M.")
        services.suspend_member(member=row, reason="away", by=cast.leader.member_id)
    return cast


@pytest.mark.parametrize("path", ["/audit", "/audit/flags", "/audit/flags?show=all"])
def test_who_may_see_the_log(cast, as_person, at, path):
    statuses = {part: as_person(cast.people[part]).get(at + path).status_code for part in cast.people}
    allowed = dict.fromkeys(("leader", "treasurer", "secretary", "auditor"), 200)
    assert statuses == allowed | {"member": 403, "other_member": 403, "outsider": 404, "stranger": 404}


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", True),
        ("?who=grace", True),
        ("?who=joseph", False),
        ("?action=update", True),
        ("?action=approve", False),
        ("?entity=member&severity=info", True),
        ("?severity=critical", False),
        ("?since=2020-01-01&until=2999-01-01", True),
        ("?until=2020-01-01", False),
        ("?since=soon&action=nothing&severity=x", True),
        ("?since=0001-01-01&until=9999-12-31", True),
        ("?who=%00", True),
    ],
)
def test_the_log_is_searched(events, as_person, at, query, seen):
    page = as_person(events.auditor).get(f"{at}/audit{query}")
    assert page.status_code == 200
    assert (b"Member: Changed" in page.data) is seen


def test_an_event_shows_before_and_after(events, as_person, at):
    browser = as_person(events.auditor)
    page = browser.get(found(r'href="([^"]+/audit/[0-9a-f-]{36})">Member: Changed', browser.get(f"{at}/audit")))
    assert b"<del>Daniel Mwangi</del>" in page.data
    assert b"<ins>Daniel M.</ins>" in page.data
    assert browser.get(f"{at}/audit/{new_id()}").status_code == 404


def test_an_erased_persons_values_are_gone_and_the_event_stays(events, as_person, at):
    with transaction(group_id=events.group_id):
        key = session().query(DataKey).where(DataKey.subject_id == events.member.member_id).one()
        key.wrapped, key.destroyed_at = None, clock.now()
    browser = as_person(events.auditor)
    page = browser.get(found(r'href="([^"]+/audit/[0-9a-f-]{36})">Member: Changed', browser.get(f"{at}/audit")))
    assert page.status_code == 200
    assert b"erased" in page.data
    assert b"Daniel Mwangi" not in page.data


def test_the_log_is_paged_by_key(cast, as_person, at):
    with transaction(group_id=cast.group_id):
        start = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
        for number in range(60):
            with clock.held(start + timedelta(minutes=number // 7)):
                record("create", "member", new_id(), by=cast.leader.member_id)
    browser, url = as_person(cast.auditor), f"{at}/audit"
    seen: list[bytes] = []
    while url:
        page = browser.get(url)
        seen += re.findall(rb'/audit/([0-9a-f-]{36})"', page.data)
        url = next_page(page)
    assert len(seen) == len(set(seen)) == 60


def flag_link(browser, url):
    return found(r'href="([^"]+/audit/flags/new[^"]+)"', browser.get(url))


def test_a_flag_is_raised_answered_and_settled(cast, as_person, at):
    auditor, treasurer = as_person(cast.auditor), as_person(cast.treasurer)
    record_url = f"{at}/members/{cast.member.member_id}"
    link = flag_link(auditor, record_url)
    mark = hidden(auditor.get(link), "record")
    raised = send(auditor, f"{at}/audit/flags", link, record=mark, text="Why two accounts?")
    assert (raised.status_code, raised.location) == (303, record_url)
    with transaction(group_id=cast.group_id):
        flag_id = queries.flags()[0].row.id
        assert notifications.unread(cast.treasurer.member_id) == 1
    flag = f"{at}/audit/flags/{flag_id}"
    assert b"Why two accounts?" in treasurer.get(record_url).data
    assert send(treasurer, f"{flag}/answers", flag, text="One was closed.").status_code == 303
    assert send(auditor, f"{flag}/answers", flag, text="x").status_code == 403
    assert send(auditor, f"{flag}/remarks", flag, text="Thank you.", settles="y").status_code == 303
    assert send(treasurer, f"{flag}/answers", flag, text="More").status_code == 409
    with transaction(group_id=cast.group_id):
        assert queries.flags() == []
        assert [said.text for said in queries.flag(flag_id).answers] == ["One was closed.", "Thank you."]


def test_only_what_a_page_showed_can_be_flagged(cast, as_person, at, app):
    auditor = as_person(cast.auditor)
    assert auditor.get(f"{at}/audit/flags/new?record=forged").status_code == 404
    foreign = marked(Record("member", new_id(), "/x"), group_id=new_id(), secret=app.config["SECRET_KEY"])
    assert send(auditor, f"{at}/audit/flags", f"{at}/audit", record=foreign, text="x").status_code == 404
    assert as_person(cast.leader).get(f"{at}/audit/flags/new?record=x").status_code == 403


def test_an_empty_flag_is_shown_again(cast, as_person, at):
    auditor = as_person(cast.auditor)
    link = flag_link(auditor, f"{at}/members/{cast.member.member_id}")
    mark = hidden(auditor.get(link), "record")
    assert send(auditor, f"{at}/audit/flags", link, record=mark, text="").status_code == 422


def test_pressing_twice_raises_one_flag(cast, as_person, at):
    auditor = as_person(cast.auditor)
    link = flag_link(auditor, f"{at}/members/{cast.member.member_id}")
    mark = hidden(auditor.get(link), "record")
    for _ in range(2):
        send(auditor, f"{at}/audit/flags", link, record=mark, text="Once", once="a" * 32)
    with transaction(group_id=cast.group_id):
        assert len(queries.flags()) == 1


def test_another_groups_flag_is_not_found(cast, as_person, at):
    assert as_person(cast.leader).get(f"{at}/audit/flags/{new_id()}").status_code == 404


def test_a_mark_opens_only_in_its_group():
    group_id, row = new_id(), Record("member", new_id(), "/g/x/members/1")
    mark = marked(row, group_id=group_id, secret="s")
    assert unmarked(mark, group_id=group_id, secret="s") == row
    for elsewhere, secret in ((new_id(), "s"), (group_id, "t")):
        with pytest.raises(DomainError):
            unmarked(mark, group_id=elsewhere, secret=secret)


def test_a_record_is_searched_by_id(events):
    with transaction(group_id=events.group_id):
        rows = queries.events_page(Search(record=events.member.member_id)).rows
        assert [event.action for event in rows] == ["suspend", "update"]


def test_the_log_names_whom_an_event_is_about_and_words_its_values(cast, as_person, at):
    told = {
        "amount": "50000.0000",
        "method": "bank_transfer",
        "paid_at": "2026-11-20 21:00:00+00:00",
        "on": "2026-11-02",
    }
    with transaction(group_id=cast.group_id):
        record("create", "payment", new_id(), by=cast.treasurer.member_id, after=told, about=cast.member.member_id)
    browser = as_person(cast.auditor)
    log = browser.get(f"{at}/audit")
    assert "Daniel Mwangi" in log.text
    page = browser.get(found(r'href="([^"]+/audit/[0-9a-f-]{36})">Payment: Added', log)).text
    for word in ("Daniel Mwangi", "KES 50,000.00", "Bank transfer", "21 Nov 2026, 00:00", "2 Nov 2026"):
        assert word in page.replace("\u202f", " ").replace("\xa0", " ")
