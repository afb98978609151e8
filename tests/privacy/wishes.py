"""Wishes to be forgotten whose two weeks are over: only who owns the tables can make time pass for them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

LONG_AGO = timedelta(days=20)
_MOVED = """
    WITH moved AS (UPDATE {wish} SET asked_at = asked_at - %s, due_at = due_at - %s WHERE asked_at >= %s RETURNING id)
    UPDATE {outbox} SET due_at = due_at - %s WHERE payload ->> 'erasure_id' IN (SELECT id::text FROM moved)"""


@contextmanager
def as_owner() -> Iterator[sa.Connection]:
    """A connection that no wall and no trigger holds; what is done is kept."""
    admin = sa.create_engine(current_app.config["SETTINGS"].database.admin, poolclass=sa.pool.NullPool)
    with admin.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection


@contextmanager
def long_ago() -> Iterator[None]:
    """What is asked for and committed within this block was asked for twenty days ago."""
    with as_owner() as connection:
        begun = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    yield
    with as_owner() as connection:
        for wish, outbox in (("person_erasure", "platform_outbox"), ("member_erasure", "outbox")):
            connection.exec_driver_sql(_MOVED.format(wish=wish, outbox=outbox), (LONG_AGO, LONG_AGO, begun, LONG_AGO))


def put(table: str, *, asked_at: datetime, due_at: datetime, **values: Any) -> uuid.UUID:
    """A row of `person_erasure` or `member_erasure` as the owner writes it, whatever its dates."""
    wish = uuid.uuid4()
    row = {"id": wish, "asked_at": asked_at, "due_at": due_at, **values}
    with as_owner() as connection:
        names = ", ".join(row)
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(row))})", tuple(row.values())
        )
    return wish
