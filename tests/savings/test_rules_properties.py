"""What holds for every payment, whatever the policy and wherever the member stands."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refused
from app.savings.rules import (
    LateRule,
    OpenPenalty,
    OverRule,
    PartKind,
    Payment,
    Standing,
    assess,
    checked,
    late_fee,
    sentences,
)
from tests.savings.making import D, months, policy

INSTANTS = st.integers(0, 180 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
AMOUNTS = st.integers(1, 40_000).map(D) | st.decimals("0.01", 10**7, places=2)
SMALL = st.integers(0, 6_000).map(D)


IN_FEBRUARY = st.integers(0, 27 * 24).map(lambda hours: datetime(2026, 2, 1, tzinfo=UTC) + timedelta(hours=hours))
IN_MAY = IN_FEBRUARY.map(lambda at: at.replace(month=5))
BOUNDS = st.sampled_from(
    [(0, 0, None), (0, 1000, None), (500, 2500, 2500), (1000, 1000, 6000), (0, 0, 2500), (500, 0, 500)]
)


@st.composite
def policies(draw, /, **fixed):
    """Terms of every kind that fit each other, some of them given."""
    minimum, expected, maximum = draw(BOUNDS)
    drawn = {
        "minimum": D(minimum),
        "expected": D(expected),
        "maximum": maximum and D(maximum) + D("0.50"),
        "late_rule": draw(st.sampled_from(LateRule)),
        "over_rule": draw(st.sampled_from(OverRule)),
        "fee_amount": D(150),
        "fee_percent": draw(st.sampled_from([D("0.01"), D(5), D(100)])),
        "fee_cap": draw(st.sampled_from([None, D(75)])),
        "several_payments": draw(st.booleans()),
        "penalties_first": draw(st.booleans()),
    }
    return checked(policy(**{**drawn, **fixed}))


@st.composite
def standings(draw, windows):
    some = st.sets(st.sampled_from([window.id for window in windows])).map(frozenset)
    owed = draw(st.lists(st.integers(1, 900).map(D), max_size=3))
    return Standing(
        saved=draw(st.dictionaries(st.sampled_from([window.id for window in windows]), SMALL)),
        waived=draw(some),
        paid_in=draw(some),
        charged=draw(some),
        penalties=tuple(OpenPenalty(window.id, amount) for window, amount in zip(windows, owed, strict=False)),
    )


@st.composite
def payments(draw, windows):
    name = draw(st.none() | st.sampled_from([window.id for window in windows]))
    return Payment(amount=draw(AMOUNTS), paid_at=draw(INSTANTS), window_id=name, ahead=draw(st.booleans()))


@st.composite
def late_cases(draw):
    """The same for a payment in May that is late for January under a fee rule, with or without an earlier fee."""
    rule = draw(st.sampled_from([LateRule.FIXED_FEE, LateRule.PERCENT_FEE]))
    terms = draw(policies(late_rule=rule, several_payments=True, minimum=D(400), expected=D(500)))
    windows = months(terms)
    had = replace(draw(standings(windows)), saved={}, waived=frozenset())
    paid = Payment(amount=draw(AMOUNTS), paid_at=draw(IN_MAY), window_id=windows[0].id, ahead=draw(st.booleans()))
    return had, assess(paid, windows=windows, standing=had, policy=terms)


@st.composite
def cases(draw):
    """A member's standing and the plan for a payment; windows may have holes, a payment that is refused is replaced."""
    terms = draw(policies())
    windows = [window for window in months(terms) if window.name == "2026-03" or draw(st.integers(0, 5))]
    had = draw(standings(windows))
    payment = draw(payments(windows))
    try:
        return had, assess(payment, windows=windows, standing=had, policy=terms)
    except Refused:
        had = replace(had, paid_in=frozenset())
        payment = replace(payment, window_id=None)
        return had, assess(payment, windows=windows, standing=had, policy=terms)


@given(cases())
def test_the_parts_add_up_to_the_payment_and_none_is_nothing(case):
    _had, plan = case
    assert sum(part.amount for part in plan.parts) == plan.payment.amount
    assert all(part.amount > 0 for part in plan.parts)
    assert len(sentences(plan)) == len(plan.parts)
    assert "%(" not in " ".join(map(str, sentences(plan)))


@given(cases())
def test_no_window_gets_more_than_its_maximum(case):
    had, plan = case
    for part in plan.parts:
        bounded = part.kind is PartKind.SAVINGS and part.window.maximum is not None
        if bounded and plan.policy.over_rule is not OverRule.ACCEPT:
            assert had.saved_in(part.window) + part.amount <= part.window.maximum


