"""Shapes of background work: jobs, and mails that did not arrive."""

import uuid

from app.core.mail import MailMessage, MailState
from app.core.outbox import Outbox
from app.web.api.shapes import Moment, Shape
from app.work.queries import Job, LostMail


class JobOut(Shape):
    """A job: how often it was tried and why that failed; a long run has a `total` of steps."""

    id: uuid.UUID
    kind: str
    attempts: int
    progress: int
    total: int | None
    due_at: Moment
    done_at: Moment | None
    dead_at: Moment | None
    last_error: str | None


class NamedJobOut(JobOut):
    """The same, and what it is about."""

    about: str


class MailOut(Shape):
    """A mail and where it is."""

    id: uuid.UUID
    subject: str
    state: MailState
    queued_at: Moment
    error: str | None


class LostMailOut(MailOut):
    """A mail that did not arrive, or nobody knows; `address` is null when its person was erased."""

    name: str
    address: str | None


class WorkOut(Shape):
    """Long runs, how much else waits, what failed and is tried again, what gave up, what ended, and lost mails."""

    waiting: int
    runs: list[NamedJobOut]
    retrying: list[NamedJobOut]
    dead: list[NamedJobOut]
    finished: list[NamedJobOut]
    lost_mails: list[LostMailOut]


def job_out(row: Outbox) -> JobOut:
    """A job as it is told."""
    return JobOut.model_validate(row)


def named_job_out(job: Job) -> NamedJobOut:
    """The same, and what it is about."""
    return NamedJobOut(**job_out(job.row).model_dump(), about=str(job.words))


def mail_out(row: MailMessage) -> MailOut:
    """A mail as it is told."""
    return MailOut(id=row.id, subject=row.subject, state=MailState(row.state), queued_at=row.queued_at, error=row.error)


def lost_mail_out(lost: LostMail) -> LostMailOut:
    """A mail that did not arrive as it is told."""
    return LostMailOut(**mail_out(lost.row).model_dump(), name=str(lost.name), address=lost.to)
