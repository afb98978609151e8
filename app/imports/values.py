"""Days, instants and amounts as files write them; what could be read in two ways is refused, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from app.core import money, periods
from app.core.errors import Invalid

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})",
        r"(?P<d>\d{1,2})[-/ ](?P<m>[a-z]{3,9})\.?[-/, ]+(?P<y>\d{4})",
        r"(?P<m>[a-z]{3,9})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})",
    )
)
_TIME = re.compile(
    r"[T, ]+(?P<h>\d{1,2}):(?P<min>\d{2})(:(?P<s>\d{2})(\.\d+)?)?\s*(?P<half>[ap]m)?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_YEARS = range(1900, 2101)

_LOSS = re.compile(r"\((?P<brackets>[^()-]+)\)|(?P<behind>[^()-]+)-")
# English writing first; a figure that is none in English may be one elsewhere, and then there is no second reading.
_WRITINGS = ("en", "de", "fr")


class BadDay(Invalid):
    """Not a day, or a day written in a way that could mean two."""

    code = "bad_day"
    sentence = _("This is not a day. Write it like 2026-01-31 or 31/01/2026.")


class BadInstant(Invalid):
    """Not a day with or without a time."""

    code = "bad_instant"
    sentence = _("This is not a day and time. Write it like 2026-01-31 17:05.")


def day(text: str) -> date:
    """A day in ISO form, day first, or with the month's English name; raises `BadDay`."""
    found, rest = _day(text.strip())
    if found is None or rest:
        raise BadDay
    return found


def instant(text: str, zone: ZoneInfo) -> datetime:
    """An aware instant in the zone; a day alone is its first instant, which is inside whatever ends that day.

    Raises `BadInstant`.
    """
    found, rest = _day(text.strip())
    if found is None:
        raise BadInstant
    if not rest:
        return periods.instant_of(found, zone).astimezone(zone)
    told = _TIME.fullmatch(rest)
    if not told:
        raise BadInstant
    try:
        at = datetime.combine(found, _time(told))
    except ValueError as error:
        raise BadInstant from error
    return _in_zone(at, told["offset"], zone)


def checked_day(year: int, month: int, day_: int) -> date:
    """A day of a year that anybody may mean; raises ValueError for none."""
    if year not in _YEARS:
        raise ValueError("no year of a bank")
    return date(year, month, day_)


def _day(text: str) -> tuple[date | None, str]:
    """The day at the beginning of a text, and what follows it."""
    for pattern in _DAYS:
        found = pattern.match(text)
        if found:
            month = found["m"] if found["m"].isdigit() else _month(found["m"])
            try:
                result = date(int(found["y"]), int(month), int(found["d"]))
            except ValueError:
                return None, text
            rest = text[found.end() :]
            return (None if result.year not in _YEARS or rest[:1].isdigit() else result), rest
    return None, text


def _month(name: str) -> int:
    short = name[:3].casefold()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _time(told: re.Match[str]) -> time:
    hour, half = int(told["h"]), (told["half"] or "").casefold()
    if half and not 1 <= hour <= 12:
        raise ValueError("the clock of a half day shows 1 to 12")
    return time(hour % 12 + 12 * (half == "pm") if half else hour, int(told["min"]), int(told["s"] or 0))


def _in_zone(at: datetime, offset: str | None, zone: ZoneInfo) -> datetime:
    if not offset:
        return at.replace(tzinfo=zone)
    if offset in "Zz":
        return at.replace(tzinfo=UTC).astimezone(zone)
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return at.replace(tzinfo=timezone(-ahead if offset[0] == "-" else ahead)).astimezone(zone)


def amount(text: str, currency: str) -> Decimal:
    """A signed amount as statements print it: `-197.00`, `197.00-`, `(197.00)`, `KES 1,152,500.00`, `5 000,00`.

    Raises `money.BadAmount`.
    """
    loss = _LOSS.fullmatch(text.strip())
    if loss:
        return -_amount(loss["brackets"] or loss["behind"], currency)
    return _amount(text, currency)


def _amount(text: str, currency: str) -> Decimal:
    for writing in _WRITINGS:
        try:
            return money.parse_amount(text, currency, locale=writing, allow_negative=True, allow_zero=True)
        except money.NotAnAmount:
            continue
    raise money.NotAnAmount
