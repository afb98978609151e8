"""Each night the books of every group are proved, and a row says so."""

import uuid
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.core import clock
from app.core.alerts import Kind, raise_alert
from app.core.db import engine, session
from app.core.ids import new_id
from app.ledgers.heads import has_books, head
from app.ledgers.proof import prove
from app.operations.models import ProofRun
from app.operations.turns import store

JOB = "operations.prove"
BEGINS, SPREAD = timedelta(hours=1), timedelta(hours=3)  # after midnight, UTC
KEPT_FAULTS = 50
# The relay sees which messages are done, and nothing of what they found; the row of the proof is in the group.
_DONE = sa.text(f"SELECT group_id FROM outbox WHERE kind = '{JOB}' AND done_at > :since")  # noqa: S608  # our own word


def plan(now: datetime) -> None:
    """Store tonight's proofs that are not stored or done yet; whoever slept through the night does it by day."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if now < midnight + BEGINS:
        return
    begin = midnight + BEGINS
    store(JOB, period=now.date().isoformat(), begin=begin, spread=SPREAD, without=proved_since(begin))


def proved_since(since: datetime) -> set[uuid.UUID]:
    """The groups whose books were proved since then."""
    with engine("relay").connect() as connection:
        return set(connection.execute(_DONE, {"since": since}).scalars())


def prove_group(period: str) -> None:
    """Prove the chosen group's books for a day and write down what was found; broken ones raise an alert."""
    group_id = session().group_id
    checks = prove(group_id)
    faults = [f"{check.name}: {fault}" for check in checks for fault in check.faults]
    found = {
        "proved_at": clock.now(),
        "ok": not faults,
        "entries": head().number if has_books() and not faults else 0,
        "fault_count": len(faults),
        "faults": faults[:KEPT_FAULTS],
    }
    row = {"group_id": group_id, "id": new_id(), "day": date.fromisoformat(period), **found}
    session().connection().execute(postgresql.insert(ProofRun).values(row).on_conflict_do_nothing())
    if faults:
        raise_alert(Kind.BOOKS_BROKEN, about=f"group:{group_id}", key=f"{group_id}:{period}", faults=len(faults))
