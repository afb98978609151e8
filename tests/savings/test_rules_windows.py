"""Windows: their instants, which to open next, and where a member stands in one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import periods
from app.core.periods import Frequency, Span
from app.savings import errors
from app.savings.rules import (
    PenaltyState,
    Window,
    WindowStatus,
    bounds,
    check_free,
    check_penalty_payment,
    check_waivable,
    concerns,
    containing,
    days_late,
    penalty_state,
    settled_at,
    status_of,
    windows_ahead,
    windows_to_open,
)
from tests.savings.making import NAIROBI, D, at, months, policy, window

TERMS = policy(minimum=D(2000))
MARCH = months(TERMS)[2]


def spans(terms, existing=(), **asked):
    return [(str(s.first), str(s.last), s.name) for s in windows_to_open(terms, list(existing), **asked)]


def made(terms, *found):
    return [
        window(name, Span(date.fromisoformat(first), date.fromisoformat(last), name), terms)
        for first, last, name in found
    ]


# Instants


def test_an_end_given_as_a_date_is_the_last_instant_of_that_day():
    starts_at, ends_at = bounds(date(2026, 3, 1), date(2026, 3, 31), NAIROBI)
    assert starts_at == at("2026-03-01 00:00")
    assert ends_at == at("2026-03-31 23:59:59.999999")


def test_an_end_given_as_an_instant_is_kept():
    assert bounds(date(2026, 3, 1), at("2026-03-31 12:00"), NAIROBI)[1] == at("2026-03-31 12:00")


def test_a_line_with_a_date_only_is_inside_on_the_end_date():
    starts_at, ends_at = bounds(date(2026, 3, 1), at("2026-03-31 08:00"), NAIROBI)
    assert starts_at <= periods.instant_of(date(2026, 3, 31), NAIROBI) <= ends_at
    assert MARCH.contains(periods.instant_of(date(2026, 3, 31), NAIROBI))


def test_a_window_does_not_end_before_it_starts():
    with pytest.raises(errors.WindowBackwards):
        bounds(date(2026, 3, 2), date(2026, 3, 1), NAIROBI)


def test_windows_do_not_overlap_by_a_microsecond():
    check_free(MARCH.ends_at + timedelta(microseconds=1), at("2026-04-30"), [MARCH])
    with pytest.raises(errors.WindowOverlaps) as refused:
        check_free(MARCH.ends_at, at("2026-04-30"), [MARCH])
    assert str(refused.value) == "This overlaps with window 2026-03. Windows cannot overlap."


def test_the_window_that_contains_an_instant_is_found():
    assert containing(at("2026-03-31 23:59:59.999999"), months(TERMS)) == MARCH
    assert containing(at("2030-01-01"), months(TERMS)) is None


def test_days_late_are_days_of_the_calendar_there():
    assert days_late(MARCH, at("2026-03-31 23:59:59.999999"), NAIROBI) == 0
    assert days_late(MARCH, at("2026-04-01 00:00"), NAIROBI) == 1
    assert days_late(MARCH, at("2026-05-01 23:00"), NAIROBI) == 31


def test_who_is_late_on_the_same_day_is_late_by_one():
    _, ends_at = bounds(date(2026, 3, 1), at("2026-03-31 12:00"), NAIROBI)
    noon = window("noon", Span(date(2026, 3, 1), date(2026, 3, 31), "noon"), TERMS)
    assert days_late(noon, ends_at, NAIROBI) == 0
    assert days_late(noon, noon.ends_at + timedelta(hours=1), NAIROBI) == 1


@pytest.mark.parametrize(
    ("joined", "left", "expected"),
    [
        ("2026-03-31", None, True),
        ("2026-04-01", None, False),
        ("2025-01-01", "2026-03-01", True),
        ("2025-01-01", "2026-02-28", False),
    ],
)
def test_nothing_is_expected_before_joining_or_after_leaving(joined, left, expected):
    left_on = date.fromisoformat(left) if left else None
    assert concerns(MARCH, NAIROBI, joined_on=date.fromisoformat(joined), left_on=left_on) is expected


# Which to open next


def test_the_first_window_is_the_one_of_the_day():
    assert spans(TERMS, through=date(2026, 11, 21)) == [("2026-11-01", "2026-11-30", "2026-11")]


def test_the_next_ones_follow_the_last_and_opening_twice_opens_nothing():
    existing = months(TERMS)
    assert spans(TERMS, existing, through=date(2026, 6, 30)) == []
    assert [s[2] for s in spans(TERMS, existing, through=date(2026, 8, 1))] == ["2026-07", "2026-08"]
    assert [s[2] for s in spans(TERMS, existing, through=date(2026, 6, 30), ahead=2)] == ["2026-07", "2026-08"]


def test_an_import_opens_past_ones_first():
    opened = spans(TERMS, months(TERMS), since=date(2025, 11, 15), through=date(2026, 6, 30))
    assert [s[2] for s in opened] == ["2025-11", "2025-12"]


def test_a_hole_is_filled_when_it_is_asked_for():
    existing = [w for w in months(TERMS) if w.name != "2026-03"]
    assert spans(TERMS, existing, since=date(2026, 1, 1), through=date(2026, 6, 1))[0][2] == "2026-03"


def test_flexible_windows_are_opened_by_officers():
    assert spans(policy(frequency=Frequency.FLEXIBLE), through=date(2026, 11, 21), ahead=3) == []


def test_a_new_day_stretches_the_next_window_instead_of_asking_twice():
    existing = made(TERMS, ("2026-01-01", "2026-01-31", "2026-01"))
    terms = policy(window_day=5)
    opened = spans(terms, existing, through=date(2026, 2, 2))
    assert opened == [("2026-02-01", "2026-03-04", "2026-02")]
    again = existing + made(terms, *opened)
    assert spans(terms, again, through=date(2026, 3, 5)) == [("2026-03-05", "2026-04-04", "2026-03")]


def test_a_new_length_begins_where_the_last_window_ended():
    existing = made(TERMS, ("2025-12-29", "2026-01-04", "2026-W01"))
    assert spans(TERMS, existing, through=date(2026, 1, 5)) == [("2026-01-05", "2026-02-28", "2026-02")]
    weekly = policy(frequency=Frequency.WEEKLY)
    assert spans(weekly, months(TERMS)[:1], through=date(2026, 2, 1)) == [("2026-02-01", "2026-02-08", "2026-W06")]


def test_past_windows_stretch_up_to_the_first_one():
    existing = made(TERMS, ("2026-01-15", "2026-02-14", "2026-01"))
    opened = spans(TERMS, existing, since=date(2025, 12, 1), through=date(2026, 2, 1))
    assert opened == [("2025-12-01", "2026-01-14", "2025-12")]


def test_a_hole_too_small_for_a_window_stays_one():
    existing = made(TERMS, ("2026-01-01", "2026-01-20", "a"), ("2026-02-10", "2026-02-28", "b"))
    assert spans(TERMS, existing, since=date(2026, 1, 1), through=date(2026, 2, 20)) == []


def test_a_name_that_an_officer_has_used_is_not_used_again():
    existing = made(TERMS, ("2026-01-01", "2026-01-31", "2026-02"))
    assert spans(TERMS, existing, through=date(2026, 2, 1)) == [("2026-02-01", "2026-02-28", "2026-02-01/2026-02-28")]


def test_a_mistyped_year_does_not_open_a_thousand_windows():
    with pytest.raises(errors.TooManyWindows):
        spans(policy(frequency=Frequency.WEEKLY), since=date(1926, 1, 1), through=date(2026, 1, 1))


def test_how_many_windows_an_amount_can_fill():
    assert windows_ahead(TERMS, D(12000)) == 3
    assert windows_ahead(policy(expected=D(0), maximum=D(500)), D(501)) == 2
    assert windows_ahead(policy(expected=D(0)), D(12000)) == 0
    assert windows_ahead(TERMS, D(10**12)) == 36


RULES = st.builds(
    lambda frequency, day: policy(frequency=frequency, window_day=day),
    st.sampled_from([Frequency.WEEKLY, Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY]),
    st.integers(1, 7),
)
SOME_DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@given(st.lists(st.tuples(RULES, SOME_DAYS, SOME_DAYS, st.integers(0, 2)), min_size=1, max_size=5))
def test_however_policies_change_windows_never_overlap_and_the_day_has_one(runs):
    existing: list[Window] = []
    for terms, since, through, ahead in runs:
        first, last = min(since, through), max(since, through)
        for name, opened in enumerate(windows_to_open(terms, existing, since=first, through=last, ahead=ahead)):
            fresh = window(f"{len(existing)}-{name}", opened, terms)
            check_free(fresh.starts_at, fresh.ends_at, existing)
            existing.append(fresh)
        assert windows_to_open(terms, existing, since=first, through=last, ahead=ahead) == ()
    assert all(opened.starts_at < opened.ends_at for opened in existing)


@given(RULES, SOME_DAYS, SOME_DAYS, st.sampled_from(["Africa/Nairobi", "Africa/Cairo", "America/New_York"]))
def test_from_since_through_every_day_is_in_one_window(terms, since, through, zone):
    first, last = min(since, through), max(since, through)
    terms = policy(frequency=terms.frequency, window_day=terms.window_day, zone=ZoneInfo(zone))
    windows = [window(s.name, s, terms) for s in windows_to_open(terms, [], since=first, through=last)]
    for day in (first, last, first + (last - first) / 2):
        for instant in (periods.start_of(day, terms.zone), periods.end_of(day, terms.zone)):
            assert [w.contains(instant) for w in windows].count(True) == 1


# Where a member stands


@pytest.mark.parametrize(
    ("paid", "now", "status", "missing", "late"),
    [
        (0, "2026-03-10", WindowStatus.PENDING, 2000, 0),
        (1000, "2026-03-31 23:59", WindowStatus.PARTIAL, 1000, 0),
        (1000, "2026-04-01 00:00", WindowStatus.OVERDUE, 1000, 1),
        (0, "2026-04-10", WindowStatus.OVERDUE, 2000, 10),
        (2000, "2026-04-10", WindowStatus.COMPLETED, 0, 0),
        (9000, "2026-03-10", WindowStatus.COMPLETED, 0, 0),
    ],
)
def test_a_status_follows_from_the_total_and_the_time(paid, now, status, missing, late):
    stands = status_of(MARCH, paid=D(paid), now=at(now), zone=NAIROBI)
    assert (stands.status, stands.missing, stands.days_late) == (status, missing, late)
    assert (stands.expected, stands.actual, stands.variance) == (D(5000), D(paid), D(paid - 5000))


def test_without_a_minimum_what_is_expected_is_due():
    march = months(policy())[2]
    assert status_of(march, paid=D(4999), now=at("2026-04-10"), zone=NAIROBI).status is WindowStatus.OVERDUE
    assert status_of(march, paid=D(5000), now=at("2026-04-10"), zone=NAIROBI).status is WindowStatus.COMPLETED


def test_where_nothing_is_expected_nobody_is_late():
    march = months(policy(expected=D(0)))[2]
    assert status_of(march, paid=D(0), now=at("2026-04-10"), zone=NAIROBI).status is WindowStatus.COMPLETED


def test_waived_is_neither_due_nor_late():
    stands = status_of(MARCH, paid=D(500), now=at("2026-04-10"), zone=NAIROBI, waived=True)
    assert stands.status is WindowStatus.WAIVED
    assert (stands.expected, stands.missing, stands.variance) == (D(0), D(0), D(500))
    assert stands.days_late == 0
    with pytest.raises(errors.NothingToWaive):
        check_waivable(stands)


def test_what_is_missing_can_be_waived_and_what_is_met_cannot():
    check_waivable(status_of(MARCH, paid=D(500), now=at("2026-03-10"), zone=NAIROBI))
    with pytest.raises(errors.NothingToWaive):
        check_waivable(status_of(MARCH, paid=D(2000), now=at("2026-03-10"), zone=NAIROBI))


def test_days_late_stop_at_the_payment_that_met_the_window():
    payments = [(at("2026-04-09"), D(700)), (at("2026-03-05"), D(1000)), (at("2026-04-04"), D(1000))]
    met = settled_at(MARCH, payments)
    assert met == at("2026-04-04")
    stands = status_of(MARCH, paid=D(2700), now=datetime(2026, 11, 21, tzinfo=UTC), zone=NAIROBI, settled_at=met)
    assert (stands.status, stands.days_late) == (WindowStatus.COMPLETED, 4)
    assert settled_at(MARCH, payments[:1]) is None


# Penalties


@pytest.mark.parametrize(
    ("paid", "more", "state"),
    [
        (0, {}, PenaltyState.LEVIED),
        (99, {}, PenaltyState.LEVIED),
        (100, {}, PenaltyState.PAID),
        (40, {"waived": True}, PenaltyState.WAIVED),
        (100, {"reversed_": True}, PenaltyState.REVERSED),
    ],
)
def test_a_penalty_is_levied_then_paid_or_waived(paid, more, state):
    assert penalty_state(D(100), paid=D(paid), **more) is state


def test_a_penalty_takes_no_more_than_is_owed_and_only_once():
    check_penalty_payment(PenaltyState.LEVIED, owed=D(60), offered=D(60), currency="KES")
    with pytest.raises(errors.MoreThanPenalty) as refused:
        check_penalty_payment(PenaltyState.LEVIED, owed=D(60), offered=D(61), currency="KES")
    assert str(refused.value) == "Only 60.00 is owed on this penalty."
    for state in (PenaltyState.PAID, PenaltyState.WAIVED, PenaltyState.REVERSED):
        with pytest.raises(errors.PenaltyNotOpen):
            check_penalty_payment(state, owed=D(0), currency="KES")
