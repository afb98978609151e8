"""A worker of its own process for one group and one moment, which may be killed in the middle of what it does."""

import sys
import uuid
from datetime import datetime

import sqlalchemy as sa
from flask import Flask

from app.config import Settings
from app.core import clock
from app.core.db import session, transaction
from app.core.draining import handle
from app.core.outbox import Outbox
from app.exits import scheduling
from app.exits.offering import FULFIL
from app.factory import create_app


def waiting(group_id: uuid.UUID) -> list[uuid.UUID]:
    """What the exit queue of a group was offered and nobody has looked at; other messages are mails and news."""
    with transaction(group_id=group_id):
        open_ = sa.select(Outbox.id).where(Outbox.kind == FULFIL, Outbox.done_at.is_(None))
        return list(session().scalars(open_.order_by(Outbox.due_at, Outbox.id)))


def work(group_id: uuid.UUID) -> None:
    """Do all of it, one message after the other; then what the clock finds, such as an exit that can be closed now."""
    for message_id in waiting(group_id):
        handle(group_id, message_id)
    with transaction(group_id=group_id):
        scheduling.plan(clock.now())
    for message_id in waiting(group_id):
        handle(group_id, message_id)


def main(group_id: str, moment: str) -> None:
    """The same as a process, at a moment of the group's own time."""
    app: Flask = create_app(Settings.from_env())
    with app.app_context(), clock.held(datetime.fromisoformat(moment)):
        work(uuid.UUID(group_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
