"""Queueing a mail: one row and one outbox message, in the transaction of what it tells of, once for each key."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.db import platform, session
from app.core.ids import new_id
from app.core.keys import open_for, ring, seal_for
from app.core.mail.errors import BadAddress
from app.core.mail.models import MailMessage, PersonMail
from app.core.mail.render import written
from app.core.outbox import later, later_for_person, once

GROUP_JOB, PERSON_JOB = "mail.send", "mail.send_to_person"
# Deliberately plain: what gets through here stands in a header and in an SMTP command.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, repr=False)
class Letter:
    """What is sealed in a mail's row: the address and the data of its template."""

    to: str
    data: Mapping[str, Any]


def usable(address: str | None) -> bool:
    """Whether a mail could be sent there, as far as its form tells."""
    return bool(address) and len(str(address)) <= 254 and _ADDRESS.fullmatch(str(address)) is not None


def queue(
    *,
    key: str,
    to: str,
    template: str,
    data: Mapping[str, Any],
    locale: str,
    member_id: uuid.UUID | None = None,
    attach: tuple[str, dict[str, Any]] | None = None,
    about: str | None = None,
) -> MailMessage:
    """Queue a mail of the chosen group; the same key finds the first one. Raises BadAddress.

    `attach` names an attachment of a room and its arguments: the file is made when the mail is sent. `about` groups the
    mails of a batch.
    """
    found = session().scalar(sa.select(MailMessage).where(MailMessage.key == key))
    if found is not None:
        return found
    id_, letter, group_id = new_id(), _letter(to, data), session().group_id
    row = once(
        session(),
        MailMessage,
        group_id=group_id,
        id=id_,
        **_common(key, template, data, locale, place=str(group_id)),
        sealed=seal_for(member_id or group_id, letter, f"mail_message|{id_}"),
        member_id=member_id,
        about=about,
        attachment=attach[0] if attach else None,
        attachment_data=attach[1] if attach else sa.null(),
    )
    later(GROUP_JOB, key=f"mail:{key}", mail_id=str(row.id))
    return row


def queue_for_person(
    *, key: str, user_id: uuid.UUID | None, to: str, template: str, data: Mapping[str, Any], locale: str
) -> PersonMail:
    """Queue a mail to a person outside any group; the same key finds the first one. Raises BadAddress."""
    found = platform().scalar(sa.select(PersonMail).where(PersonMail.key == key))
    if found is not None:
        return found
    id_, letter = new_id(), _letter(to, data)
    row = once(
        platform(),
        PersonMail,
        id=id_,
        **_common(key, template, data, locale, place="person"),
        sealed=ring().seal(letter.encode(), f"person_mail|{id_}"),
        user_id=user_id,
    )
    later_for_person(PERSON_JOB, key=f"mail:{key}", mail_id=str(row.id))
    return row


def opened(mail: MailMessage | PersonMail) -> Letter | None:
    """Address and data again, or None when the person was erased."""
    if isinstance(mail, PersonMail):
        text: str | None = ring().open(mail.sealed, f"person_mail|{mail.id}").decode()
    else:
        text = open_for(mail.member_id or mail.group_id, mail.sealed, f"mail_message|{mail.id}")
    return Letter(**json.loads(text)) if text is not None else None


def readdress(mail: MailMessage, to: str | None) -> bool:
    """Seal a mail's data anew for another address, when there is one; False when its data can no longer be opened."""
    letter = opened(mail)
    if letter is not None and to and to != letter.to:
        mail.sealed = seal_for(mail.member_id or mail.group_id, _letter(to, letter.data), f"mail_message|{mail.id}")
    return letter is not None


def _letter(to: str, data: Mapping[str, Any]) -> str:
    if not usable(to):
        raise BadAddress
    return json.dumps({"to": to, "data": dict(data)})


def _common(key: str, template: str, data: Mapping[str, Any], locale: str, *, place: str) -> dict[str, Any]:
    """Rendering once now shows a fault of a template to whoever caused it, not to a worker at night."""
    host = urlsplit(current_app.config["SETTINGS"].base_url).hostname or "localhost"
    digest = hashlib.sha256(f"{place}|{key}".encode()).hexdigest()[:32]
    return {
        "key": key,
        "template": template,
        "locale": locale,
        "subject": written(template, data, locale=locale).subject,
        "message_id": f"<{digest}@{host}>",
        "queued_at": clock.now(),
    }
