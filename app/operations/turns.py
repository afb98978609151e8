"""What is done for every group in its turn: stored once a period, spread over hours so that nothing queues up."""

import logging
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core.db import engine, transaction
from app.core.outbox import later

log = logging.getLogger(__name__)


def everyone() -> list[uuid.UUID]:
    """Every group there is, whatever its standing: books are proved for good."""
    with engine("relay").connect() as connection:
        return list(connection.execute(sa.text("SELECT id FROM savings_group ORDER BY id")).scalars())


def store(kind: str, *, period: str, begin: datetime, spread: timedelta, without: Collection[uuid.UUID] = ()) -> int:
    """Store a message for each group, due at a moment of its own within `spread`; returns how many were looked at.

    A second clock, or the same one an hour later, finds the first one's messages by their key.
    """
    groups = [group_id for group_id in everyone() if group_id not in without]
    for group_id in groups:
        wait = timedelta(seconds=group_id.int % max(1, int(spread.total_seconds())))
        try:
            with transaction(group_id=group_id):
                later(kind, key=f"{kind}:{period}", due=begin + wait, period=period)
        except Exception:  # one group's trouble must not stop the others
            log.exception("%s could not be stored for group %s", kind, group_id)
    return len(groups)
