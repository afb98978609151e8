"""A form that is sent twice: the second time finds what the first one entered, unless it says something else."""

from typing import Any, TypeVar

from app.registry.errors import SentOtherwise

Row = TypeVar("Row")


def said_the_same(row: Row, **told: Any) -> Row:
    """What was entered under a key before. Raises SentOtherwise when it does not say what is told now."""
    if any(getattr(row, name) != value for name, value in told.items()):
        raise SentOtherwise
    return row
