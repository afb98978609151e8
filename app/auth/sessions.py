"""Sessions of signed-in people: rows on the server, a random token in the cookie, revocable at once."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, Request, current_app, g
from flask_login import LoginManager, UserMixin

from app.auth.models import UserAccount, UserSession
from app.core import clock
from app.core.db import act_as, platform, transaction

IDLE_OFFICER = timedelta(minutes=30)
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
TOUCH_EVERY = timedelta(minutes=1)


class Person(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """The signed-in person as Flask-Login sees them, with the session they are signed in by."""

    def __init__(self, account: UserAccount, signed_in: UserSession) -> None:
        self.account = account
        self.id: uuid.UUID = account.id
        self.email = account.email
        self.name = account.name
        self.locale = account.locale
        self.time_zone = account.time_zone
        self.session_id: uuid.UUID = signed_in.id
        self.second_factor_at: datetime | None = signed_in.second_factor_at

    def get_id(self) -> str:
        return str(self.id)


def digest(token: str) -> bytes:
    """What is stored of a secret: enough to know it again, nothing to use it with."""
    return hashlib.sha256(token.encode()).digest()


def cookie_name() -> str:
    """`__Host-sid` where the site is served over TLS, so that no sub-domain can plant one."""
    return "__Host-sid" if current_app.config["SESSION_COOKIE_SECURE"] else "sid"


def start(account: UserAccount, *, address: str, agent: str, second_factor: bool = False) -> str:
    """Sign a person in on a device; returns the token for the cookie, known to nobody else."""
    token, now = secrets.token_urlsafe(32), clock.now()
    row = UserSession(
        user_id=account.id,
        token_digest=digest(token),
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE,
        second_factor_at=now if second_factor else None,
        address=address,
        agent=agent[:300],
    )
    platform().add(row)
    platform().flush()
    return token


def find(token: str) -> Person | None:
    """The person behind a cookie, unless the session ended, idled out or was revoked."""
    row = platform().scalar(sa.select(UserSession).where(UserSession.token_digest == digest(token)))
    now = clock.now()
    if row is None or row.revoked_at or row.expires_at <= now or row.last_seen_at + IDLE <= now:
        return None
    account = platform().get(UserAccount, row.user_id)
    if account is None or account.status not in ("active", "pending"):
        return None
    if row.last_seen_at + TOUCH_EVERY <= now:
        _touch(row.id, now)
    return Person(account, row)


def _touch(session_id: uuid.UUID, now: datetime) -> None:
    with transaction():  # its own: a GET rolls back, and being seen must outlive it
        platform().execute(sa.update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now))


def revoke(session_id: uuid.UUID, *, because: str) -> None:
    """End one session; the next request with its cookie is a stranger's."""
    _revoke(UserSession.id == session_id, because)


def revoke_all(user_id: uuid.UUID, *, because: str, but: uuid.UUID | None = None) -> None:
    """End every session of a person, except one if named."""
    _revoke(sa.and_(UserSession.user_id == user_id, UserSession.id != (but or uuid.UUID(int=0))), because)


def _revoke(which: sa.ColumnElement[bool], because: str) -> None:
    platform().execute(
        sa.update(UserSession)
        .where(which, UserSession.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_because=because)
    )


def _load(request: Request) -> Person | None:
    token = request.cookies.get(cookie_name())
    if not token or len(token) > 100:
        return None
    person = find(token)
    if person is not None:
        act_as(person.id)
        g.session_id = person.session_id
    return person


def init_app(app: Flask) -> None:
    """Let Flask-Login ask our sessions, and nothing else."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_load)
