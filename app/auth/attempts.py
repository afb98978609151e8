"""Budgets of tries: each is taken before a secret is looked at, so a hundred guesses at once get no more than five."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.auth.models import KnownDevice, UserAccount
from app.auth.rules import LOCK_AFTER, LOCK_FOR
from app.core import clock
from app.core.db import platform


@dataclass(frozen=True)
class Counter:
    """Where tries are counted, and until when there is a pause."""

    table: type[UserAccount] | type[KnownDevice]
    failed: InstrumentedAttribute[int]
    until: InstrumentedAttribute[datetime | None]


PASSWORD = Counter(UserAccount, UserAccount.failed_login_attempts, UserAccount.account_locked_until)
PASSWORD_ON_DEVICE = Counter(KnownDevice, KnownDevice.failed_attempts, KnownDevice.locked_until)
SECOND_FACTOR = Counter(UserAccount, UserAccount.failed_second_factors, UserAccount.second_factor_locked_until)


def take(counter: Counter, row_id: uuid.UUID) -> int | None:
    """Take one try out of a budget; which it is, 1 to 5, or None during a pause.

    The fifth starts the pause, before anybody knows whether it is right; `forgive` ends it when it was.
    """
    now = clock.now()
    number = sa.case((counter.until <= now, 1), else_=counter.failed + 1)
    pause = sa.case((number >= LOCK_AFTER, now + LOCK_FOR), else_=None)
    statement = (
        sa.update(counter.table)
        .where(counter.table.id == row_id, sa.or_(counter.until.is_(None), counter.until <= now))
        .values({counter.failed: number, counter.until: pause})
        .returning(counter.failed)
    )
    return platform().scalar(statement, execution_options={"synchronize_session": False})


def forgive(counter: Counter, row_id: uuid.UUID) -> None:
    """Give the whole budget back: the secret was right, or was replaced."""
    values: dict[Any, Any] = {counter.failed: 0, counter.until: None}
    platform().execute(sa.update(counter.table).where(counter.table.id == row_id).values(values))
