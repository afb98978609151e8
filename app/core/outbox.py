"""What must happen next, stored in the transaction of what happened; a job is only a wake-up to come and look."""

import uuid
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.db import after_commit, platform, session
from app.core.ids import new_id
from app.core.jobs import wake
from app.core.tenancy import Base, Tenant

Row = TypeVar("Row", bound=Base)


class _Message:
    """The columns of a message, in a group or outside any."""

    key: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())


class Outbox(Tenant, _Message, Base):
    """A message of a group."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "key"),
        sa.Index("ix_outbox_due", "due_at", postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL")),
        sa.Index("ix_outbox_dead", "dead_at", postgresql_where=sa.text("dead_at IS NOT NULL")),
        sa.Index("ix_outbox_proved", "done_at", postgresql_where=sa.text("kind = 'operations.prove'")),  # asked often
    )


class PlatformOutbox(_Message, Base):
    """A message about a person outside any group: a confirmation, a reset."""

    __tablename__ = "platform_outbox"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.Index("ix_platform_outbox_due", "due_at", postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL")),
        sa.Index("ix_platform_outbox_dead", "dead_at", postgresql_where=sa.text("dead_at IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


def once(inside: Session, table: type[Row], **values: Any) -> Row:
    """Insert a row unless one with its key is there, and return the one that is; safe against a twin at this moment."""
    inside.flush()
    inside.connection().execute(postgresql.insert(table).values(**values).on_conflict_do_nothing())
    key = sa.select(table).where(table.key == values["key"])  # type: ignore[attr-defined]  # every table given here has one
    return inside.scalars(key).one()


def soonest() -> sa.ColumnElement[datetime]:
    """Now, by this clock or the database's, whichever is earlier: a clock that ran ahead must not make work wait."""
    return sa.func.least(clock.now(), sa.func.clock_timestamp(), type_=sa.DateTime(timezone=True))


def later(kind: str, *, key: str, due: datetime | None = None, total: int | None = None, **payload: Any) -> Outbox:
    """Store a message of the chosen group, once for each key, and wake a worker after the commit.

    `payload` is JSON: ids and plain values, never a secret or a name. `total` is the number of steps of a long run.
    """
    group_id = session().group_id
    told = {"kind": kind, "payload": payload, "due_at": due or soonest(), "total": total}
    row = once(session(), Outbox, group_id=group_id, id=new_id(), key=key, **told)
    after_commit(wake)
    return row


def later_for_person(kind: str, *, key: str, due: datetime | None = None, **payload: Any) -> PlatformOutbox:
    """Store a message outside any group, once for each key, and wake a worker after the commit."""
    told = {"kind": kind, "payload": payload, "due_at": due or soonest()}
    row = once(platform(), PlatformOutbox, id=new_id(), key=key, **told)
    after_commit(wake)
    return row
