"""Ten recovery codes for the day the phone is lost: random, shown once, kept as digests, each good once."""

import base64
import re
import secrets
import uuid

import sqlalchemy as sa

from app.auth import events
from app.auth.models import RecoveryCode, UserAccount
from app.auth.rules import RECOVERY_CODES, digest
from app.core import clock
from app.core.db import platform


def make(account: UserAccount) -> list[str]:
    """Replace the recovery codes; only their digests are kept, so this is the one time they can be shown."""
    forget(account)
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    now = clock.now()
    kept = (RecoveryCode(user_id=account.id, digest=_code_digest(account.id, code), created_at=now) for code in codes)
    platform().add_all(kept)
    platform().flush()
    events.record("recovery_codes_made", user_id=account.id, severity="notice")
    return codes


def forget(account: UserAccount) -> None:
    """Delete the codes: there is no second step that they could stand in for, or newer ones take their place."""
    platform().execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == account.id))


def use(account: UserAccount, code: str) -> bool:
    """Use a code up, in one atomic statement; False when it is none of theirs, or was used."""
    used = (
        sa.update(RecoveryCode)
        .where(RecoveryCode.user_id == account.id, RecoveryCode.used_at.is_(None))
        .where(RecoveryCode.digest == _code_digest(account.id, code))
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    return platform().scalar(used) is not None


def are_codes_of(user_id: uuid.UUID, codes: list[str]) -> bool:
    """Whether all of these are unused recovery codes of the person: only such a list is given out as a file."""
    digests = [_code_digest(user_id, code) for code in codes]
    wanted = sa.select(sa.func.count()).select_from(RecoveryCode)
    found = wanted.where(RecoveryCode.digest.in_(digests), RecoveryCode.used_at.is_(None))
    return 0 < len(codes) <= RECOVERY_CODES and platform().scalar(found) == len(codes)


def _new_code() -> str:
    text = base64.b32encode(secrets.token_bytes(15)).decode().lower()  # 120 bits: nothing to slow down by hashing
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _code_digest(user_id: uuid.UUID, code: str) -> bytes:
    return digest(f"{user_id}:{re.sub(r'[^a-z2-7]', '', code.lower())}")
