"""The officers' page of background work: what runs, what gave up, what did not arrive, and the buttons."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, mail
from app.core.db import session, transaction
from app.core.draining import TRIES
from app.core.ids import new_id
from app.core.mail import MailMessage, queueing
from app.core.outbox import Outbox, later
from app.groups.models import Member
from app.work import services
from app.work.errors import MailUnderWay, NoSuchMail, NoSuchMessage, NotDead, RecipientErased
from tests.factories import Cast
from tests.mail.box import mails, work

DATA = dict.fromkeys(("name", "group", "month", "opening", "added", "taken", "closing", "owed", "disclaimer"), "x")
DATA |= {"path": "/", "month": "October"}


def officer(cast: Cast) -> Member:
    return session().scalars(sa.select(Member).where(Member.id == cast.treasurer.member_id)).one()


def dead_job(cast: Cast, **change: Any) -> Any:
    with transaction(group_id=cast.group_id):
        row = later("mail.send", key="k", mail_id=str(new_id()))
        values = {"dead_at": clock.now(), "attempts": TRIES, "last_error": "RuntimeError: no luck"}
        session().execute(sa.update(Outbox).where(Outbox.id == row.id).values(**values | change))
        return row.id


def lost_mail(cast: Cast, state: str = "unknown", to: str = "old@example.com") -> Any:
    with transaction(group_id=cast.group_id):
        member_id = cast.member.member_id
        given: dict[str, Any] = {"template": "statement", "data": DATA, "locale": "en", "member_id": member_id}
        row = mail.queue(key="lost", to=to, **given)
        session().execute(sa.update(Outbox).values(done_at=clock.now()))
        values = {"state": state, "error": "the line broke", "attempts": 1}
        session().execute(sa.update(MailMessage).where(MailMessage.id == row.id).values(**values))
        return row.id


def page(cast: Cast, as_person: Any) -> str:
    return str(as_person(cast.treasurer).get(f"/g/{cast.slug}/work").text)


def press(cast: Cast, as_person: Any, path: str) -> Any:
    browser = as_person(cast.treasurer)
    shown = browser.get(f"/g/{cast.slug}/work").text
    token = shown.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    return browser.post(f"/g/{cast.slug}/work/{path}", data={"csrf_token": token})


def test_when_nothing_runs_the_page_says_so(cast: Cast, as_person: Any) -> None:
    shown = page(cast, as_person)
    assert "All is done" in shown
    assert "hx-get" not in shown.split('id="running"')[1].split("</section>")[0]


def test_a_long_run_shows_how_far_it_is_and_asks_again(cast: Cast, as_person: Any) -> None:
    with transaction(group_id=cast.group_id):
        later("statements.send", key="run", total=24, period="2026-10", member_ids=[])
        session().execute(sa.update(Outbox).values(progress=10))
    browser = as_person(cast.treasurer)
    fragment = browser.get(f"/g/{cast.slug}/work", headers={"HX-Request": "true", "HX-Target": "running"}).text
    for told in ('id="running"', "hx-get", "Statements of October 2026", "10 / 24", 'max="24" value="10"'):
        assert told in fragment


def test_what_failed_and_comes_again_is_shown_with_its_reason(cast: Cast, as_person: Any) -> None:
    dead_job(cast, dead_at=None, attempts=2)
    shown = page(cast, as_person)
    assert "no luck" in shown
    assert "Gave up" not in shown


def test_a_dead_job_is_shown_and_tried_again_at_a_press(cast: Cast, as_person: Any) -> None:
    id_ = dead_job(cast)
    assert "Gave up" in page(cast, as_person)
    assert press(cast, as_person, f"jobs/{id_}/retries").status_code == 303
    with transaction(group_id=cast.group_id):
        row = session().scalars(sa.select(Outbox).where(Outbox.id == id_)).one()
        assert (row.dead_at, row.attempts) == (None, 0)


def test_a_mail_that_may_have_been_sent_goes_again_only_at_a_press_and_to_the_present_address(
    cast: Cast, as_person: Any
) -> None:
    id_ = lost_mail(cast)
    shown = page(cast, as_person)
    for told in ("Daniel Mwangi", "old@example.com", "Perhaps sent", "the line broke"):
        assert told in shown
    assert work(cast.group_id) == 0
    new = f"new{id_.hex}@example.com"
    with transaction(group_id=cast.group_id):
        session().execute(sa.update(Member).where(Member.id == cast.member.member_id).values(email=new))
    assert press(cast, as_person, f"mails/{id_}/sendings").status_code == 303
    work(cast.group_id)
    assert len(mails(to=new)) == 1
    assert "Perhaps sent" not in page(cast, as_person)


def test_what_needs_no_help_gets_none(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job, sent = dead_job(cast, dead_at=None), lost_mail(cast, "sent")
    with transaction(group_id=cast.group_id):
        by = officer(cast)
        with pytest.raises(NotDead):
            services.retry(message_id=job, by=by)
        with pytest.raises(MailUnderWay):
            services.send_again(mail_id=sent, by=by)
        with pytest.raises(NoSuchMessage):
            services.retry(message_id=new_id(), by=by)
        with pytest.raises(NoSuchMail):
            services.send_again(mail_id=new_id(), by=by)
        session().execute(sa.update(MailMessage).values(state="bounced"))
        session().expire_all()
        monkeypatch.setattr(queueing, "readdress", lambda *_: False)
        with pytest.raises(RecipientErased):
            services.send_again(mail_id=sent, by=by)


@pytest.mark.parametrize(("who", "status"), [("leader", 200), ("member", 403), ("auditor", 403), ("outsider", 404)])
def test_only_officers_open_the_page(cast: Cast, as_person: Any, who: str, status: int) -> None:
    assert as_person(cast.people[who]).get(f"/g/{cast.slug}/work").status_code == status


def test_another_groups_job_and_mail_do_not_exist(cast: Cast, as_person: Any) -> None:
    job, lost = dead_job(cast), lost_mail(cast)
    browser = as_person(cast.outsider)
    here = f"/g/{cast.outsider.slug}"
    dead = browser.get(f"{here}/statements/runs").text
    token = dead.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    for path in (f"jobs/{job}/retries", f"mails/{lost}/sendings"):
        assert browser.post(f"{here}/work/{path}", data={"csrf_token": token}).status_code == 404


def test_finished_runs_stay_to_be_seen(cast: Cast, as_person: Any, app: Flask) -> None:
    with transaction(group_id=cast.group_id):
        later("statements.send", key="run", total=24, period="2026-09", member_ids=[])
        session().execute(sa.update(Outbox).values(progress=24, done_at=clock.now()))
    shown = page(cast, as_person)
    assert "Statements of September 2026" in shown
    assert "24 / 24" in shown
