"""Counting how large a group is and how it fares, inside the group, so that staff need not look inside to see it."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.audit.models import AuditEvent
from app.core.db import session
from app.core.mail import MailMessage
from app.core.outbox import Outbox
from app.core.tenancy import Base
from app.groups.queries import places_taken
from app.ledgers.models import LedgerHead
from app.operations.models import ProofRun
from app.staff.models import GroupFigures

WEIGHED_EVERY = timedelta(days=1)  # summing up bytes reads every row of the group
_LOST = ("failed", "bounced", "unknown")


def count(now: datetime) -> None:
    """Write down the figures of the chosen group as they are now; what did not change is written all the same."""
    known = session().get(GroupFigures, session().group_id)
    values = _counted() | {"counted_at": now}
    if known is None or known.weighed_at + WEIGHED_EVERY <= now:
        values |= {"bytes": _bytes(), "weighed_at": now}
    else:
        values |= {"bytes": known.bytes, "weighed_at": known.weighed_at}
    write = postgresql.insert(GroupFigures).values(group_id=session().group_id, **values)
    # One row of the group, whoever counts: two clocks at once must not collide.
    session().connection().execute(write.on_conflict_do_update(index_elements=["group_id"], set_=values))


def _counted() -> dict[str, Any]:
    proof = session().execute(
        sa.select(ProofRun.proved_at, ProofRun.fault_count).order_by(ProofRun.day.desc()).limit(1)
    )
    proved_at, faults = next(iter(proof.all()), (None, None))
    return {
        "members": places_taken(),
        "entries": session().scalar(sa.select(LedgerHead.number)) or 0,
        "last_activity_at": session().scalar(
            sa.select(AuditEvent.at)
            .where(AuditEvent.member_id.is_not(None))
            .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
            .limit(1)
        ),
        "dead_letters": _how_many(Outbox, Outbox.dead_at.is_not(None)),
        "lost_mails": _how_many(MailMessage, MailMessage.state.in_(_LOST)),
        "proved_at": proved_at,
        "proof_faults": faults,
    }


def _how_many(table: type[Any], which: sa.ColumnElement[bool]) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(table).where(which)) or 0


def _bytes() -> int:
    """What the group's rows take up in every table that knows groups; row-level security shows its own only."""
    tables = [table for table in Base.metadata.sorted_tables if "group_id" in table.c and table.name != "secret_digest"]
    weighed = sa.union_all(*(_size(table) for table in tables)).subquery()
    total = sa.select(sa.func.coalesce(sa.func.sum(weighed.c.size), 0))
    return int(session().scalar(total, execution_options={"core_ok": True}) or 0)


def _size(table: sa.Table) -> sa.Select[Any]:
    row: sa.ColumnElement[Any] = sa.literal_column(f'"{table.name}"')  # the whole row, as the database keeps it
    size = sa.func.coalesce(sa.func.sum(sa.func.pg_column_size(row)), 0).label("size")
    return sa.select(size).select_from(table)
