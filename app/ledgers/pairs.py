"""A query of two columns as a dictionary."""

from typing import TypeVar

import sqlalchemy as sa

from app.core.db import session

K = TypeVar("K")
V = TypeVar("V")


def pairs(query: sa.Select[K, V]) -> dict[K, V]:
    """What the second column says by the first one; of equal keys the last row counts."""
    return {key: value for key, value in session().execute(query)}  # noqa: C416  # dict(rows) is not typed as one
