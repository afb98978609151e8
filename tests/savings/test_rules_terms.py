"""The terms of a policy: what fits together, and what the screen says of it."""

import pytest

from app.core import money
from app.core.periods import BadDayOfPeriod, Frequency
from app.savings import errors
from app.savings.rules import LateRule, OverRule, checked, faults, label, late_sentence, over_sentence
from app.savings.rules.labels import LABELS
from tests.savings.making import D, policy

FIXED = {"late_rule": LateRule.FIXED_FEE, "fee_percent": None}


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"minimum": D(1000), "maximum": D(5000)},
        {"expected": D(0)},
        {"expected": D(0), "minimum": D(100), "maximum": D(100)},
        {"window_day": 31},
        {"frequency": Frequency.FLEXIBLE, "window_day": 0},
        {"fee_percent": D("0.0001")},
        {"fee_percent": D(100), "fee_cap": D(500)},
        {"late_rule": LateRule.ACCEPT, "fee_percent": None},
        {**FIXED, "fee_amount": D(200)},
    ],
)
def test_terms_that_fit_are_taken(terms):
    assert faults(policy(**terms)) == ()
    assert checked(policy(**terms)) == policy(**terms)


@pytest.mark.parametrize(
    ("terms", "field", "fault"),
    [
        ({"window_day": 32}, "window_day", BadDayOfPeriod),
        ({"frequency": Frequency.WEEKLY, "window_day": 8}, "window_day", BadDayOfPeriod),
        ({"expected": D(-1)}, "expected", errors.BelowZero),
        ({"expected": D("0.001")}, "expected", money.TooManyDecimals),
        ({"expected": D("NaN")}, "expected", money.NotAnAmount),
        ({"maximum": D("1e999")}, "maximum", money.TooLarge),
        ({"maximum": D(0)}, "maximum", errors.MaximumBelowMinimum),
        ({"minimum": D(2), "maximum": D(1)}, "maximum", errors.MaximumBelowMinimum),
        ({"maximum": D(4999)}, "expected", errors.ExpectedOutOfBounds),
        ({"minimum": D(5001)}, "expected", errors.ExpectedOutOfBounds),
        (FIXED, "fee_amount", errors.FeeMissing),
        ({**FIXED, "fee_amount": D(0)}, "fee_amount", errors.FeeMissing),
        ({"fee_percent": None}, "fee_percent", errors.BadFeePercent),
        ({"fee_percent": D(0)}, "fee_percent", errors.BadFeePercent),
        ({"fee_percent": D("100.01")}, "fee_percent", errors.BadFeePercent),
        ({"fee_percent": D("0.00001")}, "fee_percent", errors.BadFeePercent),
        ({"fee_percent": D("NaN")}, "fee_percent", errors.BadFeePercent),
        ({"fee_cap": D(0)}, "fee_cap", errors.BadFeeCap),
    ],
)
def test_each_fault_names_its_field_and_says_so(terms, field, fault):
    (found,) = faults(policy(**terms))
    assert (type(found), found.field) == (fault, field)
    assert str(found).endswith(".")
    with pytest.raises(fault):
        checked(policy(**terms))


def test_all_faults_are_told_at_once():
    found = faults(policy(window_day=0, expected=D(-1), minimum=D("0.001")))
    assert [fault.field for fault in found] == ["window_day", "expected", "minimum"]


def test_an_unknown_currency_is_refused():
    with pytest.raises(money.UnknownCurrency):
        faults(policy(currency="ZZZ"))


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({}, "A late payment is savings in full. A fee of 5% of it becomes a separate debt."),
        (
            {"fee_percent": D("2.5000")},
            "A late payment is savings in full. A fee of 2.5% of it becomes a separate debt.",
        ),
        (
            {**FIXED, "fee_amount": D(200)},
            "A late payment is savings in full. A fee of 200.00 becomes a separate debt.",
        ),
        (
            {"late_rule": LateRule.ACCEPT},
            "A late payment is savings of the window it is late for. There is no fee.",
        ),
        (
            {"late_rule": LateRule.WHOLE_IS_PENALTY},
            "Nothing of a late payment is savings: all of it is a penalty, and the window stays unmet.",
        ),
    ],
)
def test_the_late_rule_is_told_before_it_is_chosen(terms, sentence):
    assert str(late_sentence(policy(**terms))) == sentence


def test_a_cap_is_told_with_the_fee():
    told = str(late_sentence(policy(fee_cap=D(500))))
    assert told == "A late payment is savings in full. A fee of 5% of it, at most 500.00, becomes a separate debt."


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        (OverRule.SPREAD, "counts for the next windows."),
        (OverRule.ACCEPT, "is savings of that window too."),
        (OverRule.EXCESS_IS_PENALTY, "is a penalty."),
        (OverRule.REFUSE, "is kept unallocated, to be returned."),
    ],
)
def test_the_rule_for_the_excess_is_told(rule, end):
    told = str(over_sentence(policy(maximum=D(6000), over_rule=rule)))
    assert told == f"What is over 6,000.00 in a window {end}"


def test_without_a_maximum_there_is_no_excess():
    assert str(over_sentence(policy())) == "There is no maximum."


@pytest.mark.parametrize("words", list(LABELS))
def test_every_word_has_a_name_of_its_own(words):
    names = [str(label(word)) for word in words]
    assert all(names)
    assert len(set(names)) == len(names)
