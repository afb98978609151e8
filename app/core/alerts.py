"""Alerts: something an on-call person must know, once each, as a row that only grows; who settled it is another row."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import platform
from app.core.errors import NotFound
from app.core.ids import new_id
from app.core.outbox import later_for_person
from app.core.tenancy import Base

JOB = "alerts.mail"
LONGEST_NOTE = 500
# What stands in an alert is read by people outside the group and mailed: ids, codes and numbers, never a name.
_PLAIN = re.compile(r"[A-Za-z0-9_.:/+-]{0,80}", re.ASCII)


class Kind(StrEnum):
    """What may be alarming."""

    FAILED_LOGINS = "failed_logins"
    LARGE_MOVEMENT = "large_movement"
    FAILING_REQUESTS = "failing_requests"
    POOL_FULL = "pool_full"
    OUTBOX_LATE = "outbox_late"
    OUTBOX_DEAD = "outbox_dead"
    BOOKS_BROKEN = "books_broken"
    BOOKS_UNPROVED = "books_unproved"
    BACKUP_OLD = "backup_old"


WORDS: Mapping[str, Any] = {
    Kind.FAILED_LOGINS: lazy_gettext("More than five failed sign-ins within a minute"),
    Kind.LARGE_MOVEMENT: lazy_gettext("A movement above the group’s limit"),
    Kind.FAILING_REQUESTS: lazy_gettext("More than one request in a hundred fails"),
    Kind.POOL_FULL: lazy_gettext("Database connections are running out"),
    Kind.OUTBOX_LATE: lazy_gettext("Background work has waited for more than a minute"),
    Kind.OUTBOX_DEAD: lazy_gettext("A background job gave up"),
    Kind.BOOKS_BROKEN: lazy_gettext("A group’s books could not be proved"),
    Kind.BOOKS_UNPROVED: lazy_gettext("A group’s books were not proved for more than a day"),
    Kind.BACKUP_OLD: lazy_gettext("The last backup is older than a day"),
}


class Alert(Base):
    """Something alarming, raised once for each key. `about` is what it is about, such as `group:<id>`."""

    __tablename__ = "alert"
    __table_args__ = (sa.UniqueConstraint("key"), sa.Index("ix_alert_raised_at", "raised_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    about: Mapped[str]
    key: Mapped[str]
    facts: Mapped[dict[str, Any]]
    raised_at: Mapped[datetime]

    @property
    def words(self) -> Any:
        """The kind in words."""
        return WORDS.get(self.kind, self.kind)


class AlertSettled(Base):
    """That somebody looked into an alert, and what came of it."""

    __tablename__ = "alert_settled"

    alert_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("alert.id"), primary_key=True)
    settled_at: Mapped[datetime]
    settled_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    note: Mapped[str]


class NoSuchAlert(NotFound):
    """No alert has that id."""

    code = "no_such_alert"
    sentence = lazy_gettext("There is no such alert.")


def raise_alert(kind: Kind, *, about: str, key: str, **facts: object) -> Alert | None:
    """Write an alert down and mail it to whoever is on call; None when one of that key was raised before.

    `key` names the period too, so that what goes on is told again in the next one and not each minute. `facts` are
    numbers, ids and codes. Raises ValueError for anything that could be a text of a person.
    """
    row = {"kind": Kind(kind).value, "about": _plain(about), "key": f"{Kind(kind).value}:{_plain(key)}"}
    told = {name: _fact(value) for name, value in facts.items()}
    platform().flush()
    made = platform().scalar(
        postgresql.insert(Alert)
        .values(id=new_id(), **row, facts=told, raised_at=clock.now())
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Alert)
    )
    if made is not None:
        later_for_person(JOB, key=f"alert:{made.id}", alert_id=str(made.id))
    return made


def open_alerts(*, limit: int = 200) -> Sequence[Alert]:
    """Alerts that nobody settled yet, the newest first."""
    return platform().scalars(_open(sa.select(Alert)).order_by(Alert.raised_at.desc(), Alert.id).limit(limit)).all()


def settled_alerts(*, limit: int = 50) -> Sequence[tuple[Alert, AlertSettled]]:
    """The last ones that were settled, with what came of them."""
    rows = platform().execute(
        sa.select(Alert, AlertSettled)
        .join(AlertSettled, AlertSettled.alert_id == Alert.id)
        .order_by(AlertSettled.settled_at.desc(), Alert.id)
        .limit(limit)
    )
    return [(alert, settled) for alert, settled in rows]


def open_by_kind() -> dict[str, int]:
    """How many open alerts there are of each kind."""
    rows = platform().execute(_open(sa.select(Alert.kind, sa.func.count())).group_by(Alert.kind))
    return {kind: count for kind, count in rows}  # noqa: C416  # dict(rows) is not typed as one


def settle(alert_id: uuid.UUID, *, by: uuid.UUID, note: str = "") -> None:
    """Say that an alert was looked into; `by` is the user. A second time changes nothing. Raises NoSuchAlert."""
    if platform().get(Alert, alert_id) is None:
        raise NoSuchAlert
    values = {"alert_id": alert_id, "settled_at": clock.now(), "settled_by": by, "note": note.strip()[:LONGEST_NOTE]}
    platform().execute(postgresql.insert(AlertSettled).values(**values).on_conflict_do_nothing())


def facts_in_words(alert: Alert) -> str:
    """The facts as one line."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in sorted(alert.facts.items())) or _("none")


def _open(statement: Any) -> Any:
    return statement.where(~sa.exists().where(AlertSettled.alert_id == Alert.id))


def _plain(text: str) -> str:
    if not _PLAIN.fullmatch(text):
        raise ValueError("an alert names ids and codes, never what a person typed")
    return text


def _fact(value: object) -> object:
    return value if isinstance(value, int | float) else _plain(str(value))
