"""Places that a run of the worker frees, chunk by chunk: kept with its messages until those behind hear of it, once."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.core.outbox import Outbox
from app.exits import telling
from app.exits.models import ExitRequest
from app.exits.offering import FULFIL
from app.exits.rules import RequestKind
from app.exits.standing import Queued


def kept(gone: Sequence[Queued]) -> dict[str, str] | None:
    """What the message keeps after a chunk that is not the last: its run, and the first who gave up a place in it."""
    run, first = _so_far(gone)
    return {"run": str(run), "first": str(first.id)} if first else None


def tell(gone: Sequence[Queued]) -> None:
    """Once a run has come to its end: everybody behind the first who gave up a place in it is told of the new one."""
    run, first = _so_far(gone)
    if first:
        telling.moved(cause=run, behind=first)


def _so_far(gone: Sequence[Queued]) -> tuple[uuid.UUID, ExitRequest | None]:
    """The run and the first who gave up a place in it: one of these, or somebody of its earlier chunks.

    Messages that came together do the chunks of one run in turns. Each keeps what it saw; whichever comes to the end
    tells for all of them, and what the others keep of that run counts no more.
    """
    chunks = _earlier()
    ids = {uuid.UUID(chunk["first"]) for chunk in chunks}
    if gone:
        ids.add(min(gone, key=lambda one: one.order).request_id)
    found = session().scalars(sa.select(ExitRequest).where(ExitRequest.id.in_(ids))).all() if ids else []
    first = min(found, key=lambda row: (row.kind == RequestKind.WITHDRAWAL, row.sequence), default=None)
    return uuid.UUID(chunks[0]["run"]) if chunks else new_id(), first


def _earlier() -> list[dict[str, str]]:
    """What messages that are not done keep of a run of which nobody was told yet; there is one such run at a time."""
    unfinished = (Outbox.kind == FULFIL, Outbox.done_at.is_(None), Outbox.dead_at.is_(None))
    chunks = session().scalars(sa.select(Outbox.result).where(*unfinished, Outbox.result.is_not(None))).all()
    keys = [telling.moved_key(chunk["run"]) for chunk in chunks if chunk]
    told = set(session().scalars(sa.select(Outbox.key).where(Outbox.key.in_(keys)))) if keys else set()
    return [chunk for chunk in chunks if chunk and telling.moved_key(chunk["run"]) not in told]
