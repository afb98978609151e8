"""The watch: what is alarming is looked for twice a minute, by the clock itself and not by the workers it watches."""

import hashlib
import hmac
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app.auth.events import FAILED
from app.config import Settings
from app.core import clock, figures
from app.core.alerts import Kind, raise_alert
from app.core.db import engine, platform, transaction
from app.core.draining import queued
from app.operations.proving import proved_since

EVERY = 30  # seconds
LOGINS, LOOK_BACK = 5, timedelta(minutes=15)  # looked back on: a clock that stood still for a while misses nothing
FAILING_SHARE, FAILING_MINUTES, LEAST_REQUESTS = 0.01, 5, 100  # of three requests one failing is no share
POOL_SHARE = 0.8
LATE = timedelta(minutes=1)
PROVED_WITHIN, BACKED_UP_WITHIN = (
    timedelta(hours=26),
    timedelta(days=1),
)  # a night's proof may begin later than the last
MOST = 50  # alerts of a kind in one look: more of them tell nothing more

log = logging.getLogger(__name__)


def watch() -> None:
    """Look for everything once; what cannot be looked at is logged and hides nothing else."""
    for look in LOOKS:
        try:
            with transaction():
                look()
        except Exception:
            log.exception("the watch could not look for %s", look.__name__)


def failed_logins() -> None:
    """More than five failed logins within a minute, of an account or from an address; once an hour for each."""
    told = {"since": clock.now() - LOOK_BACK, "actions": list(FAILED), "limit": LOGINS, "most": MOST}
    for who, of, at, many in platform().execute(_FAILED, told).all():
        name = who if of == "account" else pseudonym(who)
        key = f"{of}:{name}:{at:%Y-%m-%dT%H}"
        raise_alert(Kind.FAILED_LOGINS, about=f"{of}:{name}", key=key, in_a_minute=many)


# Sliding, not by the minute of the clock: three before the full minute and three after it are six within a minute.
_FAILED = sa.text(
    """WITH failed AS (SELECT user_id, address, at FROM security_event WHERE at > :since AND action = ANY(:actions)),
         by_both AS (SELECT user_id::text AS who, 'account' AS of, at FROM failed WHERE user_id IS NOT NULL
                     UNION ALL SELECT address, 'address', at FROM failed WHERE address IS NOT NULL),
         counted AS (SELECT who, of, at, count(*) OVER (PARTITION BY of, who ORDER BY at
                       RANGE BETWEEN '1 minute' PRECEDING AND CURRENT ROW) AS many FROM by_both)
       SELECT who, of, max(at) AS at, max(many) AS many FROM counted WHERE many > :limit
        GROUP BY of, who ORDER BY max(many) DESC, who LIMIT :most"""
)


def pseudonym(address: str) -> str:
    """An address that cannot be read back from an alert; the security log has it, where it is also forgotten."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"alert address {address}".encode(), hashlib.sha256).hexdigest()[:16]


def failing_requests() -> None:
    """More than one in a hundred requests of the last five minutes answered with a fault of ours; once an hour."""
    total, failed = figures.requests_since(FAILING_MINUTES)
    if total >= LEAST_REQUESTS and failed / total > FAILING_SHARE:
        raise_alert(Kind.FAILING_REQUESTS, about="web", key=_hour(), requests=total, failed=failed)


def full_pools() -> None:
    """A process that uses more than four fifths of its connections; once an hour for each kind of connection."""
    for name, (used, capacity, _total) in figures.pools().items():
        if used / capacity > POOL_SHARE:
            raise_alert(Kind.POOL_FULL, about=f"pool:{name}", key=f"{name}:{_hour()}", used=used, of=capacity)


def late_outbox() -> None:
    """A message that has been due for more than a minute; once an hour."""
    found = queued()
    if found.oldest is not None and found.oldest > LATE:
        seconds = int(found.oldest.total_seconds())
        raise_alert(Kind.OUTBOX_LATE, about="outbox", key=_hour(), oldest_seconds=seconds, due=found.due)


def dead_messages() -> None:
    """Each message that gave up, once for each time that it did."""
    with engine("relay").connect() as connection:
        rows = connection.execute(_DEAD, {"since": clock.now() - timedelta(days=2), "most": MOST}).all()
    for row in rows:
        about = f"group:{row.group_id}" if row.group_id else "platform"
        key = f"{row.id}:{row.dead_at:%Y-%m-%dT%H:%M:%S.%f}"
        raise_alert(Kind.OUTBOX_DEAD, about=about, key=key, message=row.id, job=row.kind)


_DEAD = sa.text(
    """SELECT group_id, id, kind, dead_at FROM outbox WHERE dead_at > :since
       UNION ALL SELECT NULL, id, kind, dead_at FROM platform_outbox WHERE dead_at > :since
       ORDER BY dead_at DESC LIMIT :most"""
)


def unproved_books() -> None:
    """A group whose books were not proved for more than a day; once a day for each."""
    before = clock.now() - PROVED_WITHIN
    founded = uuid.UUID(int=int(before.timestamp() * 1000) << 80)  # a UUIDv7 begins with the moment it was made
    with engine("relay").connect() as connection:
        groups = set(connection.execute(_LIVING, {"founded": founded}).scalars())
    for group_id in sorted(groups - proved_since(before))[:MOST]:
        raise_alert(Kind.BOOKS_UNPROVED, about=f"group:{group_id}", key=f"{group_id}:{clock.now():%Y-%m-%d}")


_LIVING = sa.text("SELECT id FROM savings_group WHERE id < :founded")


def old_backup() -> None:
    """The last backup is older than a day, or in production there is none; once a day."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.environment == "local":
        return
    last = last_backup()
    if last is None and settings.environment != "production":
        return
    if last is None or clock.now() - last > BACKED_UP_WITHIN:
        hours = -1 if last is None else int((clock.now() - last).total_seconds() // 3600)
        raise_alert(Kind.BACKUP_OLD, about="backup", key=f"{clock.now():%Y-%m-%d}", hours=hours)


def last_backup() -> datetime | None:
    """When the last backup was finished."""
    last: datetime | None = platform().scalar(sa.text("SELECT max(finished_at) FROM backup_taken WHERE verified"))
    return last


def _hour() -> str:
    return f"{clock.now():%Y-%m-%dT%H}"


LOOKS: tuple[Callable[[], None], ...] = (
    failed_logins,
    failing_requests,
    full_pools,
    late_outbox,
    dead_messages,
    unproved_books,
    old_backup,
)
