"""A worker inside a test's own transaction, and what it sent: the files of the mailbox, newest last."""

import uuid
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.db import platform, session, transaction
from app.core.draining import handle
from app.core.mail.transport import Mailbox
from app.core.outbox import Outbox, PlatformOutbox


def work(*groups: uuid.UUID) -> int:
    """Do what is due in these groups and outside any, as a worker would; returns the number of tries.

    A worker finds its work through the relay, another connection, which cannot see what a test will roll back.
    """
    tries = 0
    for group_id in (*groups, None):
        while found := [id_ for id_ in _due(group_id) if handle(group_id, id_)]:
            tries += len(found)
    return tries


def _due(group_id: uuid.UUID | None) -> list[Any]:
    table: Any = Outbox if group_id else PlatformOutbox
    with transaction(group_id=group_id):
        waiting = sa.select(table.id).where(
            table.done_at.is_(None), table.dead_at.is_(None), table.due_at <= clock.now()
        )
        return list((session() if group_id else platform()).scalars(waiting.order_by(table.due_at, table.id)))


def mails(*, to: str | None = None) -> list[EmailMessage]:
    """Every mail in the mailbox of this test process, or those to one address."""
    box = Mailbox(current_app.config["SETTINGS"].mailbox)
    found = [box.read(name) for name in reversed(box.names())]
    return [mail for mail in found if to is None or to == mail["To"].addresses[0].addr_spec]


def text(mail: EmailMessage) -> str:
    """The text part."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
