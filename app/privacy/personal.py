"""What this room, the mail and the outbox hold of a person."""

import uuid
from typing import Any

from app.core.mail import MailMessage, PersonMail
from app.core.mail.queueing import opened
from app.core.personal import rows_of
from app.core.rooms import Tables
from app.privacy.models import DataExport, MemberErasure, PersonErasure


def of_user(user_id: uuid.UUID) -> Tables:
    """Copies, wishes to be erased, and mails outside the groups; what a link in a mail opens is left out."""
    mails = {"to": _to}
    return {
        "data_export": rows_of(DataExport, DataExport.user_id == user_id),
        "person_erasure": rows_of(PersonErasure, PersonErasure.user_id == user_id),
        "person_mail": rows_of(PersonMail, PersonMail.user_id == user_id, words=mails),
    }


def of_member(member_id: uuid.UUID) -> Tables:
    """Mails of the group to the member, and wishes to have them erased."""
    return {
        "mail_message": rows_of(MailMessage, MailMessage.member_id == member_id, words={"to": _to}),
        "member_erasure": rows_of(MemberErasure, MemberErasure.member_id == member_id),
    }


def _to(row: Any) -> str | None:
    letter = opened(row)
    return letter.to if letter else None
