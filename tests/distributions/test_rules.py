"""The arithmetic of a share-out: nothing is lost, equals differ by a cent at most, and who is first is said."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import quantum
from app.distributions import errors
from app.distributions.rules import (
    Base,
    Cycle,
    Earned,
    Rule,
    Saver,
    Terms,
    check_cycle,
    checked,
    in_order,
    payment,
    share_out,
    shares_of,
    working,
)

D = Decimal
YEAR = Cycle(date(2026, 1, 1), date(2026, 12, 31))
MONEY = st.integers(0, 10**9).map(lambda cents: D(cents) / 100)


def saver(number: int, saved: str | Decimal = "0", days: str | Decimal = "0", interest: str | Decimal = "0") -> Saver:
    return Saver(UUID(int=number), f"M{number:03}", f"Member {number}", D(saved), D(days), D(interest))


def amounts(rule: Rule, total: str, *savers: Saver, value: str | None = None, currency: str = "KES") -> list[str]:
    made = share_out(rule, D(total), savers, share_value=D(value) if value else None, currency=currency)
    return [f"{part.amount:f}" for part in made.values()]


def earned(surplus: str = "1000", used: str = "0", now: str = "1000", fines: str = "0", interest: str = "0") -> Earned:
    return Earned(surplus=D(surplus), appropriated=D(used), left_now=D(now), fines=D(fines), interest=D(interest))


WHOLE = st.integers(0, 10**7).map(D)  # interest that was paid is exact in any currency
SAVERS = st.lists(st.tuples(MONEY, MONEY, WHOLE), min_size=1, max_size=12).map(
    lambda rows: [saver(n, saved, days * 30, interest) for n, (saved, days, interest) in enumerate(rows, 1)]
)
RULE = st.sampled_from(Rule)
CURRENCY = st.sampled_from(["KES", "UGX", "KWD"])


@given(rule=RULE, savers=SAVERS, units=st.integers(0, 10**9), currency=CURRENCY)
def test_every_rule_adds_up_to_the_cent_and_gives_nobody_less_than_nothing(rule, savers, units, currency):
    total = units * quantum(currency)
    try:
        made = share_out(rule, total, savers, share_value=D("2.50"), currency=currency)
    except errors.NobodySaved:
        return
    assert sum(part.amount for part in made.values()) == total
    assert all(part.amount >= 0 and part.amount % quantum(currency) == 0 for part in made.values())
    assert list(made) == [one.id for one in savers]


@given(
    rule=st.sampled_from([r for r in Rule if r is not Rule.OWN_INTEREST]), savers=SAVERS, cents=st.integers(1, 10**9)
)
def test_equal_weights_differ_by_one_quantum_at_most_and_more_weight_never_gets_less(rule, savers, cents):
    try:
        made = share_out(rule, D(cents) / 100, savers, share_value=D("2.50"), currency="KES")
    except errors.NobodySaved:
        return
    ordered = sorted(made.values(), key=lambda part: part.weight)
    for less, more in pairwise(ordered):
        assert more.amount - less.amount >= (D(0) if more.weight > less.weight else D("-0.01"))
        if more.weight == less.weight:
            assert abs(more.amount - less.amount) <= D("0.01")


def test_the_first_by_identifier_gets_the_last_cent():
    people = in_order([saver(3), saver(1), saver(2)])
    assert [one.identifier for one in people] == ["M001", "M002", "M003"]
    assert amounts(Rule.EQUAL, "100", *people) == ["33.34", "33.33", "33.33"]


def test_by_savings_and_by_the_average_of_the_days():
    early, late = saver(1, "600", D(600) * 365), saver(2, "600", D(600) * 73)
    assert amounts(Rule.SAVINGS, "120", early, late) == ["60.00", "60.00"]
    assert amounts(Rule.AVERAGE, "120", early, late) == ["100.00", "20.00"]


def test_by_shares_only_whole_ones_count():
    people = [saver(1, "2500"), saver(2, "1999.99"), saver(3, "999")]
    assert amounts(Rule.SHARES, "300", *people, value="1000") == ["200.00", "100.00", "0.00"]
    with pytest.raises(errors.ShareValueMissing):
        amounts(Rule.SHARES, "300", *people)


def test_own_interest_comes_back_and_the_rest_goes_by_savings():
    people = [saver(1, "100", interest="30"), saver(2, "300", interest="0"), saver(3, "0", interest="10")]
    assert amounts(Rule.OWN_INTEREST, "100", *people) == ["45.00", "45.00", "10.00"]
    assert amounts(Rule.OWN_INTEREST, "20", *people) == ["15.00", "0.00", "5.00"]


def test_nobody_who_saved_is_said_and_nothing_is_shared_among_nobody():
    for rule in (Rule.SAVINGS, Rule.AVERAGE, Rule.OWN_INTEREST):
        with pytest.raises(errors.NobodySaved):
            amounts(rule, "10", saver(1))
    with pytest.raises(errors.NobodySaved):
        amounts(Rule.EQUAL, "10")
    assert amounts(Rule.SAVINGS, "0", saver(1)) == ["0"]
    assert shares_of(share_out(Rule.SAVINGS, D(0), [saver(1)], share_value=None, currency="KES")) == {}


def test_shares_in_per_cent_are_exactly_a_hundred():
    made = share_out(Rule.EQUAL, D(100), [saver(1), saver(2), saver(3)], share_value=None, currency="KES")
    assert [str(percent) for percent in shares_of(made).values()] == ["33.3400", "33.3300", "33.3300"]


def test_the_funds_come_first_of_the_interest_or_of_all():
    terms = Terms(reserve_percent=D(20), education_percent=D(10))
    whole = working(earned(interest="300"), terms, "KES")
    assert (whole.reserve, whole.education, whole.for_members) == (D(200), D(100), D(700))
    interest = working(earned(interest="300"), Terms(**vars(terms) | {"base": Base.LOAN_INTEREST}), "KES")
    assert (interest.base_amount, interest.reserve, interest.education, interest.for_members) == (
        D(300),
        D(60),
        D(30),
        D(910),
    )


def test_the_funds_never_get_more_than_there_is():
    terms = Terms(reserve_percent=D(90), education_percent=D(10), base=Base.LOAN_INTEREST)
    found = working(earned("100", now="100", interest="500"), terms, "KES")
    assert (found.reserve, found.education, found.for_members) == (D(100), D(0), D(0))


@given(surplus=MONEY, used=MONEY, now=MONEY, fines=MONEY, percents=st.tuples(st.integers(0, 60), st.integers(0, 40)))
def test_the_parts_are_the_whole(surplus, used, now, fines, percents):
    told = Earned(surplus=surplus, appropriated=used, left_now=now, fines=fines, interest=fines)
    terms = Terms(reserve_percent=D(percents[0]), education_percent=D(percents[1]), fines_shared=False)
    try:
        found = working(told, terms, "KES")
    except errors.NothingToShare:
        assert min(surplus - used, now) - fines <= 0
        return
    assert found.reserve + found.education + found.for_members == found.distributable <= now
    assert min(found.reserve, found.education, found.for_members, found.gone_since) >= 0
    assert surplus - used - found.fines_kept - found.gone_since == found.distributable


def test_what_was_spent_since_is_not_shared_and_fines_are_as_the_terms_say():
    assert working(earned(now="400"), Terms(), "KES").gone_since == 600
    assert working(earned(fines="150"), Terms(), "KES").distributable == 1000
    kept = working(earned(fines="150"), Terms(fines_shared=False), "KES")
    assert (kept.fines_kept, kept.distributable) == (D(150), D(850))
    for nothing in (earned("0", now="0"), earned(used="1000", now="0"), earned("-5", now="20")):
        with pytest.raises(errors.NothingToShare):
            working(nothing, Terms(), "KES")


@pytest.mark.parametrize(
    ("told", "refusal", "field"),
    [
        ({"reserve_percent": D("-1")}, errors.BadPercent, "reserve_percent"),
        ({"education_percent": D("100.1")}, errors.BadPercent, "education_percent"),
        ({"education_percent": D("0.00001")}, errors.BadPercent, "education_percent"),
        ({"reserve_percent": D(60), "education_percent": D(41)}, errors.TooMuchKept, "education_percent"),
        ({"share_value": D(0)}, errors.BadShareValue, "share_value"),
        ({"rule": Rule.SHARES}, errors.ShareValueMissing, "share_value"),
    ],
)
def test_terms_that_cannot_be_are_refused_beside_their_field(told, refusal, field):
    with pytest.raises(refusal) as refused:
        checked(Terms(**told))
    assert refused.value.field == field
    assert checked(Terms(rule=Rule.SHARES, share_value=D(500))).share_value == 500


def test_a_cycle_ends_after_it_begins_and_is_over():
    assert check_cycle(YEAR, date(2026, 12, 31)).days == 365
    for cycle, refusal in (
        (Cycle(date(2026, 2, 1), date(2026, 1, 31)), errors.CycleBackwards),
        (Cycle(date(2026, 1, 1), date(2027, 1, 1)), errors.CycleNotOver),
        (Cycle(date(1926, 1, 1), date(2026, 1, 1)), errors.CycleTooLong),
    ):
        with pytest.raises(refusal):
            check_cycle(cycle, date(2026, 12, 31))


def paid(part="0", growth="0", free="0", debt="0", *, with_savings=False):
    made = payment(part=D(part), growth=D(growth), free=D(free), debt=D(debt), with_savings=with_savings)
    return made.growth, made.savings, made.deducted, made.owed


def test_what_is_paid_is_what_is_there_less_own_debts_and_never_below_nothing():
    assert paid("100", "100") == (100, 0, 0, 100)
    assert paid("100", "40", "500", "50") == (40, 0, 40, 0)
    assert paid("100", "-20") == (0, 0, 0, 0)
    assert paid("100", "130", "500", "50", with_savings=True) == (130, 500, 50, 580)


def test_losses_lessen_the_savings_that_are_given_back():
    assert paid("0", "-30", "100", with_savings=True) == (-30, 100, 0, 70)
    assert paid("0", "-130", "100", "9", with_savings=True) == (-100, 100, 0, 0)


@given(part=MONEY, growth=st.integers(-(10**9), 10**9).map(D), free=MONEY, debt=MONEY, with_savings=st.booleans())
def test_a_payment_takes_no_more_than_there_is(part, growth, free, debt, with_savings):
    made = payment(part=part, growth=growth, free=free, debt=debt, with_savings=with_savings)
    assert made.owed >= 0
    assert 0 <= made.savings <= free
    assert 0 <= made.deducted <= debt
    assert made.growth <= max(growth, 0)
    assert made.growth + made.savings == made.deducted + made.owed
