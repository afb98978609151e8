"""Reads of people, their devices, sessions and events."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.auth.models import KnownDevice, Passkey, RecoveryCode, SecurityEvent, UserAccount, UserSession
from app.auth.rules import digest
from app.core import clock
from app.core.db import platform


def account(user_id: uuid.UUID) -> UserAccount:
    """The person with this id. Raises NoResultFound."""
    return platform().get_one(UserAccount, user_id)


def account_by_email(email: str) -> UserAccount | None:
    """The person who has this address, however its letters are written."""
    return platform().scalar(sa.select(UserAccount).where(sa.func.lower(UserAccount.email) == email.strip().lower()))


def known_device(user_id: uuid.UUID, token: str | None) -> KnownDevice | None:
    """The device that this token belongs to, if this person signed in on it before."""
    if not token:
        return None
    return platform().scalar(
        sa.select(KnownDevice).where(KnownDevice.user_id == user_id, KnownDevice.digest == digest(token))
    )


def never_came_in(user_id: uuid.UUID) -> bool:
    """Whether a person never signed in, as far as is known: a reset forgets the devices and not the sessions."""
    seen = (sa.exists().where(table.user_id == user_id) for table in (KnownDevice, UserSession))
    return not platform().scalar(sa.select(sa.or_(*seen)))


def sessions_of(user_id: uuid.UUID) -> Sequence[UserSession]:
    """The sessions that are still open, the one used last first."""
    now = clock.now()
    idle = sa.func.make_interval(0, 0, 0, 0, 0, UserSession.idle_minutes)
    return (
        platform()
        .scalars(
            sa.select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now)
            .where(UserSession.last_seen_at + idle > now)
            .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        )
        .all()
    )


def events_of(user_id: uuid.UUID, *, limit: int) -> Sequence[SecurityEvent]:
    """What happened to an account lately, the latest first."""
    wanted = sa.select(SecurityEvent).where(SecurityEvent.user_id == user_id)
    return platform().scalars(wanted.order_by(SecurityEvent.at.desc(), SecurityEvent.id.desc()).limit(limit)).all()


def recovery_codes_left(user_id: uuid.UUID) -> int:
    """How many recovery codes were not used yet."""
    left = sa.select(sa.func.count()).select_from(RecoveryCode)
    return platform().scalar(left.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))) or 0


def passkeys_of(user_id: uuid.UUID) -> Sequence[Passkey]:
    """The passkeys of a person, the first one first."""
    mine = sa.select(Passkey).where(Passkey.user_id == user_id)
    return platform().scalars(mine.order_by(Passkey.created_at, Passkey.id)).all()


def passkey_by_credential(credential_id: bytes) -> Passkey | None:
    """The passkey that a device names, whoever has it."""
    return platform().scalar(sa.select(Passkey).where(Passkey.credential_id == credential_id))
