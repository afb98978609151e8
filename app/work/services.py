"""The verbs: try a dead job again, send a mail again that did not arrive."""

import uuid

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import after_commit, session
from app.core.jobs import wake
from app.core.mail import MailMessage, MailState, queueing, usable
from app.core.outbox import Outbox, PlatformOutbox, later
from app.groups.models import Member
from app.work.errors import MailUnderWay, NoSuchMail, NoSuchMessage, NotDead, RecipientErased


def retry(*, message_id: uuid.UUID, by: Member) -> Outbox:
    """Give a dead job all its tries again. Raises NoSuchMessage, NotDead."""
    row = session().scalar(sa.select(Outbox).where(Outbox.id == message_id).with_for_update())
    if row is None:
        raise NoSuchMessage
    revive(row)
    record("retry", "job", row.id, by=by.id, after={"kind": row.kind})
    return row


def revive(row: Outbox | PlatformOutbox) -> None:
    """Give a dead message, which the caller holds locked, all its tries again. Raises NotDead."""
    if row.dead_at is None:
        raise NotDead
    row.dead_at, row.attempts, row.due_at = None, 0, clock.now()
    after_commit(wake)


def send_again(*, mail_id: uuid.UUID, by: Member) -> MailMessage:
    """Queue a mail anew that failed, bounced or is unknown, to the member's present address.

    Raises NoSuchMail, MailUnderWay, RecipientErased.
    """
    row = session().scalar(sa.select(MailMessage).where(MailMessage.id == mail_id).with_for_update())
    if row is None:
        raise NoSuchMail
    if row.state not in (MailState.FAILED, MailState.BOUNCED, MailState.UNKNOWN):
        raise MailUnderWay
    if not queueing.readdress(row, _address_now(row)):
        raise RecipientErased
    row.state, row.error = MailState.QUEUED, None
    later(queueing.GROUP_JOB, key=f"mail:{row.key}:{row.attempts}", mail_id=str(row.id))
    record("send_again", "mail", row.id, by=by.id, after={"subject": row.subject}, about=row.member_id)
    return row


def _address_now(row: MailMessage) -> str | None:
    if row.member_id is None:
        return None
    email = session().scalar(sa.select(Member.email).where(Member.id == row.member_id))
    return email if usable(email) else None
