"""Sharing money over what is owed: nothing is lost, nothing is overpaid, and older tiers come first."""

import uuid
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.credits.rules import Open, spread

D = Decimal
CENT = D("0.01")
AMOUNTS = st.integers(0, 10**9).map(lambda cents: D(cents) * CENT)


@st.composite
def owed(draw: st.DrawFn) -> list[Open]:
    rows = draw(st.lists(st.tuples(AMOUNTS, st.integers(1, 4)), max_size=12))
    return [Open(uuid.UUID(int=place), amount, tier) for place, (amount, tier) in enumerate(rows)]


@given(AMOUNTS, owed())
def test_parts_and_rest_are_the_amount_and_no_part_is_more_than_is_open(amount: Decimal, found: list[Open]) -> None:
    going = spread(amount, found, CENT)
    left = {one.id: one.open for one in found}
    assert sum(going.parts.values(), D(0)) + going.rest == amount
    assert all(0 < part <= left[id_] and part % CENT == 0 for id_, part in going.parts.items())
    assert going.rest >= 0
    assert going.rest == 0 or sum(going.parts.values(), D(0)) == sum(left.values(), D(0))


@given(AMOUNTS, owed())
def test_a_later_tier_is_paid_only_once_the_earlier_ones_are(amount: Decimal, found: list[Open]) -> None:
    going = spread(amount, found, CENT)
    paid_tiers = [one.tier for one in found if one.id in going.parts]
    unpaid = [one.tier for one in found if one.open > going.parts.get(one.id, D(0))]
    assert not paid_tiers or not unpaid or max(paid_tiers) <= min(unpaid)


def test_the_example_of_dues_pro_rata_over_one_call() -> None:
    lines = [Open(uuid.UUID(int=n), D(amount), 1) for n, amount in enumerate(("112.50", "45.00", "67.50"))]
    assert list(spread(D(100), lines, CENT).parts.values()) == [D(50), D(20), D(30)]


def test_the_cent_that_cannot_be_divided_goes_to_the_first() -> None:
    lines = [Open(uuid.UUID(int=n), D(1), 1) for n in range(3)]
    assert list(spread(D("0.01"), lines, CENT).parts.items()) == [(uuid.UUID(int=0), CENT)]
