"""Single-use links sent by mail: a 256-bit token that only the mail holds, bound to purpose, person and address."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.auth.errors import LinkUsed
from app.auth.models import UserAccount, UserToken
from app.auth.rules import HOLDS, Purpose, digest
from app.core import clock
from app.core.db import platform

_LONGEST = 100


def make(account: UserAccount, purpose: Purpose, *, email: str) -> tuple[UserToken, str]:
    """A new link for `purpose`, to be sent to `email`: its row and the token that stands in it."""
    token, now = secrets.token_urlsafe(32), clock.now()
    row = UserToken(
        user_id=account.id,
        digest=digest(token),
        purpose=purpose.value,
        email=email,
        created_at=now,
        expires_at=now + HOLDS[purpose],
    )
    platform().add(row)
    platform().flush()
    return row, token


def is_good(token: str, purpose: Purpose) -> bool:
    """Whether a link could be used now; looking at it does not use it."""
    return platform().scalar(sa.select(UserToken.id).where(*_open(token, purpose))) is not None


@dataclass(frozen=True)
class Used:
    """A link that was just used: the address it was made for, and since when it or an open sister of it was there."""

    email: str
    since: datetime


def use(token: str, purpose: Purpose) -> tuple[UserAccount, Used]:
    """Use a link up: whose it is, and what it was made for. Its older and younger sisters end with it.

    Raises LinkUsed for any link that is not open, not of this purpose, or made for an address the person gave up.
    """
    found = platform().execute(
        sa.update(UserToken)
        .where(*_open(token, purpose))
        .values(used_at=clock.now())
        .returning(UserToken.user_id, UserToken.email, UserToken.created_at)
    )
    row = found.one_or_none()
    if row is None:
        raise LinkUsed
    account = platform().get_one(UserAccount, row.user_id, with_for_update=True)
    if purpose in (Purpose.CONFIRM, Purpose.RESET) and row.email.lower() != account.email.lower():
        raise LinkUsed
    since = min(_oldest(account, purpose) or row.created_at, row.created_at)
    end(account, purpose)
    return account, Used(row.email, since)


def _oldest(account: UserAccount, purpose: Purpose) -> datetime | None:
    """When the oldest open link for this purpose was made: a thief may have been told of more than once, and the owner
    presses the mail that lies on top."""
    made = sa.select(sa.func.min(UserToken.created_at)).where(UserToken.user_id == account.id)
    return platform().scalar(
        made.where(UserToken.purpose == purpose.value, UserToken.used_at.is_(None), UserToken.expires_at > clock.now())
    )


def end(account: UserAccount, *purposes: Purpose) -> None:
    """End the open links of a person for these purposes."""
    platform().execute(
        sa.update(UserToken)
        .where(UserToken.user_id == account.id, UserToken.used_at.is_(None), UserToken.purpose.in_(purposes))
        .values(used_at=clock.now())
    )


def _open(token: str, purpose: Purpose) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        UserToken.digest == digest(token[:_LONGEST]),
        UserToken.purpose == purpose.value,
        UserToken.used_at.is_(None),
        UserToken.expires_at > clock.now(),
    )
