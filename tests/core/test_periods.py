"""Months, days in a zone and the spans of a policy, with leap days and clocks that change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import periods
from app.core.periods import Frequency, Month, Span

NAIROBI = ZoneInfo("Africa/Nairobi")
NEW_YORK = ZoneInfo("America/New_York")
CAIRO = ZoneInfo("Africa/Cairo")
AZORES = ZoneInfo("Atlantic/Azores")
TICK = timedelta(microseconds=1)
DAYS = st.dates(date(1901, 1, 1), date(2200, 12, 31))
LENGTHS = {
    Frequency.WEEKLY: (7, 7),
    Frequency.MONTHLY: (28, 31),
    Frequency.QUARTERLY: (89, 92),
    Frequency.YEARLY: (365, 366),
}
RULES = st.sampled_from([f for f in Frequency if f is not Frequency.FLEXIBLE]).flatmap(
    lambda f: st.tuples(st.just(f), st.integers(1, periods.last_day_choice(f)))
)


def test_a_month_is_read_and_written():
    assert Month.parse("2026-01") == Month(2026, 1)
    assert str(Month(2026, 1)) == "2026-01"


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-00", "26-01", "2026-1", "2026-01-01", " 2026-01", "1899-12", "9999-01", "२०२६-०१"],
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(periods.BadMonth):
        Month.parse(text)


def test_a_month_knows_its_days_and_neighbours():
    february = Month(2028, 2)
    assert (february.first, february.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert Month(2100, 2).last == date(2100, 2, 28)
    assert (Month(2025, 12).next, Month(2026, 1).previous) == (Month(2026, 1), Month(2025, 12))
    assert Month(2026, 1).plus(-13) == Month(2024, 12)
    assert Month.of(date(2026, 5, 31)) == Month(2026, 5)
    assert date(2026, 5, 31) in Month(2026, 5)
    assert date(2025, 5, 31) not in Month(2026, 5)
    assert sorted([Month(2026, 2), Month(2025, 12)]) == [Month(2025, 12), Month(2026, 2)]


def test_a_day_is_counted_in_the_zone():
    at = datetime(2025, 12, 31, 21, 0, tzinfo=UTC)
    assert periods.day_in(NAIROBI, at) == date(2026, 1, 1)
    assert periods.day_in(NAIROBI, at - TICK) == date(2025, 12, 31)
    with pytest.raises(ValueError, match="aware"):
        periods.day_in(NAIROBI, datetime(2026, 1, 1))  # noqa: DTZ001  # the point


def test_a_day_ends_a_microsecond_before_midnight_there():
    end = periods.end_of(date(2026, 1, 31), NAIROBI)
    assert end.astimezone(NAIROBI).isoformat() == "2026-01-31T23:59:59.999999+03:00"
    assert periods.start_of(date(2026, 2, 1), NAIROBI) - end == TICK


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 8), NEW_YORK, 23),
        (date(2026, 11, 1), NEW_YORK, 25),
        (date(2026, 4, 24), CAIRO, 23),  # the clock jumps from midnight to one
        (date(2026, 10, 29), CAIRO, 25),  # midnight comes back to eleven
        (date(2026, 10, 25), AZORES, 25),  # the first hour is lived twice
        (date(2026, 10, 25), NAIROBI, 24),
    ],
)
def test_days_on_which_clocks_change_are_whole(day, zone, hours):
    start, end = periods.start_of(day, zone), periods.end_of(day, zone)
    assert end - start + TICK == timedelta(hours=hours)
    assert periods.day_in(zone, start) == periods.day_in(zone, end) == day
    assert periods.day_in(zone, start - TICK) == day - timedelta(days=1)
    assert end.astimezone(zone).time().isoformat() == "23:59:59.999999"


def test_where_only_the_day_is_known_its_first_instant_stands_for_it():
    assert periods.instant_of(date(2026, 1, 31), NAIROBI) == datetime(2026, 1, 30, 21, tzinfo=UTC)


def test_a_zone_is_known_by_its_name_only():
    assert periods.zone_named("Africa/Kampala").key == "Africa/Kampala"
    for name in ("", "Africa/Nowhere", "../../etc/passwd", "africa/kampala", "A" * 10_000, "a\x00b"):
        with pytest.raises(periods.UnknownZone):
            periods.zone_named(name)


@pytest.mark.parametrize(
    ("frequency", "day", "on", "expected"),
    [
        (Frequency.WEEKLY, 1, date(2026, 1, 1), Span(date(2025, 12, 29), date(2026, 1, 4), "2026-W01")),
        (Frequency.WEEKLY, 5, date(2026, 1, 1), Span(date(2025, 12, 26), date(2026, 1, 1), "2025-W52")),
        (Frequency.MONTHLY, 1, date(2026, 1, 31), Span(date(2026, 1, 1), date(2026, 1, 31), "2026-01")),
        (Frequency.MONTHLY, 5, date(2026, 1, 4), Span(date(2025, 12, 5), date(2026, 1, 4), "2025-12")),
        (Frequency.MONTHLY, 31, date(2026, 2, 27), Span(date(2026, 1, 31), date(2026, 2, 27), "2026-01")),
        (Frequency.MONTHLY, 31, date(2026, 2, 28), Span(date(2026, 2, 28), date(2026, 3, 30), "2026-02")),
        (Frequency.MONTHLY, 30, date(2028, 2, 29), Span(date(2028, 2, 29), date(2028, 3, 29), "2028-02")),
        (Frequency.QUARTERLY, 1, date(2026, 6, 30), Span(date(2026, 4, 1), date(2026, 6, 30), "2026-Q2")),
        (Frequency.QUARTERLY, 15, date(2026, 1, 14), Span(date(2025, 10, 15), date(2026, 1, 14), "2025-Q4")),
        (Frequency.YEARLY, 1, date(2026, 7, 1), Span(date(2026, 1, 1), date(2026, 12, 31), "2026")),
        (Frequency.YEARLY, 10, date(2026, 1, 9), Span(date(2025, 1, 10), date(2026, 1, 9), "2025")),
    ],
)
def test_the_span_of_a_day(frequency, day, on, expected):
    assert periods.span_of(frequency, day, on) == expected


@pytest.mark.parametrize(("frequency", "day"), [(Frequency.WEEKLY, 8), (Frequency.WEEKLY, 0), (Frequency.MONTHLY, 32)])
def test_a_day_that_no_span_can_begin_on_is_refused(frequency, day):
    with pytest.raises(periods.BadDayOfPeriod) as refused:
        periods.check_day(frequency, day, field="window_day")
    assert refused.value.field == "window_day"
    assert str(refused.value).startswith("Choose a day between 1 and")


def test_flexible_windows_follow_no_rule():
    with pytest.raises(ValueError, match="no rule"):
        periods.span_of(Frequency.FLEXIBLE, 1, date(2026, 1, 1))


@given(RULES, DAYS)
def test_spans_follow_each_other_without_gap_or_overlap(rule: tuple[Frequency, int], on):
    span = periods.span_of(*rule, on)
    following = periods.next_span(*rule, span)
    assert span.first <= on <= span.last
    assert following.first == span.last + timedelta(days=1)
    assert following.name != span.name
    shortest, longest = LENGTHS[rule[0]]
    assert shortest <= span.days <= longest


@given(RULES, DAYS, st.data())
def test_every_day_of_a_span_gives_the_same_span(rule: tuple[Frequency, int], on, data):
    span = periods.span_of(*rule, on)
    assert periods.span_of(*rule, data.draw(st.dates(span.first, span.last))) == span


@given(
    DAYS, st.sampled_from(["Africa/Nairobi", "Africa/Cairo", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"])
)
def test_instants_of_a_day_are_on_that_day(day, name):
    zone = periods.zone_named(name)
    assert periods.day_in(zone, periods.start_of(day, zone)) == day
    assert periods.end_of(day, zone) + TICK == periods.start_of(day + timedelta(days=1), zone)
