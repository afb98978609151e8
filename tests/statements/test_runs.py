"""The monthly run: everyone with an address, once; pages for who may send; the clock where the group wants it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.core.mail import MailMessage
from app.core.periods import Month
from app.groups.models import Member
from app.statements import queries, runs
from app.statements.errors import MonthNotOver, NobodyToSendTo
from tests.factories import Cast
from tests.mail.box import mails, text, work

OCTOBER = Month(2026, 10)
NOVEMBER_3 = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with clock.held(NOVEMBER_3):
        yield


def start(cast: Cast, key: str = "k") -> Any:
    with transaction(group_id=cast.group_id):
        by = session().scalars(sa.select(Member).where(Member.id == cast.treasurer.member_id)).one()
        return runs.start_run(period=OCTOBER, by=by, key=key).id


def told(cast: Cast, run_id: Any) -> queries.Progress:
    with transaction(group_id=cast.group_id):
        run = queries.run(run_id)
        assert run is not None
        return queries.progress(run)


def address_of(cast: Cast, who: str) -> str:
    with transaction(group_id=cast.group_id):
        return str(session().scalar(sa.select(Member.email).where(Member.id == cast.people[who].member_id)))


@pytest.mark.usefixtures("october")
def test_every_member_gets_one_mail_with_the_pdf_and_a_second_press_leads_to_that_run(cast: Cast) -> None:
    first = start(cast)
    work(cast.group_id)
    second = start(cast, "again")
    work(cast.group_id)
    assert second == first
    found = told(cast, second)
    assert (found.queued, found.sent, found.over) == (5, 5, True)  # the auditor is no saver
    (sent,) = mails(to=address_of(cast, "member"))
    assert sent["Subject"] == "Your statement for October 2026 · Umoja"
    assert "14,500.00" in text(sent)
    assert "source of truth" in text(sent)
    (file,) = sent.iter_attachments()
    assert file.get_content_type() == "application/pdf"
    assert file.get_content().startswith(b"%PDF")
    assert mails(to=address_of(cast, "auditor")) == []


def test_a_later_run_sends_only_to_who_has_nothing_yet_and_says_so(cast: Cast) -> None:
    address = address_of(cast, "member")
    mine = sa.update(Member).where(Member.id == cast.member.member_id)
    with transaction(group_id=cast.group_id):
        session().execute(mine.values(email=None))
    first = start(cast)
    work(cast.group_id)
    with transaction(group_id=cast.group_id):
        session().execute(mine.values(email=address))
    second = start(cast, "again")
    work(cast.group_id)
    assert second != first
    assert [told(cast, run).sent for run in (first, second)] == [4, 1]


def test_while_a_run_goes_on_another_press_leads_to_it(cast: Cast) -> None:
    assert start(cast, "a") == start(cast, "a") == start(cast, "b")


def test_who_has_no_address_or_has_left_gets_nothing(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        for who, change in (("member", {"email": None}), ("leader", {"status": "left"}), ("secretary", {"email": "x"})):
            member = sa.update(Member).where(Member.id == cast.people[who].member_id)
            session().execute(member.values(**change))
        reach = queries.reach()
    assert {member.display_name for member in reach.receive} == {"Joseph Otieno", "Mercy Atieno"}
    assert {member.display_name for member in reach.without} == {"Daniel Mwangi", "Grace Achieng"}


def test_a_month_that_is_not_over_is_refused(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        with pytest.raises(MonthNotOver):
            runs.start_run(period=Month(2026, 11), by=None, key="k")
        session().execute(sa.update(Member).values(email=None))
        with pytest.raises(NobodyToSendTo):
            runs.start_run(period=OCTOBER, by=None, key="k")


def test_the_clock_sends_where_the_group_wants_it_and_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(group_id=cast.group_id):
        runs.plan_monthly(NOVEMBER_3)
        assert queries.latest_run("2026-10") is None
        monkeypatch.setattr(runs, "setting", lambda _name: True)
        runs.plan_monthly(datetime(2026, 11, 20, tzinfo=UTC))
        assert queries.latest_run("2026-10") is None
        runs.plan_monthly(NOVEMBER_3)
        runs.plan_monthly(NOVEMBER_3)
        (run,) = queries.runs()
        assert (run.period, run.started_by) == ("2026-10", None)


@pytest.mark.parametrize(("who", "status"), [("treasurer", 200), ("leader", 200), ("member", 403), ("auditor", 403)])
def test_only_who_may_send_sees_the_page(cast: Cast, as_person: Any, who: str, status: int) -> None:
    assert as_person(cast.people[who]).get(f"/g/{cast.slug}/statements/runs").status_code == status


def token(browser: Any, path: str) -> str:
    page = browser.get(path).text
    return str(page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0])


def test_the_page_previews_sends_shows_progress_and_the_end(cast: Cast, as_person: Any) -> None:
    browser, path = as_person(cast.treasurer), f"/g/{cast.slug}/statements/runs"
    assert "5 members have an e-mail address" in browser.get(path).text
    sent = browser.post(path, data={"period": "2026-10", "csrf_token": token(browser, path)})
    assert sent.status_code == 303
    page = browser.get(sent.location)
    assert "hx-get" in page.text
    work(cast.group_id)
    fragment = browser.get(sent.location, headers={"HX-Request": "true", "HX-Target": "run"}).text
    assert fragment.lstrip().startswith('<div id="run"')
    assert "hx-get" not in fragment
    assert "5 statements were sent" in fragment
    assert "5 / 5" in browser.get(path).text
    again = browser.post(path, data={"period": "2026-10", "csrf_token": token(browser, path), "once": "b" * 32})
    assert again.location == sent.location


@pytest.mark.parametrize(("period", "status"), [("2026-11", 409), ("2026-13", 422), ("", 422), ("x" * 5000, 422)])
def test_a_wrong_month_is_told_beside_the_field(cast: Cast, as_person: Any, period: str, status: int) -> None:
    browser, path = as_person(cast.treasurer), f"/g/{cast.slug}/statements/runs"
    sent = browser.post(path, data={"period": period, "csrf_token": token(browser, path)})
    assert sent.status_code == status


def test_a_run_of_another_group_does_not_exist(cast: Cast, as_person: Any) -> None:
    run_id = start(cast)
    path = f"/g/{cast.outsider.slug}/statements/runs/{run_id}"
    assert as_person(cast.outsider).get(path).status_code == 404


def test_a_lost_mail_is_shown_with_its_reason(cast: Cast, as_person: Any) -> None:
    run_id = start(cast)
    work(cast.group_id)
    with transaction(group_id=cast.group_id):
        mine = MailMessage.member_id == cast.member.member_id
        lost = sa.update(MailMessage).where(mine).values(state="bounced", error="550 no such user")
        session().execute(lost)
    page = as_person(cast.treasurer).get(f"/g/{cast.slug}/statements/runs/{run_id}").text
    for word in ("Daniel Mwangi", "Bounced", "550 no such user", "Send them again"):
        assert word in page


def invoke(app: Flask, cast: Cast, *, by: str, period: str = "2026-10") -> Any:
    args = ["statements", "send", "--group", cast.slug, "--period", period, "--by", by]
    return app.test_cli_runner().invoke(args=args)


def test_the_command_does_the_work_itself_when_no_worker_is_there(committed: Flask, cast: Cast) -> None:
    treasurer = address_of(cast, "treasurer")
    with transaction(group_id=cast.group_id):
        session().execute(sa.update(Member).where(Member.id == cast.member.member_id).values(email=None))
    first = invoke(committed, cast, by=treasurer.upper())
    assert first.exit_code == 0, first.output
    for line in ("queued before: 0", "queued now:    4", "sent:                4", "without an address:  1", "Daniel"):
        assert line in first.output
    second = invoke(committed, cast, by=treasurer)
    assert "queued before: 4" in second.output
    assert "queued now:    0" in second.output
    assert len(mails(to=treasurer)) == 1


def test_the_command_refuses_who_may_not_and_what_is_none(committed: Flask, cast: Cast) -> None:
    for by, period, word in (
        ("nobody@example.com", "2026-10", "not an active member"),
        (address_of(cast, "member"), "2026-10", "may not send"),
        (address_of(cast, "treasurer"), "2026-1", "2026-01"),
        (address_of(cast, "treasurer"), "2026-11", "not over"),
    ):
        refused = invoke(committed, cast, by=by, period=period)
        assert refused.exit_code == 1
        assert word in refused.output
