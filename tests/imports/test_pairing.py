"""Which entry a line is: the same amount within days, and only where nothing else fits."""

import uuid
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.imports.pairing import NEAR, Point, pairs

A, B = uuid.UUID(int=1), uuid.UUID(int=2)


def point(n: int, day: int, amount: int = 100, member: uuid.UUID | None = None) -> Point:
    return Point(uuid.UUID(int=n), date(2026, 10, day), Decimal(amount), member)


def test_the_same_amount_within_three_days_is_the_same() -> None:
    assert pairs([point(1, 5)], [point(9, 8)]) == {point(1, 5).id: point(9, 8).id}
    assert pairs([point(1, 5)], [point(9, 9)]) == {}
    assert pairs([point(1, 5)], [point(9, 5, 101)]) == {}


def test_where_two_fit_neither_is_guessed() -> None:
    assert pairs([point(1, 5)], [point(8, 5), point(9, 5)]) == {}
    assert pairs([point(1, 5), point(2, 5)], [point(9, 5)]) == {}


def test_the_same_day_goes_before_a_near_one() -> None:
    found = pairs([point(1, 5), point(2, 6)], [point(8, 5), point(9, 6)])
    assert found == {uuid.UUID(int=1): uuid.UUID(int=8), uuid.UUID(int=2): uuid.UUID(int=9)}


def test_a_line_of_one_member_is_no_payment_of_another() -> None:
    assert pairs([point(1, 5, member=A)], [point(9, 5, member=B)]) == {}
    assert pairs([point(1, 5, member=A)], [point(9, 5)]) == {}
    assert pairs([point(1, 5)], [point(9, 5, member=B)]) != {}


points = st.builds(point, st.integers(1, 10**6), st.integers(1, 28), st.integers(1, 3))


@given(st.lists(points, max_size=8, unique_by=lambda p: p.id), st.lists(points, max_size=8, unique_by=lambda p: p.id))
def test_nothing_is_matched_twice_and_every_match_fits(lines: list[Point], movements: list[Point]) -> None:
    found = pairs(lines, movements)
    assert len(set(found.values())) == len(found)
    by_id = {m.id: m for m in movements}
    for line in lines:
        if line.id in found:
            other = by_id[found[line.id]]
            assert line.amount == other.amount
            assert abs(line.day - other.day) <= NEAR
