"""Sending a queued mail: say so, send it, say how it ended, each in a transaction of its own."""

import uuid
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.crashpoints import crash
from app.core.db import platform, session, transaction
from app.core.mail.errors import NoSuchAddress, NotNow, PerhapsSent, Rejected
from app.core.mail.models import MailMessage, MailState, PersonMail
from app.core.mail.queueing import opened
from app.core.mail.render import written
from app.core.mail.transport import Transport, transport
from app.core.rooms import Attachment, rooms

Mail = MailMessage | PersonMail


def send(*, mail_id: str) -> None:
    """Send a mail of the chosen group; the handler of `mail.send`. Raises NotNow when another try may help."""
    _send(uuid.UUID(mail_id), session().group_id)


def send_to_person(*, mail_id: str) -> None:
    """Send a mail of a person outside any group; the handler of `mail.send_to_person`."""
    _send(uuid.UUID(mail_id), None)


def _send(mail_id: uuid.UUID, group_id: uuid.UUID | None) -> None:
    way = transport()
    message = _begin(mail_id, group_id, way)
    if message is None:
        return
    crash("mail.begun")
    try:
        way.send(message)
    except NotNow as error:
        _end(mail_id, group_id, MailState.QUEUED, str(error))
        raise
    except NoSuchAddress as error:
        _end(mail_id, group_id, MailState.BOUNCED, str(error))
    except Rejected as error:
        _end(mail_id, group_id, MailState.FAILED, str(error))
    except PerhapsSent as error:
        _end(mail_id, group_id, MailState.UNKNOWN, str(error))
    else:
        crash("mail.sent")
        _end(mail_id, group_id, MailState.SENT)
        crash("mail.ended")


def _begin(mail_id: uuid.UUID, group_id: uuid.UUID | None, way: Transport) -> EmailMessage | None:
    """Mark it as being sent and commit that, before the first byte leaves; None when there is nothing to send.

    Found in `sending`, an earlier try died in the middle: the mailbox can be asked, an SMTP server cannot, so there
    the mail stays `unknown` until a person decides.
    """
    with transaction(group_id=group_id):
        mail = _locked(mail_id, group_id)
        if mail.state == MailState.SENDING:
            arrived = way.arrived(mail.message_id)
            if arrived is None:
                mail.state, mail.error = MailState.UNKNOWN, "the worker stopped while it was sending"
            elif arrived:
                mail.state, mail.sent_at = MailState.SENT, clock.now()
        if mail.state not in (MailState.QUEUED, MailState.SENDING):
            return None
        message = _compose(mail)
        if message is None:
            mail.state, mail.error = MailState.FAILED, "the recipient was erased"
            return None
        mail.state, mail.attempts = MailState.SENDING, mail.attempts + 1
        return message


def _end(mail_id: uuid.UUID, group_id: uuid.UUID | None, state: MailState, error: str | None = None) -> None:
    with transaction(group_id=group_id):
        mail = _locked(mail_id, group_id)
        mail.state, mail.error = state, error
        mail.sent_at = clock.now() if state is MailState.SENT else None


def _locked(mail_id: uuid.UUID, group_id: uuid.UUID | None) -> Mail:
    if group_id is None:
        return platform().scalars(sa.select(PersonMail).where(PersonMail.id == mail_id).with_for_update()).one()
    return session().scalars(sa.select(MailMessage).where(MailMessage.id == mail_id).with_for_update()).one()


def _compose(mail: Mail) -> EmailMessage | None:
    letter = opened(mail)
    if letter is None:
        return None
    texts = written(mail.template, letter.data, locale=mail.locale)
    message = EmailMessage()
    message["From"] = current_app.config["SETTINGS"].mail_from
    message["To"] = letter.to
    message["Subject"] = texts.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(texts.text)
    if texts.html is not None:
        message.add_alternative(texts.html, subtype="html")
    if isinstance(mail, MailMessage) and mail.attachment is not None:
        made = _attachment(mail.attachment, mail.attachment_data or {})
        main, _, sub = made.media_type.partition("/")
        message.add_attachment(made.content, maintype=main, subtype=sub, filename=made.name)
    return message


def _attachment(name: str, arguments: Mapping[str, Any]) -> Attachment:
    for room in rooms():
        if name in room.attachments:
            return room.attachments[name](**arguments)
    raise LookupError(f"no room makes {name}")
