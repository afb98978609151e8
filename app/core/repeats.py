"""What a program was answered, kept for a while so that the same request sent again gets the same answer."""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import session
from app.core.tenancy import Base, Owned

KEPT_FOR = timedelta(days=3)


class ApiAnswer(Owned, Base):
    """An answer by asker, route and key; `asked` is the digest of what was sent."""

    __tablename__ = "api_answer"
    __table_args__ = (sa.Index("ix_api_answer_answered_at", "group_id", "answered_at"),)

    asker: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[bytes]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    answered_at: Mapped[datetime]


def try_lock(asker: uuid.UUID, route: str, key: str) -> bool:
    """Take this key until the transaction ends; False when another request has it now."""
    words = f"{session().group_id}|{asker}|{route}|{key}".encode()
    number = int.from_bytes(hashlib.sha256(words).digest()[:8], "big", signed=True)
    # A function without a table: there is no row of any group to filter.
    taken = sa.select(sa.func.pg_try_advisory_xact_lock(number))
    return bool(session().scalar(taken, execution_options={"core_ok": True}))


def answered(asker: uuid.UUID, route: str, key: str) -> ApiAnswer | None:
    """What was answered to this key on this route, within the last days."""
    found = session().get(ApiAnswer, (session().group_id, asker, route, key))
    return found if found and found.answered_at + KEPT_FOR > clock.now() else None


def keep(asker: uuid.UUID, route: str, key: str, *, asked: bytes, status: int, answer: dict[str, Any]) -> None:
    """Keep an answer, in the transaction of what it tells; one that was too old gives way."""
    mine = (ApiAnswer.asker == asker, ApiAnswer.route == route, ApiAnswer.key == key)
    session().execute(sa.delete(ApiAnswer).where(*mine))
    kept = ApiAnswer(asker=asker, route=route, key=key, asked=asked, status=status, answer=answer)
    kept.answered_at = clock.now()
    session().add(kept)


def forget_old() -> int:
    """Delete the answers that nobody will ask for again; returns how many they were."""
    old = session().execute(sa.delete(ApiAnswer).where(ApiAnswer.answered_at <= clock.now() - KEPT_FOR))
    return int(getattr(old, "rowcount", 0))
