"""What is thrown away: messages that were done long ago. Books, audit, alerts and what is dead or open never are.

A message's key keeps its deed from being done twice, so a group's are kept for longer than any plan looks back: the
longest is a year. Rate limits and minute counts in Redis end by themselves; notifications, exports and links have rooms
of their own that tidy them.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core.db import engine, platform, session, transaction
from app.core.outbox import Outbox, PlatformOutbox

KEPT_IN_GROUPS, KEPT_OUTSIDE = timedelta(days=400), timedelta(days=30)
_WITH_OLD = sa.text("SELECT DISTINCT group_id FROM outbox WHERE done_at < :before")


def tidy(now: datetime) -> None:
    """Delete what was done long ago, each group's in a transaction of its own."""
    platform().execute(sa.delete(PlatformOutbox).where(PlatformOutbox.done_at < now - KEPT_OUTSIDE))
    with engine("relay").connect() as connection:
        groups = list(connection.execute(_WITH_OLD, {"before": now - KEPT_IN_GROUPS}).scalars())
    for group_id in groups:
        with transaction(group_id=group_id):
            session().execute(sa.delete(Outbox).where(Outbox.done_at < now - KEPT_IN_GROUPS))
