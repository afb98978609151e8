"""Rows of the chosen group: one read by its id, many written by one statement."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from app.core.db import session
from app.core.errors import DomainError
from app.core.tenancy import Base, Tenant

Row = TypeVar("Row", bound=Tenant)


def row_with(model: type[Row], row_id: uuid.UUID, missing: Callable[[], DomainError]) -> Row:
    """The row of a table with this id. Raises what `missing` makes when the chosen group has none."""
    found = session().scalar(sa.select(model).where(model.id == row_id))
    if found is None:
        raise missing()
    return found


def insert_at_once(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one table, each with the same columns; what was added to the session before goes first.

    A list given to `execute` is sent row by row: a trigger that looks after each statement would see parts of it.
    """
    if not rows:
        return
    session().flush()
    kinds = sa.inspect(model).columns
    columns = {name: _many([row[name] for row in rows], kinds[name].type) for name in rows[0]}
    written = sa.insert(model).from_select(list(columns), sa.select(*columns.values()))
    session().connection().execute(written)  # row-level security checks it as it would check objects


def _many(values: Sequence[Any], kind: Any) -> sa.ColumnElement[Any]:
    return sa.func.unnest(sa.bindparam(None, list(values), type_=sa.ARRAY(kind), unique=True))
