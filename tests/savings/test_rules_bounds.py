"""What becomes of a payment: bounds, paying ahead, one payment a window, penalties first."""

import uuid

import pytest

from app.savings import errors
from app.savings.rules import Kept, OpenPenalty, OverRule, PartKind, PenaltyReason, sentences
from tests.savings.making import D, named, parts, plan, policy, standing

SAVINGS, PENALTY, UNALLOCATED = PartKind.SAVINGS, PartKind.PENALTY, PartKind.UNALLOCATED
PAYS_PENALTY = PartKind.PENALTY_PAYMENT
TERMS = policy()
CAPPED = policy(maximum=D(5000))


def said(made):
    return [str(sentence) for sentence in sentences(made)]


# Bounds


def test_below_the_minimum_it_is_savings_and_says_what_is_missing():
    made = plan(1000, "2026-03-15", policy(minimum=D(2000)))
    assert made.parts[0].missing == D(1000)
    assert said(made) == ["1,000.00 counts for March 2026, where 1,000.00 is then still missing."]


def test_bounds_hold_for_the_total_of_the_window():
    made = plan(3000, "2026-03-15", CAPPED, had=standing({"2026-03": 4000}))
    assert parts(made) == [(SAVINGS, "2026-03", D(1000)), (SAVINGS, "2026-04", D(2000))]


def test_without_a_maximum_all_of_it_is_savings_of_the_window():
    assert parts(plan(50000, "2026-03-15", TERMS)) == [(SAVINGS, "2026-03", D(50000))]


def test_the_excess_is_spread_over_the_next_windows_in_order():
    made = plan(13000, "2026-03-15", CAPPED)
    assert parts(made) == [(SAVINGS, "2026-03", D(5000)), (SAVINGS, "2026-04", D(5000)), (SAVINGS, "2026-05", D(3000))]
    assert [part.spread for part in made.parts] == [False, True, True]
    assert not made.is_late
    assert said(made)[1] == "5,000.00 is over the maximum and counts for April 2026, on time."


def test_spreading_leaves_out_full_and_waived_windows():
    had = standing({"2026-04": 5000}, waived=["2026-05"])
    assert parts(plan(7000, "2026-03-15", CAPPED, had=had)) == [
        (SAVINGS, "2026-03", D(5000)),
        (SAVINGS, "2026-06", D(2000)),
    ]


def test_what_no_open_window_has_room_for_is_kept():
    made = plan(12000, "2026-05-15", CAPPED)
    assert parts(made)[-1] == (UNALLOCATED, "", D(2000))
    assert made.lacks_windows


def test_the_excess_of_a_late_payment_is_not_late():
    made = plan(7000, "2026-05-10", CAPPED, for_="2026-02", had=standing({"2026-02": 2500, "2026-03": 100}))
    assert parts(made) == [(SAVINGS, "2026-02", D(2500)), (SAVINGS, "2026-05", D(4500))]
    assert [part.days_late for part in made.parts] == [71, 0]
    assert made.fee
    assert made.fee.amount == D(125)


def test_an_accepted_excess_is_savings_of_the_same_window():
    made = plan(7000, "2026-03-15", policy(maximum=D(5000), over_rule=OverRule.ACCEPT))
    assert parts(made) == [(SAVINGS, "2026-03", D(7000))]


def test_excess_is_penalty_takes_the_excess_only():
    made = plan(7000, "2026-03-15", policy(maximum=D(5000), over_rule=OverRule.EXCESS_IS_PENALTY))
    assert parts(made) == [(SAVINGS, "2026-03", D(5000)), (PENALTY, "2026-03", D(2000))]
    assert made.parts[1].reason is PenaltyReason.OVER_MAXIMUM
    assert made.needs_review
    assert said(made)[1] == "2,000.00 is over the maximum for March 2026 and becomes a penalty."


def test_a_refused_excess_is_kept_to_be_returned():
    made = plan(7000, "2026-03-15", policy(maximum=D(5000), over_rule=OverRule.REFUSE))
    assert parts(made) == [(SAVINGS, "2026-03", D(5000)), (UNALLOCATED, "2026-03", D(2000))]
    assert made.parts[1].kept is Kept.OVER_MAXIMUM
    assert not made.lacks_windows
    assert said(made)[1] == "2,000.00 is over the maximum for March 2026: it is kept unallocated, to be returned."


# Paying ahead


