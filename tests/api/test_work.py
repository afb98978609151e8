"""Background work as a program sees it."""

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.ids import new_id
from app.core.outbox import Outbox, later
from tests.work.test_views import dead_job, lost_mail


def test_what_goes_on_is_told(program, cast):
    job, mail = dead_job(cast), lost_mail(cast)
    with transaction(group_id=cast.group_id):
        later("savings.run", key="run", total=10)
        failing = later("mail.send", key="failing", mail_id=str(new_id()))
        session().execute(sa.update(Outbox).where(Outbox.id == failing.id).values(last_error="no line", attempts=2))
    told = program(cast.treasurer).get("/work").get_json()
    assert [(row["id"], row["last_error"]) for row in told["dead"]] == [(str(job), "RuntimeError: no luck")]
    assert [(row["progress"], row["total"]) for row in told["runs"]] == [(0, 10)]
    assert [row["attempts"] for row in told["retrying"]] == [2]
    assert (told["waiting"], told["finished"]) == (0, [])
    [lost] = told["lost_mails"]
    assert (lost["id"], lost["state"], lost["address"]) == (str(mail), "unknown", "old@example.com")
    assert lost["name"] == cast.member.name


def test_a_dead_job_is_tried_again_once(program, cast):
    asking, job = program(cast.treasurer), dead_job(cast)
    tried = [asking.post(f"/jobs/{job}/retries", key="retry-the-job") for _ in range(2)]
    assert [answer.status_code for answer in tried] == [200, 200], tried[0].text
    assert tried[0].get_json() == tried[1].get_json()
    assert (tried[0].get_json()["dead_at"], tried[0].get_json()["attempts"]) == (None, 0)
    late = asking.post(f"/jobs/{job}/retries")
    assert (late.status_code, late.get_json()["code"]) == (409, "not_dead")


def test_a_lost_mail_is_sent_again(program, cast):
    asking, mail = program(cast.treasurer), lost_mail(cast)
    sent = asking.post(f"/mails/{mail}/sendings")
    assert (sent.status_code, sent.get_json()["state"]) == (200, "queued")
    assert asking.post(f"/mails/{mail}/sendings").get_json()["code"] == "mail_under_way"


@pytest.mark.parametrize(("person", "status"), [("member", 403), ("auditor", 403), ("outsider", 404)])
def test_others_change_nothing(program, cast, person, status):
    job, mail = dead_job(cast), lost_mail(cast)
    asking = program(cast.people[person])
    assert asking.post(f"/jobs/{job}/retries").status_code == status
    assert asking.post(f"/mails/{mail}/sendings").status_code == status