@given(cases())
def test_a_window_gets_one_part_of_savings(case):
    _had, plan = case
    counts = Counter(part.window.id for part in plan.parts if part.kind is PartKind.SAVINGS)
    assert set(counts.values()) <= {1}


@given(cases() | late_cases())
def test_at_most_the_first_part_of_savings_is_late_and_the_rest_follow_in_order(case):
    had, plan = case
    savings = [part for part in plan.parts if part.kind is PartKind.SAVINGS]
    assert all(not part.days_late for part in savings[1:])
    starts = [part.window.starts_at for part in savings]
    assert starts == sorted(starts)
    assert not any(part.window.id in had.waived for part in savings[1:])


@given(late_cases())
def test_a_fee_is_levied_for_the_late_part_once_within_the_cap_or_else_not_at_all(case):
    had, plan = case
    late = [part for part in plan.parts if part.kind is PartKind.SAVINGS and part.days_late]
    due = late_fee(plan.policy, late[0].amount) if late and late[0].window.id not in had.charged else D(0)
    assert due <= (plan.policy.fee_cap or due)
    assert (plan.fee.amount if plan.fee else D(0)) == due
    assert plan.fee is None or plan.fee.window == late[0].window


@given(cases())
def test_without_a_late_part_there_is_no_fee(case):
    _had, plan = case
    assert plan.fee is None or plan.is_late


@given(cases())
def test_nothing_of_a_late_payment_is_savings_under_whole_is_penalty(case):
    _had, plan = case
    if plan.policy.late_rule is LateRule.WHOLE_IS_PENALTY and plan.is_late:
        assert plan.total(PartKind.SAVINGS) == 0
        assert plan.total(PartKind.PENALTY) == plan.payment.amount - plan.total(PartKind.PENALTY_PAYMENT)


@given(cases())
def test_money_goes_to_penalties_only_under_penalties_first_and_never_more_than_is_owed(case):
    had, plan = case
    owed = sum(penalty.owed for penalty in had.penalties)
    expected = min(owed, plan.payment.amount) if plan.policy.penalties_first else 0
    assert plan.total(PartKind.PENALTY_PAYMENT) == expected


@given(cases())
def test_the_standing_after_is_the_standing_before_and_the_parts(case):
    had, plan = case
    after = had.after(plan)
    assert sum(after.saved.values()) - sum(had.saved.values()) == plan.total(PartKind.SAVINGS)
    paid = sum(p.owed for p in had.penalties) - sum(p.owed for p in after.penalties)
    assert paid == plan.total(PartKind.PENALTY_PAYMENT)
    assert all(penalty.owed > 0 for penalty in after.penalties)


@given(
    policies(minimum=D(3000), expected=D(3000), maximum=None, several_payments=True),
    st.lists(st.integers(1, 900).map(D)),
)
def test_a_member_pays_one_fee_a_window_however_often_late(terms, amounts):
    windows, had, fees = months(terms), Standing(), []
    for amount in amounts:
        try:
            plan = assess(
                Payment(amount=amount, paid_at=windows[4].starts_at, window_id=windows[0].id),
                windows=windows,
                standing=had,
                policy=terms,
            )
        except Refused:
            break
        had = had.after(plan)
        fees += [plan.fee] if plan.fee else []
    assert len(fees) <= 1


@given(
    policies(several_payments=True),
    st.permutations(range(4)),
    st.lists(st.tuples(AMOUNTS, IN_FEBRUARY), min_size=4, max_size=4),
)
def test_payments_of_one_window_give_the_same_savings_in_any_order(terms, order, received):
    windows = months(terms)

    def saved(places):
        had = Standing()
        for place in places:
            paid = Payment(amount=received[place][0], paid_at=received[place][1])
            had = had.after(assess(paid, windows=windows, standing=had, policy=terms))
        return {key: amount for key, amount in had.saved.items() if amount}

    assert saved(order) == saved(range(4))


FREE = policies(several_payments=True, minimum=D(500), expected=D(0), maximum=None)


@given(FREE, st.permutations(range(3)), st.lists(st.tuples(AMOUNTS, INSTANTS), min_size=3, max_size=3))
def test_without_a_maximum_the_order_of_typing_never_matters(terms, order, received):
    windows = months(terms)

    def saved(places):
        had = Standing()
        for place in places:
            paid = Payment(amount=received[place][0], paid_at=received[place][1])
            had = had.after(assess(paid, windows=windows, standing=had, policy=terms))
        return had.saved, had.charged

    assert saved(order) == saved(range(3))