def test_paying_ahead_is_split_by_what_is_expected_each_part_on_time():
    made = plan(12000, "2026-03-15", TERMS, ahead=True)
    assert parts(made) == [(SAVINGS, "2026-03", D(5000)), (SAVINGS, "2026-04", D(5000)), (SAVINGS, "2026-05", D(2000))]
    assert [part.days_late for part in made.parts] == [0, 0, 0]
    assert [part.spread for part in made.parts] == [False, False, False]


def test_paying_ahead_fills_up_what_is_missing():
    made = plan(6000, "2026-03-15", TERMS, ahead=True, had=standing({"2026-03": 4000, "2026-04": 5000}))
    assert parts(made) == [(SAVINGS, "2026-03", D(1000)), (SAVINGS, "2026-05", D(5000))]


def test_paying_ahead_from_a_missed_window_is_late_there_only():
    made = plan(10000, "2026-05-10", TERMS, ahead=True, for_="2026-02")
    assert parts(made) == [(SAVINGS, "2026-02", D(5000)), (SAVINGS, "2026-05", D(5000))]
    assert made.fee
    assert made.fee.amount == D(250)


def test_paying_ahead_where_nothing_is_expected_goes_by_the_maximum():
    made = plan(900, "2026-03-15", policy(expected=D(0), maximum=D(500)), ahead=True)
    assert parts(made) == [(SAVINGS, "2026-03", D(500)), (SAVINGS, "2026-04", D(400))]


# One payment a window


def test_one_payment_a_window_refuses_the_second():
    once = policy(several_payments=False)
    had = standing().after(plan(1000, "2026-03-15", once))
    with pytest.raises(errors.OnePaymentAWindow) as refused:
        plan(4000, "2026-03-20", once, had=had)
    assert "2026-03" in str(refused.value)
    assert parts(plan(4000, "2026-04-20", once, had=had)) == [(SAVINGS, "2026-04", D(4000))]


def test_the_spread_excess_of_another_window_is_not_its_payment():
    once = policy(several_payments=False, maximum=D(5000))
    had = standing().after(plan(7000, "2026-03-15", once))
    assert parts(plan(3000, "2026-04-15", once, had=had)) == [(SAVINGS, "2026-04", D(3000))]


def test_paying_ahead_leaves_out_windows_that_have_their_payment():
    once = policy(several_payments=False)
    had = standing({"2026-04": 1000}, paid_in=["2026-04"])
    assert parts(plan(10000, "2026-03-15", once, had=had, ahead=True)) == [
        (SAVINGS, "2026-03", D(5000)),
        (SAVINGS, "2026-05", D(5000)),
    ]


# Penalties first


def owing(*amounts):
    return tuple(OpenPenalty(uuid.UUID(int=place), D(amount)) for place, amount in enumerate(amounts))


def test_nothing_is_taken_for_a_penalty_unless_the_policy_says_so():
    made = plan(5000, "2026-03-15", TERMS, had=standing(penalties=owing(125)))
    assert parts(made) == [(SAVINGS, "2026-03", D(5000))]


def test_penalties_first_pays_the_oldest_first_and_shows_the_split():
    had = standing(penalties=owing(125, 300))
    made = plan(5000, "2026-03-15", policy(penalties_first=True), had=had)
    assert parts(made) == [(PAYS_PENALTY, "", D(125)), (PAYS_PENALTY, "", D(300)), (SAVINGS, "2026-03", D(4575))]
    assert [part.penalty_id for part in made.parts[:2]] == [penalty.id for penalty in had.penalties]
    assert made.needs_review
    assert said(made)[0] == "125.00 pays a penalty that is still owed."
    assert had.after(made).penalties == ()


def test_penalties_first_may_take_all_of_it():
    had = standing(penalties=owing(125, 300))
    made = plan(200, "2026-03-15", policy(penalties_first=True), had=had)
    assert parts(made) == [(PAYS_PENALTY, "", D(125)), (PAYS_PENALTY, "", D(75))]
    assert had.after(made).penalties == (OpenPenalty(uuid.UUID(int=1), D(225)),)


def test_the_fee_is_for_what_is_left_after_penalties():
    made = plan(2500, "2026-04-03", policy(penalties_first=True), for_="2026-03", had=standing(penalties=owing(500)))
    assert made.fee
    assert made.fee.amount == D(100)


def test_the_next_row_of_a_screen_knows_the_one_before():
    had = standing({"2026-03": 1000}).after(plan(7000, "2026-03-15", CAPPED, had=standing({"2026-03": 1000})))
    assert had.saved == {named("2026-03"): D(5000), named("2026-04"): D(3000)}
    assert had.paid_in == {named("2026-03")}
