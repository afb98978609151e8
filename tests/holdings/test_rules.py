"""Parts always add up: of what is bought, of what is sold, of what is worth."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import quantum
from app.holdings.errors import MoreThanHeld
from app.holdings.growth import Course, Moved, Valued, together
from app.holdings.rules import FINEST_UNIT, Portion, Size, price_of, roi, shared, size_of, sold, worth

D = Decimal
CURRENCIES = st.sampled_from(["UGX", "KES", "KWD"])
UNITS = st.integers(1, 10**9).map(lambda count: count * FINEST_UNIT)


@st.composite
def savings(draw):
    """A currency, what each saver may invest, and an amount of at most all of it."""
    currency = draw(CURRENCIES)
    finest = quantum(currency)
    counts = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=12))
    eligible = {str(place): count * finest for place, count in enumerate(counts)}
    return currency, eligible, draw(st.integers(1, sum(counts))) * finest


@given(savings(), UNITS)
def test_parts_are_the_whole_and_nobody_gives_more_than_they_have(told, units):
    currency, eligible, amount = told
    parts = shared(Size(amount, units, D(1)), eligible, currency)
    assert sum(part.cost for part in parts.values()) == amount
    assert sum(part.units for part in parts.values()) == units
    assert all(0 < part.cost <= eligible[who] for who, part in parts.items())
    assert all(part.units >= 0 for part in parts.values())


@given(savings(), UNITS, st.data())
def test_sales_in_parts_give_back_every_cost_and_every_gain(told, units, data):
    currency, eligible, amount = told
    finest = quantum(currency)
    held = shared(Size(amount, units, D(1)), eligible, currency)
    left, back, gained, came = dict(held), D(0), D(0), D(0)
    for _time in range(3):
        everything = sum(part.units for part in left.values())
        if not everything:
            break
        count = data.draw(st.integers(1, int(everything / FINEST_UNIT)))
        last = data.draw(st.booleans())
        proceeds = data.draw(st.integers(0, 10**9)) * finest
        parts = sold(everything if last else count * FINEST_UNIT, proceeds, left, currency)
        assert sum(part.cost + part.gain for part in parts.values()) == proceeds
        for who, part in parts.items():
            left[who] = Portion(left[who].cost - part.cost, left[who].units - part.units)
            assert left[who].cost >= 0
            assert left[who].units >= 0
        back += sum(part.cost for part in parts.values())
        gained += sum(part.gain for part in parts.values())
        came += proceeds
    assert back + sum(part.cost for part in left.values()) == amount
    assert back + gained == came
    if not sum(part.units for part in left.values()):
        assert back == amount


def test_more_than_is_held_is_refused():
    with pytest.raises(MoreThanHeld):
        sold(D(2), D(1), {"a": Portion(D(10), D(1))}, "KES")


def test_the_example():
    eligible = {"a": D(600), "b": D(300), "c": D(100)}
    size = size_of(amount=D(500), units=None, unit_value=D(10), percentage=False, currency="KES")
    parts = shared(size, eligible, "KES")
    assert [(part.cost, part.units) for part in parts.values()] == [(D(300), D(30)), (D(150), D(15)), (D(50), D(5))]


def test_thirds_of_a_cost_are_the_whole():
    held = {name: Portion(D("33.33"), D("3.3333")) for name in "abc"}
    parts = sold(D("3.3333"), D(40), held, "KES")
    assert sum(part.cost for part in parts.values()) == D("33.33")


def test_nobody_with_nothing_gets_a_part():
    parts = shared(Size(D(1), D(1), D(1)), {"a": D(1), "b": D(1)}, "UGX")
    assert parts == {"a": Portion(D(1), D(1))}


def test_worth_price_and_return():
    assert worth(D(10), value=D(100), of_units=D(30), currency="KES") == D("33.33")
    assert worth(D(10), value=D(100), of_units=D(0), currency="KES") == 0
    assert price_of(D(100), D(3)) == D("33.333333")
    assert (roi(D(110), D(100)), roi(D(90), D(100)), roi(D(1), D(0))) == (D("10.00"), D("-10.00"), None)


def test_cost_and_worth_on_any_day():
    bought, valued, gone = date(2026, 1, 5), date(2026, 2, 1), date(2026, 3, 1)
    course = Course([Moved(bought, D(50), D(500)), Moved(gone, D(-25), D(-250))], [Valued(valued, D(50), D(600))])
    moments = [course.at(day, "KES") for day in (date(2026, 1, 1), bought, valued, gone)]
    assert [(one.cost, one.worth) for one in moments] == [
        (D(0), D(0)),
        (D(500), D(500)),
        (D(500), D(600)),
        (D(250), D(300)),
    ]
    assert moments[2].growth == 100
    assert moments[2].roi == 20
    assert together([course, course], valued, "KES").worth == 1200
    assert course.days(date(2026, 4, 1)) == [bought, valued, gone, date(2026, 4, 1)]
