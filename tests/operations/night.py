"""A night on which everything is due, and the messages of a group carried out in it."""

import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.core.draining import handle
from app.core.outbox import Outbox

NIGHT = datetime(2026, 12, 7, 5, 30, tzinfo=UTC)  # a Monday, when proofs and heads are due everywhere


def do(group_id: uuid.UUID, kind: str) -> None:
    """Carry out the group's messages of a kind now, whenever they are due."""
    with transaction(group_id=group_id):
        wanted = sa.select(Outbox.id).where(Outbox.kind == kind, Outbox.done_at.is_(None))
        ids = list(session().scalars(wanted))
        session().execute(sa.update(Outbox).where(Outbox.id.in_(ids)).values(due_at=clock.now() - timedelta(seconds=1)))
    for message_id in ids:
        handle(group_id, message_id)
