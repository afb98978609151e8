"""How long each kind of row is kept, as data, and the one job that removes what is older and says that it did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.audit.models import AuditEvent
from app.auth.consents import ConsentEvent
from app.auth.models import SecurityEvent, UserSession, UserToken
from app.core import clock
from app.core.db import platform, session
from app.core.mail import MailMessage, PersonMail
from app.core.outbox import later, later_for_person
from app.groups.models import Invitation
from app.hooks.models import HookDelivery
from app.notifications.models import Notification
from app.privacy.models import DataExport, PersonErasure, PersonRemoval, Removal

GROUP_JOB, PEOPLE_JOB = "privacy.retain", "privacy.retain_people"
DAY = timedelta(days=1)
YEAR = 366 * DAY  # never a day too early


@dataclass(frozen=True)
class Rule:
    """How long rows of a table are kept after a time of theirs."""

    what: str
    model: type[Any]
    since: Callable[[], Any]
    kept: timedelta

    def goes(self, now: datetime) -> sa.ColumnElement[bool]:
        """What is too old."""
        return self.since() < now - self.kept  # type: ignore[no-any-return]


def _erased_at() -> Any:
    """When the person of a consent was erased."""
    erased = sa.select(sa.func.max(PersonErasure.done_at)).where(PersonErasure.user_id == ConsentEvent.user_id)
    return erased.correlate(ConsentEvent).scalar_subquery()


# Financial rows stand nowhere here: they are never removed.
OF_GROUPS = (
    Rule("audit_event", AuditEvent, lambda: AuditEvent.at, 5 * YEAR),
    Rule("mail_message", MailMessage, lambda: MailMessage.queued_at, 2 * YEAR),
    Rule("notification", Notification, lambda: Notification.created_at, 2 * YEAR),
    Rule("invitation", Invitation, lambda: Invitation.expires_at, 2 * YEAR),
    Rule("hook_delivery", HookDelivery, lambda: HookDelivery.created_at, 90 * DAY),
)
OF_PEOPLE = (
    Rule("security_event", SecurityEvent, lambda: SecurityEvent.at, 5 * YEAR),
    Rule("person_mail", PersonMail, lambda: PersonMail.queued_at, 2 * YEAR),
    Rule("user_session", UserSession, lambda: UserSession.expires_at, 90 * DAY),
    Rule("user_token", UserToken, lambda: UserToken.expires_at, 30 * DAY),
    Rule("consent_event", ConsentEvent, _erased_at, YEAR),
)


def plan(now: datetime) -> None:
    """Once a day in each group, and once outside them."""
    today = now.date().isoformat()
    later(GROUP_JOB, key=f"{GROUP_JOB}:{today}")
    later_for_person(PEOPLE_JOB, key=f"{PEOPLE_JOB}:{today}")  # whichever group comes first


def retain() -> None:
    """Remove what is too old in the chosen group; the handler of `privacy.retain`."""
    now = clock.now()
    for rule in OF_GROUPS:
        count = session().execute(sa.delete(rule.model).where(rule.goes(now))).rowcount  # type: ignore[attr-defined]
        if count:
            older = now - rule.kept
            session().add(Removal(at=now, what=rule.what, older_than=older, count=count))
            record("delete", rule.what, by=None, after={"count": count, "older_than": older}, severity="notice")


def retain_people() -> None:
    """The same outside the groups, and copies whose week is over; the handler of `privacy.retain_people`."""
    now = clock.now()
    for rule in OF_PEOPLE:
        gone = sa.delete(rule.model).where(rule.goes(now))
        count = platform().execute(gone, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined]
        if count:
            platform().add(PersonRemoval(at=now, what=rule.what, older_than=now - rule.kept, count=count))
    over = sa.and_(DataExport.expires_at <= now, DataExport.removed_at.is_(None))
    platform().execute(sa.update(DataExport).where(over).values(sealed=None, removed_at=now))
