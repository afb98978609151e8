"""What becomes of a payment: worked examples of every clause of the policy."""

import pytest

from app.core import money
from app.savings import errors
from app.savings.rules import Kept, LateRule, PartKind, PenaltyReason, sentences
from tests.savings.making import D, months, parts, plan, policy, standing

SAVINGS, PENALTY, UNALLOCATED = PartKind.SAVINGS, PartKind.PENALTY, PartKind.UNALLOCATED
PAYS_PENALTY = PartKind.PENALTY_PAYMENT
TERMS = policy()
CAPPED = policy(maximum=D(5000))


def said(made):
    return [str(sentence) for sentence in sentences(made)]


# Which window


def test_a_payment_belongs_to_the_window_that_contains_paid_at():
    made = plan(5000, "2026-03-15", TERMS)
    assert parts(made) == [(SAVINGS, "2026-03", D(5000))]
    assert (made.is_late, made.fee, made.needs_review) == (False, None, False)
    assert said(made) == ["5,000.00 counts for March 2026, on time."]


@pytest.mark.parametrize("when", ["2026-03-01 00:00", "2026-03-31 23:59:59.999999"])
def test_both_ends_of_a_window_are_inside(when):
    assert parts(plan(5000, when, TERMS)) == [(SAVINGS, "2026-03", D(5000))]


def test_the_first_instant_after_the_end_is_the_next_window():
    assert parts(plan(5000, "2026-04-01 00:00", TERMS)) == [(SAVINGS, "2026-04", D(5000))]


def test_an_earlier_window_that_is_named_makes_it_late():
    made = plan(2500, "2026-04-03", TERMS, for_="2026-03")
    assert parts(made) == [(SAVINGS, "2026-03", D(2500))]
    assert made.parts[0].days_late == 3
    assert made.fee
    assert (made.fee.amount, made.fee.window.name) == (D(125), "2026-03")
    assert said(made) == ["2,500.00 is late for March 2026: a fee of 125.00 will be a separate debt."]


def test_a_later_window_that_is_named_is_paid_ahead_on_time():
    made = plan(5000, "2026-03-15", TERMS, for_="2026-05")
    assert parts(made) == [(SAVINGS, "2026-05", D(5000))]
    assert not made.is_late


def test_naming_the_window_of_the_day_changes_nothing():
    assert parts(plan(5000, "2026-03-15", TERMS, for_="2026-03")) == parts(plan(5000, "2026-03-15", TERMS))


def test_nothing_can_be_late_for_a_window_that_is_met_or_waived():
    with pytest.raises(errors.WindowAlreadyMet) as refused:
        plan(100, "2026-04-03", TERMS, for_="2026-03", had=standing({"2026-03": 5000}))
    assert str(refused.value).startswith("Nothing is missing for 2026-03")
    with pytest.raises(errors.WindowWaived):
        plan(100, "2026-04-03", TERMS, for_="2026-03", had=standing(waived=["2026-03"]))


def test_a_window_that_the_group_does_not_have_is_not_found():
    with pytest.raises(errors.NoSuchWindow):
        plan(100, "2026-04-03", TERMS, for_="2030-01")


def test_between_windows_it_is_late_for_the_last_one_missed():
    windows = [w for w in months(TERMS) if w.name != "2026-04"]
    had = standing({"2026-03": 5000})
    made = plan(5000, "2026-04-10", TERMS, windows=windows, had=had)
    assert parts(made) == [(SAVINGS, "2026-02", D(5000))]
    assert made.parts[0].days_late == 41


def test_between_windows_with_nothing_missed_it_is_early_for_the_next():
    windows = [w for w in months(TERMS) if w.name in {"2026-03", "2026-05"}]
    made = plan(5000, "2026-04-10", TERMS, windows=windows, had=standing({"2026-03": 5000}))
    assert parts(made) == [(SAVINGS, "2026-05", D(5000))]
    assert not made.is_late


