"""Who is entitled in a month: the examples of the spec, both ways to state shares, and every gap named."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.periods import Month
from app.rentals.errors import BadShare, BadTurn, OverWhole, PatternTooLong, TurnNotAsked
from app.rentals.rules import (
    Alternation,
    Gap,
    GapKind,
    Parts,
    Row,
    Terms,
    entitled,
    first_month,
    meet,
    month_at,
    over,
    pattern_length,
    place_of,
    plain,
)
from app.rentals.stating import Turn, check_rows, check_share, check_turn, named

D = Decimal
JAN, FEB, DEC = Month(2026, 1), Month(2026, 2), Month(2026, 12)
YEAR = [Month(2026, number) for number in range(1, 13)]
ODD, EVEN = ("odd_even", 1), ("odd_even", 2)


def row(code: str, share: Any, turn: tuple[Any, ...] = ("none",), **days: date) -> Row:
    alternation, position, length = (*turn, None, None)[:3]
    told = None if share is None else D(str(share))
    starts, ends = days.get("starts", date(2025, 1, 1)), days.get("ends")
    return Row(uuid.uuid4(), uuid.uuid4(), code, told, starts, ends, Alternation(alternation), length, position)


def shares(rows: list[Row], month: Month, anchor: Month | None = JAN) -> dict[str, str] | GapKind:
    found = entitled(rows, anchor, month)
    return found.kind if isinstance(found, Gap) else {part.owner_code: plain(part.percent) for part in found.parts}


def amounts(rows: list[Row], month: Month, total: str) -> dict[str, str]:
    found = entitled(rows, JAN, month)
    assert isinstance(found, Parts)
    split = found.amounts(D(total), D("0.01"))
    return {part.owner_code: str(split[part.assignment_id]) for part in found.parts}


def test_sixty_and_forty_of_a_thousand() -> None:
    assert amounts([row("A", 60), row("B", 40)], JAN, "1000.00") == {"A": "600.00", "B": "400.00"}


def test_thirds_of_a_hundred_add_up() -> None:
    assert amounts([row("A", "33.33"), row("B", "66.67")], JAN, "100.00") == {"A": "33.33", "B": "66.67"}


def test_the_odd_owner_takes_the_whole_of_january() -> None:
    rows = [row("A", 100, ODD), row("B", 100, EVEN)]
    assert amounts(rows, JAN, "500.00") == {"A": "500.00"}
    assert amounts(rows, FEB, "500.00") == {"B": "500.00"}


def test_halves_that_alternate_are_a_pool_for_whoever_has_the_turn() -> None:
    rows = [row("A", 50, ODD), row("B", 50, EVEN)]
    assert [shares(rows, month) for month in (JAN, FEB)] == [{"A": "100"}, {"B": "100"}]


def test_thirty_fixed_twenty_odd_and_ten_even_is_a_gap_in_every_month() -> None:
    rows = [row("A", 30), row("B", 20, ODD), row("C", 10, EVEN)]
    assert {shares(rows, month) for month in YEAR if isinstance(shares(rows, month), GapKind)} == {GapKind.SHARES}
    assert all(shares(rows, month) is GapKind.SHARES for month in YEAR)
    january = entitled(rows, JAN, JAN)
    assert isinstance(january, Gap)
    assert (january.turn, january.all) == (D(50), D(60))


def test_fifty_fixed_and_sixty_odd_is_refused_for_the_odd_months_by_name() -> None:
    rows = [row("A", 50, starts=date(2026, 1, 1)), row("B", 60, ODD, starts=date(2026, 1, 1))]
    assert [month.month for month in over(rows, JAN)] == [1, 3, 5, 7, 9, 11]
    with pytest.raises(OverWhole) as refused:
        check_rows(rows, JAN)
    assert "2026-01, 2026-03, 2026-05, 2026-07, 2026-09, 2026-11" in str(refused.value)


def test_fifty_fixed_and_fifty_in_turn() -> None:
    rows = [row("A", 50), row("B", 50, ODD), row("C", 50, EVEN)]
    assert shares(rows, JAN) == {"A": "50", "B": "50"}
    assert shares(rows, FEB) == {"A": "50", "C": "50"}


def test_an_empty_share_is_all_that_the_fixed_rows_leave() -> None:
    rows = [row("A", 30), row("B", None, ODD), row("C", None, EVEN)]
    assert shares(rows, JAN) == {"A": "30", "B": "70"}
    assert shares(rows, FEB) == {"A": "30", "C": "70"}


def test_december_is_even_and_the_january_after_it_odd() -> None:
    rows = [row("A", 100, ODD), row("B", 100, EVEN)]
    assert [shares(rows, month) for month in (DEC, DEC.next)] == [{"B": "100"}, {"A": "100"}]


@pytest.mark.parametrize(("month", "owner"), [("2026-01", "A"), ("2026-02", "B"), ("2026-12", "C"), ("2025-12", "C")])
def test_a_cycle_is_counted_from_the_anchor_in_both_directions(month: str, owner: str) -> None:
    rows = [row(code, 100, ("cycle", place, 3)) for place, code in enumerate("ABC", start=1)]
    assert shares(rows, Month.parse(month)) == {owner: "100"}


def test_a_pool_is_divided_in_proportion_and_its_money_to_the_cent() -> None:
    rows = [row("A", 10, ODD), row("B", 20, ODD), row("C", 70, EVEN)]
    assert shares(rows, JAN) == {"A": "33.3333", "B": "66.6667"}
    assert amounts(rows, JAN, "1000000.00") == {"A": "333333.33", "B": "666666.67"}  # not what four decimals would give


def test_ties_go_to_the_lower_owner_code_however_they_are_given() -> None:
    rows = [row("C", "33.3333"), row("A", "33.3334"), row("B", "33.3333")]
    assert amounts([row("B", 50), row("A", 50)], JAN, "0.01") == {"A": "0.01", "B": "0.00"}
    assert amounts(rows, JAN, "100.00") == {"A": "33.34", "B": "33.33", "C": "33.33"}


def test_a_month_counts_by_its_first_day() -> None:
    late = [row("A", 100, starts=date(2026, 1, 2), ends=date(2026, 3, 1))]
    found = [shares(late, Month(2026, number)) for number in range(1, 5)]
    assert found == [GapKind.NOBODY, {"A": "100"}, {"A": "100"}, GapKind.NOBODY]


def test_a_change_of_ownership_leaves_past_months_their_answer() -> None:
    rows = [row("A", 100, ends=date(2026, 5, 31)), row("B", 100, starts=date(2026, 6, 1))]
    assert [shares(rows, Month(2026, month)) for month in (5, 6)] == [{"A": "100"}, {"B": "100"}]
    assert over(rows, JAN) == []


def test_a_turn_that_only_comes_in_some_months_is_a_gap_in_all_of_them() -> None:
    assert [shares([row("A", 100, ODD)], month) for month in (JAN, FEB)] == [GapKind.SHARES] * 2


def test_cycles_need_an_anchor_and_an_end() -> None:
    turns = [row("A", 100, ("cycle", 1, 2)), row("B", 100, ("cycle", 2, 2))]
    assert shares(turns, JAN, anchor=None) is GapKind.ANCHOR
    endless = [row("A", 10, ("cycle", 1, 59)), row("B", 10, ("cycle", 1, 58))]
    assert shares(endless, JAN) is GapKind.TOO_LONG
    with pytest.raises(PatternTooLong):
        check_rows(endless, JAN)


def test_cycles_that_are_never_in_force_together_do_not_make_turns_too_long() -> None:
    ended = row("A", 100, ("cycle", 1, 59), ends=date(2025, 12, 31))
    withdrawn = row("A", 100, ("cycle", 1, 53), ends=date(2024, 12, 31))
    now = [row(code, 100, ("cycle", place, 58), starts=date(2026, 1, 1)) for place, code in enumerate("BC", start=1)]
    check_rows([ended, withdrawn, *now], JAN)
    with pytest.raises(PatternTooLong):
        check_rows([row("A", 10, ("cycle", 1, 59)), *now], JAN)


def test_every_gap_has_a_sentence(context: Any) -> None:
    assert all(Gap(kind, D(50), D(60)).sentence for kind in GapKind)
    assert "50%" in Gap(GapKind.SHARES, D(50), D(60)).sentence


@pytest.mark.parametrize(
    ("turn", "wrong"),
    [
        (Turn(Alternation.NONE, None, 1), TurnNotAsked),
        (Turn(Alternation.ODD_EVEN, None, 3), BadTurn),
        (Turn(Alternation.ODD_EVEN, 3, 1), BadTurn),
        (Turn(Alternation.CYCLE, None, 1), BadTurn),
        (Turn(Alternation.CYCLE, 61, 1), BadTurn),
        (Turn(Alternation.CYCLE, 3, 4), BadTurn),
        (Turn(Alternation.CYCLE, 3, 0), BadTurn),
    ],
)
def test_a_turn_that_cannot_be_is_refused(turn: Turn, wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        check_turn(turn)


def test_odd_and_even_may_be_told_as_a_cycle_of_two() -> None:
    assert check_turn(Turn(Alternation.ODD_EVEN, 2, 2)) == Turn(Alternation.ODD_EVEN, None, 2)


@pytest.mark.parametrize("share", ["0", "-1", "100.0001", "33.33333", "1e30"])
def test_a_share_that_cannot_be_kept_is_refused(share: str) -> None:
    with pytest.raises(BadShare):
        check_share(D(share))


def test_many_months_are_named_up_to_a_year(context: Any) -> None:
    assert named([month_at(place_of(JAN) + step) for step in range(14)]).endswith("2026-12 and 2 more")


def test_leases_meet_only_where_both_hold_on_a_first_day() -> None:
    one = (date(2026, 1, 1), date(2026, 3, 15))
    assert meet(one, (date(2026, 3, 16), None)) is None
    assert meet(one, (date(2026, 2, 20), None)) == Month(2026, 3)
    assert meet(one, (date(2026, 3, 2), None)) is None  # it would begin in April
    assert first_month(date(2026, 3, 2)) == Month(2026, 4)


def test_a_lease_may_cost_otherwise_in_its_first_or_last_month() -> None:
    terms = Terms(D(100), D(0), date(2026, 1, 1), date(2026, 3, 31), 5, D(40), D(60))
    assert [terms.rent_of(Month(2026, number)) for number in (1, 2, 3)] == [40, 100, 60]
    assert terms.due_on(FEB) == date(2026, 2, 5)
    free = Terms(D(100), D(0), date(2026, 1, 1), date(2026, 3, 31), 5, D(0), D(0))
    assert [free.rent_of(Month(2026, number)) for number in (1, 2, 3)] == [0, 100, 0]


turns = st.one_of(
    st.just(("none",)),
    st.tuples(st.just("odd_even"), st.integers(1, 2)),
    st.integers(2, 4).flatmap(lambda n: st.tuples(st.just("cycle"), st.integers(1, n), st.just(n))),
)
stated = st.one_of(st.none(), st.integers(1, 100), st.sampled_from([D("33.3333"), D("66.6667"), 50, 50, 25]))
days = st.dates(date(2025, 11, 1), date(2027, 2, 1))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(stated, turns, days, st.one_of(st.none(), days)), max_size=5),
    st.integers(0, 30),
    st.sampled_from(["1", "0.01", "0.001"]),
    st.integers(0, 10**12),
)
def test_any_assignments_and_any_month_give_parts_that_add_up_or_a_named_gap(
    told: list[Any], place: int, smallest: str, units: int
) -> None:
    rows = [
        row(f"P{number}", share, turn, starts=starts, ends=ends or date(2099, 1, 1))
        for number, (share, turn, starts, ends) in enumerate(told)
    ]
    found = entitled(rows, JAN, month_at(place_of(JAN) + place))
    if isinstance(found, Gap):
        assert found.kind in GapKind
        return
    assert sum(part.percent for part in found.parts) == 100
    assert all(part.percent > 0 for part in found.parts)
    total, quantum = units * D(smallest), D(smallest)
    amounts, weighed = found.amounts(total, quantum), sum(part.weight for part in found.parts)
    assert sum(amounts.values()) == total
    assert all(
        abs(amounts[part.assignment_id] * weighed - total * part.weight) < quantum * weighed for part in found.parts
    )
    assert [part.owner_code for part in found.parts] == sorted(part.owner_code for part in found.parts)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(stated, turns), min_size=1, max_size=4))
def test_what_is_not_refused_never_comes_to_more_than_the_whole(told: list[Any]) -> None:
    rows = [row(f"P{n}", share, turn) for n, (share, turn) in enumerate(told)]
    beyond = set(over(rows, JAN))
    for step in range(pattern_length(rows)):
        month = month_at(place_of(Month(2025, 1)) + step)
        found = entitled(rows, JAN, month)
        if isinstance(found, Gap) and found.kind is GapKind.SHARES:
            assert (found.turn > 100) is (month in beyond)
        else:
            assert month not in beyond
