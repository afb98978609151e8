"""Days, months and the spans of a savings policy, and the instants at which they begin and end in a zone."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid

TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)


class BadMonth(Invalid):
    """Not a month between the years 1900 and 9998."""

    code = "bad_month"
    sentence = _("Write a month like 2026-01.")


class UnknownZone(Invalid):
    """Not a zone of the time zone database."""

    code = "unknown_zone"
    sentence = _("There is no such time zone. Choose one from the list, such as Africa/Nairobi.")


class BadDayOfPeriod(Invalid):
    """A weekday outside 1 to 7, or a day of a month outside 1 to 31."""

    code = "bad_day_of_period"
    sentence = _("Choose a day between 1 and %(last)s.")


class Frequency(StrEnum):
    """How long the windows of a policy are; flexible ones are opened by hand."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    FLEXIBLE = "flexible"


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    def __post_init__(self) -> None:
        # The year after the last one must exist too, else `next` and the end of a day would fail far from here.
        if not (1900 <= self.year <= 9998 and 1 <= self.month <= 12):
            raise BadMonth

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written "2026-01". Raises BadMonth."""
        if (found := _MONTH.fullmatch(text)) is None:
            raise BadMonth
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month in which a day lies."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.day(31)

    @property
    def next(self) -> Month:
        """The month after it."""
        return self.plus(1)

    @property
    def previous(self) -> Month:
        """The month before it."""
        return self.plus(-1)

    def plus(self, months: int) -> Month:
        """The month so many months later, or earlier when negative. Raises BadMonth out of range."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def day(self, number: int) -> date:
        """The day with this number, or the last day where the month is shorter."""
        return date(self.year, self.month, min(number, calendar.monthrange(self.year, self.month)[1]))

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def zone_named(name: str) -> ZoneInfo:
    """The zone of this name. Raises UnknownZone."""
    # Asked of the list first: ZoneInfo would look the name up as a path.
    if name not in _zone_names():
        raise UnknownZone
    return ZoneInfo(name)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def day_in(zone: ZoneInfo, instant: datetime) -> date:
    """The calendar day on which an aware instant falls in a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant is aware of its zone")
    return instant.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, in UTC; right also where clocks skip or repeat midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last instant of a day in a zone, 23:59:59.999999 there, in UTC."""
    # Taken from the next day's start, so that nothing lies between two days however clocks change.
    return start_of(day + DAY, zone) - TICK


def instant_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant for something of which only the day is known, such as a line of a bank file.

    It is the first of the day, so that it is still inside a window that ends at any time of that day.
    """
    return start_of(day, zone)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Whole days, both inclusive, with a name such as 2026-01."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def last_day_choice(frequency: Frequency) -> int:
    """The greatest day on which windows of this length may begin: 7 for weeks (ISO, Monday is 1), 31 for months."""
    return 7 if frequency is Frequency.WEEKLY else 31


def check_day(frequency: Frequency, day: int, *, field: str | None = None) -> None:
    """Raises BadDayOfPeriod unless spans of this length may begin on this day."""
    last = last_day_choice(frequency)
    if not 1 <= day <= last:
        raise BadDayOfPeriod(field=field, last=last)


def span_of(frequency: Frequency, day: int, on: date) -> Span:
    """The span that contains a date, when spans begin on a day: of the week, or of the (first) month of the span.

    A day that a month does not have means its last. Raises BadDayOfPeriod; flexible spans have no rule (ValueError).
    """
    check_day(frequency, day)
    if frequency is Frequency.WEEKLY:
        return _week(on - timedelta(days=(on.isoweekday() - day) % 7))
    length = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}.get(frequency)
    if length is None:
        raise ValueError("flexible windows follow no rule")
    month = Month(on.year, (on.month - 1) // length * length + 1)
    return _months(month if month.day(day) <= on else month.plus(-length), length, day)


def next_span(frequency: Frequency, day: int, span: Span) -> Span:
    """The span that follows one of the same rule."""
    return span_of(frequency, day, span.last + DAY)


def _week(first: date) -> Span:
    year, week, _weekday = first.isocalendar()
    return Span(first, first + timedelta(days=6), f"{year}-W{week:02}")


def _months(month: Month, length: int, day: int) -> Span:
    names = {1: str(month), 3: f"{month.year}-Q{(month.month + 2) // 3}", 12: f"{month.year}"}
    return Span(month.day(day), month.plus(length).day(day) - DAY, names[length])
