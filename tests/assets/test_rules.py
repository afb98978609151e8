"""Conversions and sales: the examples of the specification, and the ways a cent could get lost."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.assets.rules import Conversion, Holder, Share, by_percent, convert, sell
from tests.assets.making import BONDS, CENT, GROUP, LAND, D, converted, held, who

THREE: dict[str, Any] = {"ann": 300, "ben": 150, "cai": 50}


def told(parts: Iterable[Any], what: Callable[[Any], Any]) -> list[Any]:
    return [what(part) for part in parts]


def percents(made: Conversion) -> list[Any]:
    return [part.percent for part in made.parts]


def amounts(made: Conversion) -> list[Any]:
    return [part.amount for part in made.parts]


def top_ups(made: Conversion) -> list[Any]:
    return [part.top_up for part in made.parts]


def test_units_of_30_15_and_5_become_60_30_and_10_per_cent() -> None:
    made = converted(held(**THREE), price=500)
    assert percents(made) == [60, 30, 10]
    assert amounts(made) == [300, 150, 50]
    assert top_ups(made) == [0, 0, 0]


def test_a_price_of_650_takes_90_45_and_15_of_savings() -> None:
    made = converted(held(**THREE), price=650)
    assert top_ups(made) == [90, 45, 15]
    assert amounts(made) == [390, 195, 65]
    assert percents(made) == [60, 30, 10]


def test_a_price_below_the_value_gives_the_rest_back() -> None:
    made = converted(held(**THREE), price=400)
    assert top_ups(made) == [-60, -30, -10]
    assert amounts(made) == [240, 120, 40]


def test_three_equal_owners_get_the_smallest_part_of_a_per_cent_in_order() -> None:
    made = converted(held(ann=100, ben=100, cai=100), price=300)
    assert percents(made) == [D("33.3334"), D("33.3333"), D("33.3333")]


def test_a_currency_without_cents_is_split_in_whole_units() -> None:
    made = converted(held(ann=1, ben=1, cai=1), price=100, quantum=D(1))
    assert amounts(made) == [34, 33, 33]
    assert top_ups(made) == [33, 32, 32]


def test_a_gain_belongs_to_who_held_it() -> None:
    holders = held(**THREE) + held(BONDS, ben=100)
    made = converted(holders, price=700, values={LAND: D(600), BONDS: D(100)})
    assert told(made.parts, lambda part: part.gain) == [60, 30, 10]
    assert told(made.parts, lambda part: part.value) == [360, 280, 60]
    assert percents(made) == [D("51.4286"), 40, D("8.5714")]


def test_an_investment_taken_at_its_cost_gains_nobody_a_cent() -> None:
    # One unit shared by three: the units are coarse, the costs are not.
    holders = [
        Holder(LAND, who("ann"), D("0.3334"), D("300000.00")),
        Holder(LAND, who("ben"), D("0.3333"), D("300000.00")),
        Holder(LAND, who("cai"), D("0.3333"), D("300000.00")),
    ]
    made = converted(holders, price=900_000)
    assert told(made.parts, lambda part: part.gain) == [0, 0, 0]
    assert amounts(made) == [300_000, 300_000, 300_000]


def test_a_worthless_holding_is_shared_by_what_it_cost() -> None:
    made = converted(held(**THREE), price=100, values={LAND: D(0)})
    assert percents(made) == [60, 30, 10]
    assert amounts(made) == [60, 30, 10]
    assert told(made.parts, lambda part: part.gain) == [-300, -150, -50]


def test_who_cannot_pay_is_named_with_what_lacks() -> None:
    made = converted(held(**THREE), price=650, free=50)
    assert told(made.lacking, lambda part: (part.owner, part.lacking)) == [(who("ann"), D(40))]


def test_the_treasury_owns_what_an_owner_lacks() -> None:
    made = converted(held(**THREE), price=650, free=50, treasury_takes=True)
    assert told(made.parts, lambda part: part.owner) == [who("ann"), who("ben"), who("cai"), GROUP]
    assert top_ups(made) == [50, 45, 15, 40]
    assert amounts(made) == [350, 195, 65, 40]
    assert percents(made) == [D("53.8462"), 30, 10, D("6.1538")]
    assert not made.lacking


def test_who_is_not_named_among_the_free_can_pay_nothing() -> None:
    made = converted(held(ann=100), price=120, free=0)
    assert made.parts[0].lacking == 20


def test_what_goes_back_is_lacked_by_nobody() -> None:
    made = converted(held(ann=100), price=80, free=0)
    assert made.parts[0].top_up == -20
    assert not made.lacking


def test_the_holdings_of_the_group_become_a_share_of_the_group() -> None:
    holders = [*held(ann=100), Holder(LAND, GROUP, D(10), D(100))]
    made = converted(holders, price=300)
    assert told(made.parts, lambda part: (part.owner, part.amount, part.percent, part.lacking)) == [
        (who("ann"), 150, 50, 0),
        (GROUP, 150, 50, 0),
    ]


def test_an_asset_of_nothing_keeps_the_percentages() -> None:
    made = converted(held(**THREE), price=0)
    assert percents(made) == [60, 30, 10]
    assert amounts(made) == [0, 0, 0]
    assert top_ups(made) == [-300, -150, -50]


def test_a_sale_gives_each_owner_the_part_back_and_the_gain_by_share() -> None:
    shares = [Share(who("ann"), D(60), D(390)), Share(who("ben"), D(30), D(195)), Share(who("cai"), D(10), D(65))]
    gained = sell(shares, price=D(650), proceeds=D(750), quantum=CENT)
    assert told(gained, lambda part: (part.amount, part.gain)) == [(390, 60), (195, 30), (65, 10)]
    lost = sell(shares, price=D(650), proceeds=D(0), quantum=CENT)
    assert told(lost, lambda part: part.gain) == [-390, -195, -65]


def test_a_gift_is_shared_by_savings() -> None:
    assert by_percent({who("ann"): D(200), who("ben"): D(100)}) == [
        Share(who("ann"), D("66.6667"), D(0)),
        Share(who("ben"), D("33.3333"), D(0)),
    ]


cents = st.integers(0, 10**9).map(lambda n: D(n) / 100)


@given(
    st.lists(st.tuples(cents, cents, st.integers(1, 10**8).map(lambda n: D(n) / 10_000)), min_size=1, max_size=12),
    cents,
    cents,
    cents,
    st.booleans(),
)
def test_whatever_is_converted_nothing_appears_or_gets_lost(
    rows: list[tuple[Decimal, Decimal, Decimal]], land: Decimal, bonds: Decimal, price: Decimal, takes: bool
) -> None:
    holders = [Holder(LAND, who(f"m{n}"), units, cost) for n, (cost, _free, units) in enumerate(rows)]
    holders += [Holder(BONDS, who("m0"), D(1), rows[0][0]), Holder(BONDS, GROUP, D(2), D(7))]
    free = {who(f"m{n}"): can for n, (_cost, can, _units) in enumerate(rows)}
    values = {LAND: land, BONDS: bonds}
    made = convert(holders, values, price=price, free=free, quantum=CENT, treasury_takes=takes)
    assert sum(percents(made)) == 100
    assert sum(amounts(made)) == price
    assert made.value == land + bonds
    assert made.cost == sum(holder.cost for holder in holders)
    assert made.top_up == price - made.value
    for part in made.parts:
        assert part.percent >= 0
        assert part.amount >= 0
        assert part.value + part.top_up == part.amount
        assert part.amount == part.amount.quantize(CENT)
        if part.owner is not None and (takes or not part.lacking):
            assert part.top_up <= max(free[part.owner], D(0))
    if takes:
        assert not made.lacking


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20), cents, cents)
def test_whatever_is_sold_all_of_it_is_given(weights: list[int], price: Decimal, proceeds: Decimal) -> None:
    holders = [Holder(LAND, who(f"m{n}"), D(weight), D(weight)) for n, weight in enumerate(weights)]
    made = converted(holders, price=str(price))
    shares = [Share(part.owner, part.percent, part.amount) for part in made.parts]
    given_back = sell(shares, price=price, proceeds=proceeds, quantum=CENT)
    assert sum(part.amount + part.gain for part in given_back) == proceeds
    assert all(part.gain * (proceeds - price) >= 0 for part in given_back)
