"""Windows: when they begin and end, which one contains an instant, and which to open next so that none overlap."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from math import ceil
from zoneinfo import ZoneInfo

from app.core.periods import DAY, Frequency, Span, day_in, end_of, next_span, span_of, start_of
from app.savings.errors import TooManyWindows, WindowBackwards, WindowOverlaps
from app.savings.rules.terms import ZERO, SavingsPolicy

# Weekly windows of twenty years: more in one go is a mistyped date.
MOST_AT_ONCE = 1_100
# An amount mistyped by some zeros must not open windows for a lifetime.
MOST_AHEAD = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time for saving, both instants inclusive, with the terms it was opened under."""

    id: uuid.UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    expected: Decimal
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None

    @property
    def due(self) -> Decimal:
        """What a member must have paid for the window to be met: the minimum, or without one what is expected."""
        return self.minimum or self.expected

    def contains(self, at: datetime) -> bool:
        """Whether an instant lies in it, its first and its last included."""
        return self.starts_at <= at <= self.ends_at


def opened(span: Span, policy: SavingsPolicy, window_id: uuid.UUID) -> Window:
    """The window that a span becomes when it is opened under a policy."""
    return Window(
        id=window_id,
        name=span.name,
        starts_at=start_of(span.first, policy.zone),
        ends_at=end_of(span.last, policy.zone),
        expected=policy.expected,
        minimum=policy.minimum,
        maximum=policy.maximum,
    )


def bounds(start: date, end: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants of a window typed by hand, as dates or aware datetimes: an end date means the last of that day.

    Raises WindowBackwards.
    """
    starts_at = start.astimezone(UTC) if isinstance(start, datetime) else start_of(start, zone)
    ends_at = end.astimezone(UTC) if isinstance(end, datetime) else end_of(end, zone)
    if ends_at <= starts_at:
        raise WindowBackwards(field="end")
    return starts_at, ends_at


def check_free(starts_at: datetime, ends_at: datetime, existing: Iterable[Window]) -> None:
    """Raises WindowOverlaps, naming the window, when the time is not free."""
    for window in existing:
        if starts_at <= window.ends_at and window.starts_at <= ends_at:
            raise WindowOverlaps(name=window.name)


def in_order(windows: Iterable[Window]) -> list[Window]:
    """The windows from the earliest on."""
    return sorted(windows, key=lambda window: window.starts_at)


def containing(at: datetime, windows: Iterable[Window]) -> Window | None:
    """The window that contains an instant, if one does; they never overlap."""
    return next((window for window in windows if window.contains(at)), None)


def days_late(window: Window, at: datetime, zone: ZoneInfo) -> int:
    """Calendar days in the zone from the window's end to a later instant, at least 1; 0 up to the end."""
    if at <= window.ends_at:
        return 0
    return max(1, (day_in(zone, at) - day_in(zone, window.ends_at)).days)


def concerns(
    window: Window,
    zone: ZoneInfo,
    *,
    joined_on: date,
    left_on: date | None = None,
    leaving_since: datetime | None = None,
) -> bool:
    """Whether something is expected in a window of someone who joined, and perhaps left or asked to, at these times."""
    if day_in(zone, window.ends_at) < joined_on or not still_asks(window, leaving_since):
        return False
    return left_on is None or left_on >= day_in(zone, window.starts_at)


def still_asks(window: Window, leaving_since: datetime | None) -> bool:
    """Whether a window was over when somebody asked to leave: in all others nothing is due of them any more."""
    return leaving_since is None or window.ends_at < leaving_since


def asked_of(window: Window, leaving_since: datetime | None) -> Window:
    """A window as it is for someone who perhaps asked to leave: nothing is expected in those that were not over."""
    return window if still_asks(window, leaving_since) else replace(window, expected=ZERO, minimum=ZERO)


def windows_to_open(
    policy: SavingsPolicy,
    existing: Sequence[Window],
    *,
    through: date,
    since: date | None = None,
    ahead: int = 0,
) -> tuple[Span, ...]:
    """The spans to open so that each day from `since` through `through` has its window, and `ahead` more after them.

    Without `since`, from the end of the last window. Existing windows stay as they are. Where a change of policy has
    left a part of a span, it joins the whole span beside it, since nobody owes a whole contribution for a few days.
    Flexible windows are opened by officers: nothing. Raises TooManyWindows.
    """
    if policy.frequency is Frequency.FLEXIBLE:
        return ()
    taken = [(day_in(policy.zone, w.starts_at), day_in(policy.zone, w.ends_at)) for w in in_order(existing)]
    first = since or (min(through, taken[-1][1] + DAY) if taken else through)
    gaps = _gaps(taken, *_horizon(policy, first, through, ahead))
    names = {window.name for window in existing}
    return tuple(_renamed(span, names) for gap in gaps for span in _fill(gap, policy))


def windows_ahead(policy: SavingsPolicy, amount: Decimal) -> int:
    """How many windows an amount can fill at most, spread or paid ahead: what to open when a plan lacks windows."""
    each = policy.expected or policy.maximum
    return min(MOST_AHEAD, ceil(amount / each)) if each else 0


@dataclass(frozen=True, slots=True)
class _Gap:
    """Free days: `wanted` is the last that is to be covered, `limit` the last before a taken one, if one follows."""

    first: date
    wanted: date
    limit: date | None


def _horizon(policy: SavingsPolicy, first: date, last: date, ahead: int) -> tuple[date, date]:
    """From the start of the first day's span through the last day, or through the last of the spans ahead."""
    frequency, day = policy.frequency, policy.window_day
    begin = span_of(frequency, day, first)
    if (last - first).days > MOST_AT_ONCE * begin.days:
        raise TooManyWindows(limit=MOST_AT_ONCE)
    for _more in range(ahead):
        last = next_span(frequency, day, span_of(frequency, day, last)).last
    return begin.first, last


def _gaps(taken: Iterable[tuple[date, date]], first: date, last: date) -> Iterator[_Gap]:
    for begins, ends in taken:
        if first > last:
            return
        if begins > first:
            yield _Gap(first, min(last, begins - DAY), limit=begins - DAY)
        first = max(first, ends + DAY)
    if first <= last:
        yield _Gap(first, last, limit=None)


def _fill(gap: _Gap, policy: SavingsPolicy) -> list[Span]:
    """The whole spans that fit, the first and the last of them stretched over the days beside them that do not."""
    span = span_of(policy.frequency, policy.window_day, gap.first)
    if span.first < gap.first:
        span = next_span(policy.frequency, policy.window_day, span)
    spans: list[Span] = []
    while (span.first <= gap.wanted or not spans) and (gap.limit is None or span.last <= gap.limit):
        spans.append(span)
        span = next_span(policy.frequency, policy.window_day, span)
    if spans:
        spans[0] = replace(spans[0], first=gap.first)
        if gap.limit is not None and span.last > gap.limit:
            spans[-1] = replace(spans[-1], last=gap.limit)
    return spans


def _renamed(span: Span, taken: set[str]) -> Span:
    """The span under a name that no officer has given to a window of theirs."""
    return replace(span, name=f"{span.first}/{span.last}") if span.name in taken else span
