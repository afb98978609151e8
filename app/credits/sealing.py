"""Words typed about money of parties, sealed with the group’s key, so that an erasure can look for names in them."""

import uuid
from collections.abc import Callable

from app.core.db import session
from app.core.keys import open_for, seal_for


def sealed(text: str, place: str) -> bytes:
    """The words, sealed; `place` binds them to their row and column."""
    return seal_for(session().group_id, text, place)


def sealed_or_none(text: str | None, place: str) -> bytes | None:
    """The same, of words that may be missing."""
    return sealed(text, place) if text else None


def opened(words: bytes | None, place: str) -> str | None:
    """What was sealed, in clear; None where nothing was."""
    return open_for(session().group_id, words, place) if words else None


def place_of(table: str, column: str) -> Callable[[uuid.UUID], str]:
    """What the words of a column are bound to, by the id of their row."""
    return lambda row_id: f"{table}|{row_id}|{column}"
