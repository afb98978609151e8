"""Mail: written down in the transaction of what it tells of, sent by a worker, each message once."""

from app.core.mail.errors import BadAddress
from app.core.mail.models import MailMessage, MailState, PersonMail
from app.core.mail.queueing import queue, queue_for_person, usable
from app.core.mail.render import link

__all__ = ["BadAddress", "MailMessage", "MailState", "PersonMail", "link", "queue", "queue_for_person", "usable"]
