"""Letting, entitling and changing hands, and what other rooms read of it."""

import contextlib
import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import db
from app.core.money import TooManyDecimals
from app.core.periods import Month
from app.registry.errors import DaysBackwards, PartyInactive
from app.registry.parties import edit_party
from app.rentals import checks, personal
from app.rentals.assigning import Taker, change_ownership, end_assignment, set_anchor, withdraw_assignment
from app.rentals.errors import (
    AnchorCounts,
    BadRent,
    LeasesOverlap,
    NoEndForLast,
    NotHeldThen,
    OverWhole,
    TakersDiffer,
)
from app.rentals.leases import end_lease, withdraw_lease
from app.rentals.queries import annual_gross, entitlements
from app.rentals.rules import Alternation
from app.rentals.stating import Turn
from tests.payouts.test_views import statements
from tests.rentals.conftest import EVEN, EVERY, ODD, D, Letting

CENT = D("0.01")
_units = itertools.count(1)


def now(letting: Letting, month: str) -> dict[str, Decimal] | str | None:
    """Who is entitled to U1 in a month, or the gap."""
    found = entitlements(Month.parse(month), unit_id=letting.unit)[0]
    return found.gap or {code: percent for _id, _owner, code, percent in found.parts}


def test_the_examples_of_the_spec_through_the_database(letting: Letting) -> None:
    letting.let("500", charges=D("30.01"), day_due=5)
    letting.assign(letting.a, 100, ODD)
    letting.assign(letting.b, 100, EVEN)
    january = entitlements(Month(2026, 1))[0]
    assert [(code, percent) for _id, _owner, code, percent in january.parts] == [("A", D(100))]
    assert (january.rent, january.charges, january.due_on) == (D(500), D("30.01"), date(2026, 1, 5))
    assert january.client_professional
    assert now(letting, "2026-02") == {"B": D(100)}
    assert entitlements(Month(2025, 12)) == []


def test_over_the_whole_is_refused_by_month_and_leaves_nothing(letting: Letting) -> None:
    letting.assign(letting.a, 50)
    with pytest.raises(OverWhole, match="2026-01, 2026-03"), db.attempt():
        letting.assign(letting.b, 60, ODD)
    letting.let()
    assert "50%" in str(now(letting, "2026-01"))


def test_a_change_of_ownership_ends_one_row_and_starts_another(letting: Letting) -> None:
    letting.let()
    row = letting.assign(letting.a, 60)
    letting.assign(letting.b, 40)
    c = letting.party("C")
    told: dict[str, Any] = {"takers": [Taker(c)], "from_on": date(2026, 6, 1), "by": letting.by, "key": "change"}
    first, again = (change_ownership(row.id, **told) for _press in range(2))
    assert [one.id for one in first] == [one.id for one in again]
    assert now(letting, "2026-05") == {"A": D(60), "B": D(40)}
    assert now(letting, "2026-06") == {"B": D(40), "C": D(60)}
    with pytest.raises(NotHeldThen):
        change_ownership(row.id, **told | {"key": "late"})


def test_a_share_may_go_to_several_who_take_all_of_it(letting: Letting) -> None:
    letting.let()
    row = letting.assign(letting.a, 100)
    c = letting.party("C")
    told: dict[str, Any] = {"from_on": date(2026, 6, 1), "by": letting.by, "key": "parts"}
    with pytest.raises(TakersDiffer):
        change_ownership(row.id, takers=[Taker(letting.a, D(30)), Taker(c, D(60))], **told)
    change_ownership(row.id, takers=[Taker(letting.a, D(30)), Taker(c, D(70))], **told)
    assert now(letting, "2026-06") == {"A": D(30), "C": D(70)}


def test_cycles_share_one_anchor_which_stays_once_it_counted(letting: Letting) -> None:
    letting.let()
    turns = [Turn(Alternation.CYCLE, 2, place) for place in (1, 2)]
    letting.assign(letting.a, 100, turns[0], starts_on=date(2026, 1, 15))
    letting.assign(letting.b, 100, turns[1], starts_on=date(2026, 2, 1))
    assert [now(letting, month) for month in ("2026-02", "2026-03")] == [{"A": D(100)}, {"B": D(100)}]
    with pytest.raises(AnchorCounts, match="2026-02"):
        set_anchor(letting.unit, anchor=Month(2026, 3), by=letting.by)
    assert set_anchor(letting.unit, anchor=Month(2026, 2), by=letting.by).anchor == date(2026, 2, 1)


