"""Rows for a person's own export: plain values of a table's columns, without what is a secret or sealed."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from app.core.db import platform, session
from app.core.tenancy import Base, Owned

Words = Mapping[str, Callable[[Any], Any]]


def rows_of(
    model: type[Base], *where: sa.ColumnElement[bool], without: tuple[str, ...] = (), words: Words | None = None
) -> list[dict[str, Any]]:
    """The rows of a table as mappings, in the order of their keys.

    Bytes are left out: they are digests, secrets, or sealed. `words` names what is read from a row in their place.
    """
    inside = session() if issubclass(model, Owned) else platform()
    mapper = sa.inspect(model)
    hidden = {"group_id", "xact", *without}
    shown = [
        attribute.key
        for attribute in mapper.column_attrs
        if attribute.key not in hidden and not isinstance(attribute.columns[0].type, sa.LargeBinary)
    ]
    found = inside.scalars(sa.select(model).where(*where).order_by(*mapper.primary_key))
    return [
        {name: getattr(row, name) for name in shown} | {name: read(row) for name, read in (words or {}).items()}
        for row in found
    ]
