"""Endpoints of background work: what goes on, trying a dead job again, sending a lost mail again."""

import uuid

from flask import g

from app.groups.access import needs
from app.web.api.endpoints import endpoint
from app.work import queries, services
from app.work.blueprint import api
from app.work.schemas import JobOut, MailOut, WorkOut, job_out, lost_mail_out, mail_out, named_job_out


@api.get("/work")
@needs("jobs.manage")
@endpoint("Background work", covers="work.overview")
def overview() -> WorkOut:
    """What runs, what waits for a person, which mails did not arrive; at most the first hundred of each."""
    now = queries.now_running()
    return WorkOut(
        waiting=now.waiting,
        runs=[named_job_out(job) for job in now.runs],
        retrying=[named_job_out(job) for job in now.retrying],
        dead=[named_job_out(job) for job in queries.dead()],
        finished=[named_job_out(job) for job in queries.finished_runs()],
        lost_mails=[lost_mail_out(lost) for lost in queries.lost_mails()],
    )


@api.post("/jobs/<uuid:message_id>/retries")
@needs("jobs.manage")
@endpoint("Try a dead job again", covers="work.retry")
def retry(message_id: uuid.UUID) -> JobOut:
    """It gets all its tries again; nothing is done twice."""
    return job_out(services.retry(message_id=message_id, by=g.member))


@api.post("/mails/<uuid:mail_id>/sendings")
@needs("jobs.manage")
@endpoint("Send a mail again that did not arrive", covers="work.send_again")
def send_again(mail_id: uuid.UUID) -> MailOut:
    """To the member's present address."""
    return mail_out(services.send_again(mail_id=mail_id, by=g.member))
