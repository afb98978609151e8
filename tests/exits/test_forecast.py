"""When each request may be met, without a database."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.periods import Month
from app.exits.forecast import HORIZON, Basis, basis, estimate, estimates

D = Decimal
TODAY = date(2026, 11, 21)
YEAR = Basis(D(1_200_000), Month(2025, 11), Month(2026, 10))
AMOUNTS = st.decimals(min_value=D("0.01"), max_value=D(10) ** 9, places=2)


def month(text: str) -> Month:
    return Month.parse(text)


def test_the_last_twelve_whole_months_count_and_the_one_that_runs_does_not() -> None:
    told = [
        (date(2025, 10, 31), D(1)),  # too long ago
        (date(2025, 11, 1), D(10)),
        (date(2026, 10, 31), D(100)),
        (date(2026, 11, 1), D(1000)),  # not over yet
    ]
    found = basis(told, since=date(2020, 1, 1), today=TODAY)
    assert (found.first, found.last, found.months, found.total) == (month("2025-11"), month("2026-10"), 12, D(110))


def test_months_before_anybody_asked_do_not_make_the_pace_slower() -> None:
    found = basis([(date(2026, 9, 5), D(600))], since=date(2026, 8, 20), today=TODAY)
    assert (found.first, found.months, found.a_month) == (month("2026-08"), 3, Fraction(200))


@pytest.mark.parametrize("since", [TODAY, date(2026, 11, 1), date(2027, 1, 1)])
def test_where_no_month_is_whole_yet_the_one_that_runs_counts(since: date) -> None:
    found = basis([(TODAY, D(500))], since=since, today=TODAY)
    assert (found.first, found.last, found.months, found.total) == (month("2026-11"), month("2026-11"), 1, D(500))


def test_a_request_is_met_when_all_before_it_and_itself_has_come_in() -> None:
    found = estimates([D(400_000), D(100_000), D("0.01")], D(300_000), YEAR, today=TODAY)
    assert [row.need for row in found] == [D(100_000), D(200_000), D("200000.01")]
    assert [str(row.month) for row in found] == ["2026-12", "2027-01", "2027-02"]
    assert [str(row.slower) for row in found] == ["2027-01", "2027-03", "2027-04"]


def test_what_is_set_aside_already_is_there_now() -> None:
    (found,) = estimates([D(300)], D(300), YEAR, today=TODAY)
    assert (found.need, found.month, found.slower) == (D(0), month("2026-11"), month("2026-11"))


def test_without_a_pace_nothing_is_estimated() -> None:
    nothing = Basis(D(0), Month(2026, 1), Month(2026, 10))
    assert estimate(D(1), nothing, today=TODAY).month is None
    assert estimate(D(0), nothing, today=TODAY).month == month("2026-11")


def test_beyond_ten_years_no_month_is_named() -> None:
    assert estimate(D(100_000) * HORIZON, YEAR, today=TODAY).month == month("2036-11")
    assert estimate(D(100_000) * HORIZON + 1, YEAR, today=TODAY).month is None
    assert estimate(D(100_000) * HORIZON, YEAR, today=TODAY).slower is None


def test_what_was_taken_back_makes_no_pace_below_nothing() -> None:
    found = basis([(date(2026, 10, 1), D(-5))], since=date(2026, 10, 1), today=TODAY)
    assert (found.total, estimate(D(1), found, today=TODAY).month) == (D(0), None)


@given(st.lists(AMOUNTS, min_size=1, max_size=12), AMOUNTS, AMOUNTS)
def test_nobody_is_met_before_those_ahead_nor_sooner_when_less_comes(opened: list[D], unspent: D, total: D) -> None:
    resting = Basis(total, Month(2025, 11), Month(2026, 10))
    found = estimates(opened, unspent, resting, today=TODAY)
    far = Month(9998, 12)
    assert [row.month or far for row in found] == sorted(row.month or far for row in found)
    assert all((row.month or far) <= (row.slower or far) for row in found)
    assert found[-1].need == max(sum(opened) - unspent, D(0))


@given(AMOUNTS, AMOUNTS, st.integers(1, 12))
def test_the_month_is_the_first_by_whose_end_enough_has_come_in(need: D, total: D, months: int) -> None:
    resting = Basis(total, Month(2026, 11).plus(-months), Month(2026, 10))
    found = estimate(need, resting, today=TODAY).month
    if found is None:
        assert need * months > total * HORIZON
        return
    waited = (found.year - 2026) * 12 + found.month - 11
    assert need * months <= total * waited
    assert need * months > total * (waited - 1)