def test_money_for_which_no_window_is_left_is_kept():
    made = plan(5000, "2027-01-10", TERMS, had=standing({f"2026-0{month}": 5000 for month in range(1, 7)}))
    assert parts(made) == [(UNALLOCATED, "", D(5000))]
    assert made.parts[0].kept is Kept.NO_WINDOW
    assert made.lacks_windows
    assert said(made) == ["5,000.00 is kept unallocated until a window is open for it."]


# Late rules


def test_accept_makes_late_savings_without_a_fee():
    made = plan(2500, "2026-04-03", policy(late_rule=LateRule.ACCEPT), for_="2026-03")
    assert parts(made) == [(SAVINGS, "2026-03", D(2500))]
    assert made.is_late
    assert made.fee is None
    assert said(made) == ["2,500.00 is late for March 2026 and counts as savings, without a fee."]


def test_a_fixed_fee_is_the_same_for_every_amount():
    made = plan(1, "2026-04-03", policy(late_rule=LateRule.FIXED_FEE, fee_amount=D(200)), for_="2026-03")
    assert made.fee
    assert made.fee.amount == D(200)
    assert parts(made) == [(SAVINGS, "2026-03", D(1))]


@pytest.mark.parametrize(("amount", "fee"), [("100.10", "5.01"), ("100.00", "5.00"), ("100.09", "5.00")])
def test_a_percentage_is_rounded_half_up(amount, fee):
    made = plan(amount, "2026-04-03", TERMS, for_="2026-03")
    assert made.fee
    assert made.fee.amount == D(fee)


def test_a_fee_that_rounds_to_nothing_is_none():
    assert plan("0.05", "2026-04-03", TERMS, for_="2026-03").fee is None


def test_a_currency_without_decimals_has_whole_fees():
    made = plan(50010, "2026-04-03", policy(currency="UGX", expected=D(100000)), for_="2026-03")
    assert made.fee
    assert str(made.fee.amount) == "2501"


def test_a_fee_stops_at_the_cap():
    made = plan(5000, "2026-04-03", policy(fee_cap=D(100)), for_="2026-03")
    assert made.fee
    assert made.fee.amount == D(100)


def test_a_second_late_payment_for_a_window_costs_nothing_more():
    first = plan(2000, "2026-04-03", TERMS, for_="2026-03")
    after = standing().after(first)
    second = plan(3000, "2026-04-05", TERMS, for_="2026-03", had=after)
    assert first.fee
    assert (second.is_late, second.fee) == (True, None)
    assert plan(5000, "2026-04-05", TERMS, for_="2026-02", had=after).fee


def test_whole_is_penalty_leaves_nothing_for_savings_and_the_window_unmet():
    made = plan(5000, "2026-04-03", policy(late_rule=LateRule.WHOLE_IS_PENALTY), for_="2026-03")
    assert parts(made) == [(PENALTY, "2026-03", D(5000))]
    assert made.parts[0].reason is PenaltyReason.LATE
    assert made.parts[0].missing == D(5000)
    assert (made.fee, made.needs_review) == (None, True)
    assert standing().after(made) == standing()
    assert said(made) == ["5,000.00 is late for March 2026: all of it is a penalty, and March 2026 stays unmet."]


def test_whole_is_penalty_does_not_touch_a_payment_on_time():
    made = plan(5000, "2026-03-31", policy(late_rule=LateRule.WHOLE_IS_PENALTY))
    assert parts(made) == [(SAVINGS, "2026-03", D(5000))]


# Amounts


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        ("0", money.ZeroAmount),
        ("-5", money.NegativeAmount),
        ("0.001", money.TooManyDecimals),
        ("NaN", money.NotAnAmount),
        ("1e999", money.TooLarge),
    ],
)
def test_amounts_that_cannot_be_are_refused(amount, refusal):
    with pytest.raises(refusal):
        plan(amount, "2026-03-15", TERMS)
