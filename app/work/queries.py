"""Reads: what runs, what waits, what gave up, and which mails did not arrive."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.mail import MailMessage
from app.core.mail.queueing import opened
from app.core.outbox import Outbox
from app.core.rooms import rooms
from app.groups.models import Member

MOST = 100  # rows of a list of troubles; who has more of them looks at the first hundred first
_OPEN = (Outbox.done_at.is_(None), Outbox.dead_at.is_(None))


@dataclass(frozen=True)
class Job:
    """A message of the outbox, in words."""

    row: Outbox
    words: str


@dataclass(frozen=True)
class Now:
    """What is going on: long runs with their progress, how much else waits, and what failed and is tried again."""

    runs: Sequence[Job]
    waiting: int
    retrying: Sequence[Job]

    @property
    def busy(self) -> bool:
        """Whether anything may change by itself soon."""
        return bool(self.runs or self.waiting)


@dataclass(frozen=True)
class LostMail:
    """A mail that did not arrive, or nobody knows."""

    row: MailMessage
    name: str
    to: str | None


def now_running() -> Now:
    """What is going on in the group at this moment."""
    runs = session().scalars(
        sa.select(Outbox).where(*_OPEN, Outbox.total.is_not(None)).order_by(Outbox.created_at).limit(MOST)
    )
    retrying = session().scalars(
        sa.select(Outbox)
        .where(*_OPEN, Outbox.total.is_(None), Outbox.last_error.is_not(None))
        .order_by(Outbox.due_at)
        .limit(MOST)
    )
    waiting = session().scalar(
        sa.select(sa.func.count())
        .select_from(Outbox)
        .where(*_OPEN, Outbox.total.is_(None), Outbox.last_error.is_(None), Outbox.due_at <= sa.func.now())
    )
    return Now(_in_words(runs.all()), waiting or 0, _in_words(retrying.all()))


def dead() -> Sequence[Job]:
    """What gave up and waits for a person, newest first."""
    rows = session().scalars(
        sa.select(Outbox).where(Outbox.dead_at.is_not(None)).order_by(Outbox.dead_at.desc(), Outbox.id).limit(MOST)
    )
    return _in_words(rows.all())


def finished_runs() -> Sequence[Job]:
    """The last long runs that came to their end."""
    rows = session().scalars(
        sa.select(Outbox)
        .where(Outbox.total.is_not(None), Outbox.done_at.is_not(None))
        .order_by(Outbox.done_at.desc(), Outbox.id)
        .limit(10)
    )
    return _in_words(rows.all())


def lost_mails() -> Sequence[LostMail]:
    """Mails that failed, bounced or are unknown, newest first."""
    rows = session().execute(
        sa.select(MailMessage, Member.display_name)
        .outerjoin(Member, sa.and_(Member.id == MailMessage.member_id, Member.group_id == MailMessage.group_id))
        .where(MailMessage.state.in_(("failed", "bounced", "unknown")))
        .order_by(MailMessage.queued_at.desc(), MailMessage.id)
        .limit(MOST)
    )
    return [_lost(mail, name) for mail, name in rows]


def message(message_id: uuid.UUID) -> Outbox | None:
    """A message of the group."""
    return session().scalar(sa.select(Outbox).where(Outbox.id == message_id))


def mail(mail_id: uuid.UUID) -> MailMessage | None:
    """A mail of the group."""
    return session().scalar(sa.select(MailMessage).where(MailMessage.id == mail_id))


def mail_words(mail_id: str) -> str:
    """What the job that sends a mail is about."""
    row = mail(uuid.UUID(mail_id))
    return str(_("Mail “%(subject)s”", subject=row.subject) if row else _("A mail"))


def _lost(row: MailMessage, name: str | None) -> LostMail:
    letter = opened(row)
    to = letter.to if letter else None
    return LostMail(row, name or to or _("an erased person"), to)


def _in_words(rows: Sequence[Outbox]) -> list[Job]:
    known: dict[str, Any] = {kind: words for room in rooms() for kind, words in room.job_words.items()}
    return [Job(row, known[row.kind](**row.payload) if row.kind in known else row.kind) for row in rows]
