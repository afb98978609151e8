"""The bell: told once, in one's own language, read by oneself alone."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask_babel import lazy_gettext
from sqlalchemy.exc import IntegrityError

from app.auth.models import UserAccount
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.errors import NotFound
from app.core.outbox import Outbox
from app.groups.services import change_settings, new_version
from app.groups.services.policies import LOOSENED
from app.notifications import jobs, queries, services
from app.notifications.models import Notification
from app.notifications.services import notify
from tests import factories
from tests.groups.pages import send


@pytest.fixture
def inside(cast):
    with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
        yield cast


def rows_of(member_id):
    return queries.notifications_page(member_id).rows


def test_everyone_is_told_once_for_each_key(inside):
    people = [inside.member.member_id, inside.treasurer.member_id]
    assert notify(people, kind="info", title="Hello", key="hello") == 2
    assert notify(people, kind="info", title="Hello", key="hello") == 0
    assert notify(people, kind="info", title="Hello") == 2
    assert queries.unread(inside.member.member_id) == 2


def test_who_cannot_sign_in_is_not_told(inside):
    quiet = factories.member("No Sign-in")
    assert notify([quiet.id], kind="info", title="Hello") == 0


def test_each_reader_has_own_language(inside, monkeypatch):
    account = platform().get_one(UserAccount, inside.member.user_id)
    account.locale = "sw"
    platform().flush()
    spoken: list[str] = []

    @contextmanager
    def speak(locale):
        spoken.append(locale)
        yield

    monkeypatch.setattr(services, "force_locale", speak)
    notify([inside.member.member_id, inside.leader.member_id], kind="info", title=lazy_gettext("Active"))
    assert sorted(spoken) == ["en", "sw"]


@pytest.mark.parametrize("wrong", [{"kind": "shout"}, {"priority": "urgent"}, {"url": "https://example.com/"}])
def test_what_cannot_be_told_is_a_mistake_of_the_program(inside, wrong):
    with pytest.raises(ValueError, match=r"."):
        notify([inside.member.member_id], **{"kind": "info", "title": "x"} | wrong)


def test_what_expired_is_neither_counted_nor_shown(inside):
    soon = clock.now() + timedelta(hours=1)
    notify([inside.member.member_id], kind="reminder", title="Pay today", expires_at=soon)
    assert queries.unread(inside.member.member_id) == 1
    with clock.held(soon + timedelta(seconds=1)):
        assert queries.unread(inside.member.member_id) == 0
        assert rows_of(inside.member.member_id) == []


def test_nobody_reads_anothers(inside):
    notify([inside.member.member_id], kind="info", title="Mine")
    row = rows_of(inside.member.member_id)[0]
    with pytest.raises(NotFound):
        queries.notification(row.id, member_id=inside.leader.member_id)


def test_old_ones_are_tidied_away(inside):
    notify([inside.member.member_id], kind="info", title="Old")
    notify([inside.member.member_id], kind="info", title="Gone", expires_at=clock.now())
    assert services.tidy(clock.now() + timedelta(days=31)) == 1
    assert services.tidy(clock.now() + timedelta(days=731)) == 1


def test_the_sweep_is_planned_once_a_day(inside):
    now = clock.now()
    for _ in range(3):
        jobs.DAILY.plan(now)
    assert session().query(Outbox).where(Outbox.kind == jobs.TIDY).count() == 1
    jobs.sweep()


def test_officers_hear_of_who_joined(inside):
    jobs.joined(str(inside.member.member_id))
    told = rows_of(inside.secretary.member_id)[0]
    assert told.title == "Daniel Mwangi has joined the group"
    assert told.url == f"/g/{inside.slug}/members/{inside.member.member_id}"
    assert rows_of(inside.other_member.member_id) == []


def test_a_group_may_switch_that_off(inside):
    change_settings(values={"tell_of_new_members": False}, by=inside.leader.member_id)
    jobs.joined(str(inside.member.member_id))
    assert rows_of(inside.secretary.member_id) == []


def test_the_bell_counts_and_reading_empties_it(cast, as_person):
    home = f"/g/{cast.slug}/notifications"
    with transaction(group_id=cast.group_id):
        target = f"/g/{cast.slug}/settings"
        for number in range(30):
            notify([cast.member.member_id], kind="info", title=f"News {number}", url=target, priority="high")
        first = rows_of(cast.member.member_id)[0]
    browser = as_person(cast.member)
    page = browser.get(home)
    assert b"Notifications, 30 unread" in page.data
    assert page.data.count(b"News ") == 25
    opened = send(browser, f"{home}/{first.id}/reading", home)
    assert (opened.status_code, opened.location) == (303, target)
    assert b"29 unread" in browser.get(home).data
    assert send(browser, f"{home}/reading", home).status_code == 303
    assert b"Nothing new" in browser.get(f"{home}?show=unread").data


def test_anothers_notification_is_not_found(cast, as_person):
    home = f"/g/{cast.slug}/notifications"
    with transaction(group_id=cast.group_id):
        notify([cast.member.member_id], kind="info", title="Mine")
        row = rows_of(cast.member.member_id)[0]
    assert send(as_person(cast.leader), f"{home}/{row.id}/reading", home).status_code == 404
    assert as_person(cast.outsider).get(home).status_code == 404
    assert as_person(cast.auditor).get(home).status_code == 200
    assert send(as_person(cast.auditor), f"{home}/reading", home).status_code == 303


def test_a_row_for_another_groups_member_cannot_be_written(cast):
    row = Notification(member_id=cast.member.member_id, key="k", kind="info", title="x", created_at=clock.now())
    with pytest.raises(IntegrityError), transaction(group_id=cast.outsider.group_id):
        session().add(row)


def test_everyone_who_approves_hears_who_lifts_the_threshold_and_from_when(inside):
    today, by = clock.today("Africa/Nairobi"), inside.treasurer.member_id
    new_version(rules={"approval_threshold": "500"}, effective_on=today, by=by)
    new_version(rules={"approval_threshold": None}, effective_on=today + timedelta(days=1), by=by)
    (asked,) = session().query(Outbox).filter(Outbox.kind == LOOSENED)
    for _twice in range(2):
        jobs.loosened(**asked.payload)
    (told,) = rows_of(inside.leader.member_id)
    assert "removed the threshold" in told.body
    assert inside.treasurer.name in told.body
    assert len(rows_of(by)) == 1
    assert not rows_of(inside.secretary.member_id)