def test_ending_reopening_and_withdrawing(letting: Letting) -> None:
    letting.let()
    row = letting.assign(letting.a, 100)
    with pytest.raises(DaysBackwards):
        end_assignment(row.id, on=date(2025, 12, 31), by=letting.by)
    end_assignment(row.id, on=date(2026, 3, 31), by=letting.by)
    letting.assign(letting.b, 100, starts_on=date(2026, 4, 1))
    with pytest.raises(OverWhole), db.attempt():
        end_assignment(row.id, on=None, by=letting.by)
    withdraw_assignment(row.id, by=letting.by)
    assert "No owner" in str(now(letting, "2026-01"))
    assert now(letting, "2026-04") == {"B": D(100)}


def test_leases_never_meet_in_a_month(letting: Letting) -> None:
    first = letting.let(ends_on=date(2026, 3, 15))
    with pytest.raises(LeasesOverlap, match="2026-03"):
        letting.let(starts_on=date(2026, 2, 10))
    second = letting.let("900", starts_on=date(2026, 3, 10))  # holds on the first of April at the earliest
    with pytest.raises(LeasesOverlap, match="2026-04"):
        end_lease(first.id, on=None, by=letting.by)
    withdraw_lease(second.id, by=letting.by)
    assert end_lease(first.id, on=None, by=letting.by).ends_on is None
    assert withdraw_lease(second.id, by=letting.by).ends_on == date(2026, 3, 9)


def test_what_a_lease_refuses(letting: Letting) -> None:
    for wrong, told in (
        (BadRent, {"rent": "0"}),
        (TooManyDecimals, {"rent": "10.001"}),
        (DaysBackwards, {"ends_on": date(2025, 12, 31)}),
        (NoEndForLast, {"last_amount": D(5)}),
    ):
        with pytest.raises(wrong):
            letting.let(**told)
    edit_party(letting.client, active=False, by=letting.by)
    with pytest.raises(PartyInactive):
        letting.let()


def test_a_key_lets_and_entitles_once(letting: Letting) -> None:
    assert letting.let(key="same").id == letting.let(key="same").id
    assert letting.assign(letting.a, 60, key="same").id == letting.assign(letting.a, 60, key="same").id


def test_the_year_of_an_owner_from_a_payer(letting: Letting) -> None:
    letting.let("16000", first_amount=D(8000), ends_on=date(2026, 10, 31))
    letting.assign(letting.a, 50)
    letting.assign(letting.b, 50)
    pairs = [(letting.a, letting.client), (letting.b, letting.client), (letting.a, letting.b)]
    assert annual_gross(pairs, 2026) == {pairs[0]: D(76000), pairs[1]: D(76000), pairs[2]: D(0)}
    assert annual_gross(pairs[:1], 2027) == {pairs[0]: D(0)}
    assert annual_gross([], 2026) == {}


def test_two_halves_of_sixteen_thousand_are_ninety_six_thousand_each(letting: Letting) -> None:
    letting.let("16000")
    letting.assign(letting.a, 50, ODD)
    letting.assign(letting.b, 50, EVEN)  # the whole of every second month
    pairs = [(letting.a, letting.client), (letting.b, letting.client)]
    assert set(annual_gross(pairs, 2026).values()) == {D(96000)}


def test_many_units_cost_as_many_statements_as_one(letting: Letting, rolled_back: sa.Connection) -> None:
    pairs = [(letting.a, letting.client)]
    counts = []
    for number in range(2, 5):
        unit = letting.another_unit(f"U{number}")
        letting.let(unit_id=unit)
        letting.assign(letting.a, 100, unit_id=unit)
        counts.append(statements(rolled_back, lambda: (entitlements(Month(2026, 5)), annual_gross(pairs, 2026))))
        assert len(entitlements(Month(2026, 5))) == number - 1
    assert len(set(counts)) == 1
    assert counts[0] <= 20  # each is told its group first, on the one connection of a test
    assert [row.unit_code for row in entitlements(Month(2026, 5), after="U2", limit=1)] == ["U3"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 100), st.sampled_from([EVERY, ODD, EVEN])), max_size=4), st.integers(1, 12))
def test_what_the_verbs_let_through_adds_up_or_is_a_gap(letting: Letting, told: list[Any], month: int) -> None:
    unit = letting.another_unit(f"H{next(_units)}")
    letting.let("997.01", unit_id=unit)
    for share, turn in told:
        with contextlib.suppress(OverWhole), db.attempt():
            letting.assign(letting.a, share, turn, unit_id=unit)
    found = entitlements(Month(2026, month), unit_id=unit)[0]
    assert found.gap or sum(found.amounts(found.rent, CENT).values()) == D("997.01")
    assert [check().faults for check in checks.CHECKS] == [[], []]


def test_a_member_is_told_what_they_rent_and_own(letting: Letting) -> None:
    mine = letting.party("M", name=None, member_id=letting.cast.member.member_id)
    letting.let(client_id=mine)
    letting.assign(mine, 100)
    told = personal.personal(letting.cast.member.member_id)
    assert {name: len(rows) for name, rows in told.items()} == {"lease": 1, "assignment": 1}
