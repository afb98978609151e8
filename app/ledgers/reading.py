"""What an address asks of a list of entries; whatever cannot be meant is not asked."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core.rooms import rooms
from app.ledgers.chart import PostingKind
from app.ledgers.rules import Filter

LARGEST = 10**15


def filter_of(asked: Mapping[str, str]) -> Filter:
    """The filter in a query string: kind, from, to, account, and q for a number."""
    kind, number = asked.get("kind", ""), asked.get("q", "").strip().lstrip("#")
    return Filter(
        kind=kind if kind in set(PostingKind) else None,
        first=day_of(asked.get("from", "")),
        last=day_of(asked.get("to", "")),
        account_id=_id(asked.get("account", "")),
        number=int(number) if number.isascii() and number.isdecimal() and int(number[:16]) <= LARGEST else None,
    )


def kept(wanted: Filter) -> dict[str, Any]:
    """The same filter as arguments of an address, for the pages before and after."""
    told = {
        "kind": wanted.kind,
        "from": wanted.first,
        "to": wanted.last,
        "account": wanted.account_id,
        "q": wanted.number,
    }
    return {name: value for name, value in told.items() if value is not None}


def day_of(text: str) -> date | None:
    """The day written "2026-11-02", else None; also for years in which no group kept books."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and 1900 <= day.year <= 9998 else None


def record_url(kind: str | None, record_id: uuid.UUID | None) -> str | None:
    """The page of the record that an entry comes from, when a room gives it one."""
    if kind is None or record_id is None:
        return None
    return next((room.records[kind](record_id) for room in rooms() if kind in room.records), None)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) <= 36 else None
    except ValueError:
        return None
