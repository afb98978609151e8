"""Paging by key: the next page starts after the last row seen, so page 1,000 costs what page 1 does."""

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask import g, request, url_for

from app.web.api.blueprint import is_api
from app.web.api.errors import BadCursor

Row = TypeVar("Row")
PAGE = 25
_LONGEST = 600
_BIGINT = 2**63


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """A page of rows, and the cursors of the pages before and after it (None at an end)."""

    rows: Sequence[Row]
    before: str | None
    after: str | None

    def urls(self, endpoint: str, **kept: Any) -> tuple[str | None, str | None]:
        """The addresses of the previous and the next page, keeping filters that are set."""
        kept = {name: value for name, value in kept.items() if value not in (None, "")}
        back = url_for(endpoint, before=self.before, **kept) if self.before else None
        on = url_for(endpoint, after=self.after, **kept) if self.after else None
        return back, on


@dataclass(frozen=True)
class Cursor:
    """Where to go on, in which direction."""

    values: tuple[Any, ...]
    backwards: bool = False


def asked(*kinds: type) -> Cursor | None:
    """The cursor in this request's address (`after` or `before`), or None for the first page or a broken one.

    `kinds` are the types of the key's parts: str, int, date, datetime, uuid.UUID. A person with a broken one starts
    anew; a program is told (BadCursor), or it would read the first page for ever.
    """
    for name in ("after", "before"):
        if text := request.args.get(name):
            values = _read(text, kinds)
            if values is None and is_api():
                raise BadCursor(field=name)
            return Cursor(values, backwards=name == "before") if values else None
    return None


def write(values: Sequence[Any]) -> str:
    """A key as text for an address."""
    plain = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(text: str, kinds: Sequence[type]) -> tuple[Any, ...] | None:
    if len(text) > _LONGEST:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(plain, list) or len(plain) != len(kinds) or "\0" in "".join(plain):
            return None
        return tuple(_value(kind, value) for kind, value in zip(kinds, plain, strict=True))
    except (ValueError, TypeError, binascii.Error):
        return None


def _value(kind: type, text: str) -> Any:
    if kind is datetime:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError("an instant has a zone")
        return instant
    if kind is date:
        return date.fromisoformat(text)
    if kind is int and abs(int(text)) >= _BIGINT:
        raise ValueError("no such number in the database")
    return uuid.UUID(text) if kind is uuid.UUID else kind(text)


def slice_of(
    fetch: Callable[[sa.Select[Any]], Sequence[Row]],
    statement: sa.Select[Any],
    *,
    by: Sequence[Any],
    key: Callable[[Row], Sequence[Any]],
    at: Cursor | None = None,
    newest_first: bool = False,
    size: int | None = None,
) -> Slice[Row]:
    """One page of a statement. `by` are the columns of its order, all in one direction, together unique.

    `fetch` runs the statement; `key` gives the values of `by` for a row; `size` is that of the page of a screen, unless
    a program asked for another.
    """
    size = g.get("page_size") or size or PAGE
    backwards = at is not None and at.backwards
    descending = newest_first is not backwards
    columns = sa.tuple_(*by)
    if at is not None:
        place = sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(at.values, by, strict=True)))
        statement = statement.where(columns < place if descending else columns > place)
    order = [column.desc() if descending else column.asc() for column in by]
    found = list(fetch(statement.order_by(*order).limit(size + 1)))
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    earlier = more if backwards else at is not None
    later = at is not None if backwards else more
    return Slice(
        rows,
        write(key(rows[0])) if rows and earlier else None,
        write(key(rows[-1])) if rows and later else None,
    )
