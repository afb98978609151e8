"""Devices that a person signed in on before."""

import secrets

import sqlalchemy as sa

from app.auth import queries
from app.auth.models import KnownDevice, UserAccount
from app.auth.rules import digest
from app.core import clock
from app.core.db import platform

LONGEST_TOKEN = 100


def learn(account: UserAccount, token: str | None) -> tuple[str, bool]:
    """Remember a device for a person: its token (one per browser, for all who use it) and whether it was known."""
    known = queries.known_device(account.id, token)
    if known is not None and token:
        return token, True
    token = token if token and 40 <= len(token) <= LONGEST_TOKEN else secrets.token_urlsafe(32)
    platform().add(KnownDevice(user_id=account.id, digest=digest(token), created_at=clock.now()))
    platform().flush()
    return token, False


def forget_all(account: UserAccount) -> None:
    """No device is known any more: after a reset, one of them may have been the thief's."""
    platform().execute(sa.delete(KnownDevice).where(KnownDevice.user_id == account.id))
