"""An alert on its way: one mail to each address that is on call, from whichever process can send it."""

import hashlib
import uuid
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from app.config import Settings
from app.core import alerts, clock
from app.core.alerts import Alert
from app.core.db import platform, transaction
from app.core.draining import handle
from app.core.mail import queue_for_person
from app.core.outbox import PlatformOutbox
from app.core.rooms import rooms


def mail_alert(alert_id: str) -> None:
    """Queue the mails of an alert: each address gets it once, however often this runs."""
    alert = platform().get_one(Alert, uuid.UUID(alert_id))
    for to in _on_call():
        data = {
            "what": str(alert.words),
            "kind": alert.kind,
            "about": alert.about,
            "facts": alerts.facts_in_words(alert),
            "at": alert.raised_at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S UTC"),
        }
        who = hashlib.sha256(to.lower().encode()).hexdigest()[:16]
        queue_for_person(key=f"alert:{alert.id}:{who}", user_id=None, to=to, template="alert", data=data, locale="en")


def _on_call() -> list[str]:
    """The addresses of the settings and of platform staff, each once."""
    settings: Settings = current_app.config["SETTINGS"]
    asked = [room.on_call() for room in rooms() if room.on_call is not None]
    return list({to.lower(): to for addresses in (*asked, settings.alert_mail) for to in addresses}.values())


def send_now() -> int:
    """Send what alerts wait for, here and at once: when no worker lives, nobody else would. Returns the tries."""
    tries = 0
    for _round in ("the alert", "its mails"):
        with transaction():
            waiting = platform().scalars(
                sa.select(PlatformOutbox.id)
                .where(PlatformOutbox.done_at.is_(None), PlatformOutbox.dead_at.is_(None))
                .where(PlatformOutbox.due_at <= clock.now())
                .where(PlatformOutbox.key.startswith("alert:") | PlatformOutbox.key.startswith("mail:alert:"))
            )
            ids = list(waiting)
        tries += sum(handle(None, message_id) for message_id in ids)
    return tries
