"""Sessions of signed-in people: rows on the server, a random token in the cookie, revocable at once."""

import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, Request, current_app, g
from flask_login import LoginManager, UserMixin, current_user

from app.auth.models import UserAccount, UserSession
from app.auth.rules import digest, may_go_on
from app.core import clock
from app.core.db import act_as, platform, transaction
from app.web.api.blueprint import is_api

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
        self.confirmed_at = signed_in.confirmed_at or signed_in.created_at
        self.idle_minutes = signed_in.idle_minutes
        self.two_factor_enabled = account.two_factor_enabled
        self.is_confirmed = account.email_confirmed_at is not None

    def get_id(self) -> str:
        return str(self.id)

    def fresh(self, minutes: int = 10) -> bool:
        """Whether the person proved who they are within so many minutes: by the second step where it is on."""
        proved = self.second_factor_at if self.two_factor_enabled else self.confirmed_at
        return proved is not None and proved + timedelta(minutes=minutes) > clock.now()


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
        idle_minutes=IDLE // timedelta(minutes=1),
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
    if row is None or row.revoked_at or row.expires_at <= now:
        return None
    if row.last_seen_at + timedelta(minutes=row.idle_minutes) <= now:
        return None
    account = platform().get_one(UserAccount, row.user_id)
    if account.status not in ("active", "pending"):
        return None
    if not may_go_on(account.created_at, account.email_confirmed_at, now):
        return None
    if row.last_seen_at + TOUCH_EVERY <= now:
        _touch(row.id, now)
    return Person(account, row)


def _touch(session_id: uuid.UUID, now: datetime) -> None:
    with transaction():  # its own: a GET rolls back, and being seen must outlive it
        platform().execute(sa.update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now))


def limit_idle(session_id: uuid.UUID, minutes: int) -> None:
    """Shorten the idle time-out of a session, never lengthen it: who keeps money for others is signed out sooner."""
    if getattr(current_user, "session_id", None) == session_id and current_user.idle_minutes <= minutes:
        return
    with transaction():  # its own: the page that asks for it is a GET, which rolls back
        platform().execute(
            sa.update(UserSession)
            .where(UserSession.id == session_id, UserSession.idle_minutes > minutes)
            .values(idle_minutes=minutes)
        )


def mark_second_factor(session_id: uuid.UUID) -> None:
    """The person of this session has just passed the second step."""
    platform().execute(sa.update(UserSession).where(UserSession.id == session_id).values(second_factor_at=clock.now()))


def mark_confirmed(session_id: uuid.UUID) -> None:
    """The person of this session has just typed the password once more."""
    platform().execute(sa.update(UserSession).where(UserSession.id == session_id).values(confirmed_at=clock.now()))


def forget_second_factor(user_id: uuid.UUID) -> None:
    """No session of a person counts as proved by a second step: there is none any more."""
    platform().execute(sa.update(UserSession).where(UserSession.user_id == user_id).values(second_factor_at=None))


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
    if not token or len(token) > 100 or is_api():  # a program comes with a token, never with a person's cookie
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
