"""Messages that gave up, over all groups: found by the relay, which sees ids only, and tried again inside the group."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import engine, platform, session, transaction
from app.core.outbox import Outbox, PlatformOutbox
from app.work.errors import NoSuchMessage
from app.work.services import revive

_DEAD = sa.text(
    """SELECT group_id, id, kind, dead_at FROM outbox WHERE dead_at IS NOT NULL
       UNION ALL SELECT NULL, id, kind, dead_at FROM platform_outbox WHERE dead_at IS NOT NULL
       ORDER BY dead_at DESC, id LIMIT :most"""
)


@dataclass(frozen=True)
class DeadLetter:
    """A message that gave up: whose (None outside any group), which, of what kind, and when."""

    group_id: uuid.UUID | None
    message_id: uuid.UUID
    kind: str
    dead_at: datetime


def dead_letters(*, limit: int = 200) -> Sequence[DeadLetter]:
    """What gave up anywhere, the newest first."""
    with engine("relay").connect() as connection:
        rows = connection.execute(_DEAD, {"most": limit}).all()
    return [DeadLetter(row.group_id, row.id, row.kind, row.dead_at) for row in rows]


def retry(
    message_id: uuid.UUID, group: uuid.UUID | None, *, by: uuid.UUID, noted: Callable[[], None] = lambda: None
) -> None:
    """Give a dead message all its tries again, in a transaction of its own. `by` is the user of the platform's staff;
    in a group its log says that the service did it. `noted` runs when nothing stands against it and before it holds.
    Raises NoSuchMessage, NotDead."""
    with transaction(user_id=by, group_id=group) as own:
        row: Outbox | PlatformOutbox | None
        if group:
            row = session().scalar(sa.select(Outbox).where(Outbox.id == message_id).with_for_update())
        else:
            row = platform().get(PlatformOutbox, message_id, with_for_update=True)
        if row is None:
            raise NoSuchMessage
        revive(row)
        if group:
            record("retry", "job", row.id, by=None, after={"kind": row.kind, "by": "platform staff"})
        own.flush()
        noted()
