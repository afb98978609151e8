"""The one clock, so that a test can hold time still and a run can be replayed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

# Plain module state and no context variable: a held clock must be seen by the threads of a test server too.
_held: list[datetime] = []


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _held[-1] if _held else datetime.now(UTC)


def today(zone: ZoneInfo | str) -> date:
    """The calendar day that it is now in a zone."""
    return now().astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


@contextmanager
def held(at: datetime) -> Iterator[datetime]:
    """Within this block it is `at`, an aware instant; blocks may be nested."""
    if at.tzinfo is None:
        raise ValueError("the clock is held at an aware instant")
    _held.append(at.astimezone(UTC))
    try:
        yield _held[-1]
    finally:
        _held.pop()
