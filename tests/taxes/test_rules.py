"""What is withheld of rent, and what a year of rent costs: by dated data, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.taxes import lines, rules
from app.taxes.errors import BadBands, BadRate
from app.taxes.rules import Band, Bracket, Income, Withholding

D = Decimal
SINCE = Withholding(
    [Band(D(0), D(0), exactly=True), Band(D(40_000), D(10)), Band(D(120_000), D(15), exactly=True)], D(20)
)
BEFORE = Withholding([Band(D(0), D(0), exactly=True), Band(D(30_000), D(10)), Band(D(120_000), D(15), exactly=True)])
YEAR = Income(
    D(60),
    [
        Bracket(D(40_000), D(0), D(0)),
        Bracket(D(60_000), D(10), D(4_000)),
        Bracket(D(80_000), D(20), D(10_000)),
        Bracket(D(100_000), D(30), D(18_000)),
        Bracket(D(180_000), D(34), D(22_000)),
        Bracket(None, D(37), D(27_400)),
    ],
    D(500),
    D(3_000),
)


@pytest.mark.parametrize(
    ("version", "gross", "percent"),
    [
        (SINCE, "0", 0),
        (SINCE, "40000", 0),
        (SINCE, "40000.01", 10),
        (SINCE, "96000", 10),
        (SINCE, "119999.99", 10),
        (SINCE, "120000", 15),
        (BEFORE, "30000", 0),
        (BEFORE, "30000.01", 10),
        (BEFORE, "40000", 10),
    ],
)
def test_a_rate_begins_above_its_bound_or_at_exactly_it(version: Withholding, gross: str, percent: int) -> None:
    assert rules.withholding(version, D(gross), final=False) == rules.Rate(D(percent))


def test_the_final_rate_counts_where_there_is_one_whatever_the_year_gives() -> None:
    assert rules.withholding(SINCE, D(10), final=True) == rules.Rate(D(20), final=True)
    assert rules.withholding(BEFORE, D(200_000), final=True) == rules.Rate(D(15))


def test_tax_is_rounded_half_up_in_the_digits_of_the_currency() -> None:
    assert rules.withheld_of(D("100.05"), D(10), "MAD") == D("10.01")
    assert rules.withheld_of(D("100.04"), D(10), "MAD") == D("10.00")
    assert rules.withheld_of(D(15), D(10), "UGX") == D(2)


@pytest.mark.parametrize(
    ("gross", "family", "withheld", "due"),
    [
        ("60000", 0, "0", 0),  # 36,000 is taxed at nothing
        ("96000", 0, "0", 1_760),  # 57,600: 5,760 less 4,000
        ("96000", 2, "0", 760),
        ("96000", 9, "0", 0),  # 3,000 at most, and never below zero
        ("96000", 0, "9600", 0),
        ("200000", 0, "0", 18_800),  # 120,000: 40,800 less 22,000
        ("400000", 4, "60000", 0),
        ("400000.10", 0, "0", 61_401),  # 240,000.06: rounded up to a whole one
    ],
)
def test_a_year_is_taxed_by_brackets_less_family_less_what_was_withheld(
    gross: str, family: int, withheld: str, due: int
) -> None:
    assert rules.year_tax(YEAR, D(gross), family, D(withheld), "MAD").due == due


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2))
def test_who_earns_more_is_never_asked_for_less(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert rules.year_tax(YEAR, less, 0, D(0), "MAD").due <= rules.year_tax(YEAR, more, 0, D(0), "MAD").due


def test_what_is_kept_says_the_same_and_so_do_its_lines() -> None:
    assert rules.withholding_of(rules.kept(SINCE)) == SINCE
    assert rules.income_of(rules.kept(YEAR)) == YEAR
    assert lines.bands_in(lines.text_of(SINCE)) == SINCE.bands
    assert lines.brackets_in(lines.text_of(YEAR)) == YEAR.brackets


@pytest.mark.parametrize(
    "text", ["", "40000: 10", "above 40000: 10", "from 0: 0\nabove 9: 10\nabove 5: 15", "from x: 1"]
)
def test_bands_that_begin_late_or_fall_are_refused(text: str) -> None:
    with pytest.raises(BadBands):
        rules.checked_withholding(Withholding(lines.bands_in(text)))


@pytest.mark.parametrize(
    "text", ["through 5: 0 less 0", "beyond: 1\nbeyond: 2", "through 9: 0\nthrough 5: 1\nbeyond: 2"]
)
def test_brackets_without_an_end_or_out_of_order_are_refused(text: str) -> None:
    with pytest.raises(BadBands):
        rules.checked_income(Income(D(60), lines.brackets_in(text), D(0), D(0)))


def test_a_rate_is_a_percentage() -> None:
    with pytest.raises(BadRate):
        rules.checked_withholding(Withholding([Band(D(0), D(101), exactly=True)]))
    with pytest.raises(BadRate):
        rules.checked_withholding(Withholding([Band(D(0), D(10), exactly=True)], D(200)))
