"""Challenges for passkeys: kept on the server, good for five minutes, one purpose, one person and one try."""

import secrets
import uuid
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa

from app.auth.models import PasskeyChallenge
from app.core import clock
from app.core.db import platform

HOLDS = timedelta(minutes=5)
_CLEARED = 100  # old ones at a time


class Asked(StrEnum):
    """What a signed challenge does."""

    ADD = "add"
    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    CONFIRM = "confirm"


def make(asked: Asked, user_id: uuid.UUID | None = None) -> PasskeyChallenge:
    """A new challenge; those whose time is over are cleared away."""
    _clear()
    row = PasskeyChallenge(
        challenge=secrets.token_bytes(32), purpose=asked.value, user_id=user_id, expires_at=clock.now() + HOLDS
    )
    platform().add(row)
    platform().flush()
    return row


def take(asked: Asked, ceremony: uuid.UUID | None, user_id: uuid.UUID | None) -> bytes | None:
    """Use a challenge up; None when there is none for this purpose and person, or it is over."""
    if ceremony is None:
        return None
    taken = (
        sa.delete(PasskeyChallenge)
        .where(PasskeyChallenge.id == ceremony, PasskeyChallenge.purpose == asked.value)
        .where(PasskeyChallenge.user_id.is_not_distinct_from(user_id), PasskeyChallenge.expires_at > clock.now())
        .returning(PasskeyChallenge.challenge)
    )
    return platform().scalar(taken, execution_options={"synchronize_session": False})


def _clear() -> None:
    over = sa.select(PasskeyChallenge.id).where(PasskeyChallenge.expires_at <= clock.now()).limit(_CLEARED)
    # Whoever else clears at this moment takes other rows, so nobody waits.
    locked = over.with_for_update(skip_locked=True)
    platform().execute(
        sa.delete(PasskeyChallenge).where(PasskeyChallenge.id.in_(locked)),
        execution_options={"synchronize_session": False},
    )
