"""Amounts: digits, rounding, splitting. Reading them is tested beside, in test_amounts_read.py."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import money

D = Decimal
CENT = D("0.01")
WEIGHTS = st.lists(st.decimals(0, 10**9, places=4), min_size=1, max_size=20).filter(any)
TOTALS = st.decimals(-(10**12), 10**12, places=2)


@pytest.mark.parametrize(("currency", "digits", "quantum"), [("UGX", 0, "1"), ("KES", 2, "0.01"), ("KWD", 3, "0.001")])
def test_a_currency_has_its_own_digits(currency, digits, quantum):
    assert money.digits(currency) == digits
    assert money.quantum(currency) == D(quantum)


@pytest.mark.parametrize("code", ["", "kes", "KE", "KESS", "ZZZ", "K\u0415S", "../"])
def test_an_unknown_currency_is_refused(code):
    with pytest.raises(money.UnknownCurrency):
        money.digits(code)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.005", "KES", "0.01"),
        ("0.0049", "KES", "0.00"),
        ("2.675", "KES", "2.68"),
        ("-2.675", "KES", "-2.68"),
        ("2.5", "UGX", "3"),
        ("1.0005", "KWD", "1.001"),
        ("999999999999999.99995", "KES", "1000000000000000.00"),
    ],
)
def test_rounding_is_half_up(amount, currency, expected):
    assert str(money.rounded(D(amount), currency)) == expected


def test_rounding_never_leaves_a_minus_zero():
    assert str(money.rounded(D("-0.001"), "KES")) == "0.00"


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_is_no_amount(amount):
    for check in (money.rounded, money.exact):
        with pytest.raises(money.NotAnAmount):
            check(D(amount), "KES")


def test_exact_gives_the_same_amount_in_the_currencys_digits():
    assert str(money.exact(D(5), "KES")) == "5.00"
    assert str(money.exact(D("5.0000"), "UGX")) == "5"
    assert money.exact(money.MAX_AMOUNT, "KES") == money.MAX_AMOUNT


def test_exact_refuses_what_it_would_have_to_change():
    with pytest.raises(money.TooManyDecimals) as refused:
        money.exact(D("5.001"), "KES")
    assert str(refused.value) == "KES amounts have at most 2 decimals."
    with pytest.raises(money.NoDecimals):
        money.exact(D("5.5"), "UGX")


@pytest.mark.parametrize("amount", [money.MAX_AMOUNT + CENT, -money.MAX_AMOUNT - CENT, D("1e999999")])
def test_exact_refuses_more_than_the_sane_maximum(amount):
    with pytest.raises(money.TooLarge):
        money.exact(amount, "KES")


def test_an_amount_is_shown_with_the_currencys_digits_in_the_readers_locale():
    assert money.shown(D("1234567.5"), "KES") == "1,234,567.50"
    assert money.shown(D("1234567.5"), "KES", "de") == "1.234.567,50"
    assert money.shown(D("1234567.5"), "UGX") == "1,234,568"
    assert str(money.lazily(D("2500"), "KES")) == "2,500.00"


def test_ten_among_three_gives_the_odd_cent_to_the_first():
    assert money.split(D(10), [D(1), D(1), D(1)], CENT) == {0: D("3.34"), 1: D("3.33"), 2: D("3.33")}


def test_the_largest_remainder_comes_before_the_order():
    shares = money.split(D(1), {"a": D(1), "b": D(2), "c": D(3)}, D(1))
    assert shares == {"a": D(0), "b": D(0), "c": D(1)}


def test_a_negative_total_splits_as_its_mirror():
    shares = money.split(D(-10), {"a": D(1), "b": D(1), "c": D(1)}, CENT)
    assert list(shares.values()) == [D("-3.34"), D("-3.33"), D("-3.33")]


def test_a_weight_of_zero_gets_nothing():
    assert money.split(D("0.05"), [D(0), D(7), D(0), D(7)], CENT) == {0: 0, 1: D("0.03"), 2: 0, 3: D("0.02")}


@pytest.mark.parametrize("weights", [[], [D(0), D(0)]])
def test_nothing_is_split_among_nobody(weights):
    with pytest.raises(money.NothingToSplitBy):
        money.split(D(1), weights, CENT)


def test_a_split_refuses_what_cannot_add_up():
    with pytest.raises(ValueError, match="multiple"):
        money.split(D("0.001"), [D(1)], CENT)
    with pytest.raises(ValueError, match="negative"):
        money.split(D(1), [D(2), D(-1)], CENT)


@given(TOTALS, WEIGHTS)
def test_parts_add_up_and_each_is_within_a_quantum_of_its_due(total, weights):
    parts = money.split(total, weights, CENT)
    assert sum(parts.values()) == total
    for place, weight in enumerate(weights):
        due = Fraction(total) * Fraction(weight) / sum(map(Fraction, weights))
        assert abs(Fraction(parts[place]) - due) < Fraction(CENT)
        assert parts[place] * total >= 0
        assert weight or parts[place] == 0


@given(TOTALS, WEIGHTS)
def test_the_sign_of_the_total_changes_only_signs(total, weights):
    mirrored = money.split(-total, weights, CENT)
    assert {place: -part for place, part in mirrored.items()} == money.split(total, weights, CENT)


@given(TOTALS, st.decimals("0.0001", 10**6, places=4), st.integers(2, 9))
def test_of_equal_weights_the_first_never_get_less(total, weight, count):
    parts = list(money.split(abs(total), [weight] * count, CENT).values())
    assert parts == sorted(parts, reverse=True)


@given(WEIGHTS)
def test_percentages_total_exactly_a_hundred(weights):
    shares = money.percentages(weights)
    assert sum(shares.values()) == 100
    assert all(-share.as_tuple().exponent <= 4 for share in shares.values())


def test_percentages_keep_their_keys():
    assert money.percentages({"x": D(1), "y": D(2)}) == {"x": D("33.3333"), "y": D("66.6667")}
