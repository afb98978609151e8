"""What dues come to: the examples of the specification, and that no cent is lost whatever the weights."""

import uuid
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import new_id
from app.core.periods import Month
from app.dues.errors import IndivisoNotWhole, MembersPayFlat, NoAreas, NoIndiviso, NothingLevied, NothingToLevyOn
from app.dues.rules import (
    Basis,
    ChargeState,
    Frequency,
    Method,
    NotWhole,
    Order,
    Payer,
    Terms,
    Unpaid,
    charge_state,
    checked,
    oddity,
    settle,
    slot_of,
    work_out,
)

D = Decimal
JANUARY = slot_of(Frequency.MONTHLY, Month(2026, 1))
NOW = date(2026, 1, 1)


def terms(method: Method, base: str, **more: Any) -> Terms:
    told = {"basis": Basis.DEEDS, "frequency": Frequency.MONTHLY} | more
    return Terms(method=method, base=D(base), **told)


def payers(*indivisos: str, area: str | None = None) -> list[Payer]:
    return [
        Payer(new_id(), f"U{n}", new_id(), unit_id=new_id(), area=D(area) if area else None, indiviso=D(indiviso))
        for n, indiviso in enumerate(indivisos, 1)
    ]


def amounts(said: Terms, people: list[Payer], currency: str = "EUR") -> list[str]:
    return [f"{line.amount:f}" for line in work_out(said, people, JANUARY, currency).lines]


def test_a_total_is_shared_out_by_the_parts_of_the_building() -> None:
    assert amounts(terms(Method.INDIVISO, "250.00"), payers("45", "35", "20")) == ["112.50", "87.50", "50.00"]


def test_a_part_of_nought_makes_no_entry() -> None:
    working = work_out(terms(Method.INDIVISO, "25.00"), payers("75", "0", "25"), JANUARY, "EUR")
    assert [(line.payer.label, line.amount) for line in working.lines] == [("U1", D("18.75")), ("U3", D("6.25"))]
    assert working.total == 25


def test_an_area_is_multiplied_and_rounded_half_up() -> None:
    assert amounts(terms(Method.PER_M2, "15.00"), payers("0", area="100")) == ["1500.00"]
    assert amounts(terms(Method.PER_M2, "0.50"), payers("0", area="10.01")) == ["5.01"]


def test_a_unit_without_an_area_is_refused_by_name() -> None:
    with pytest.raises(NoAreas, match="U1, U2"):
        amounts(terms(Method.PER_M2, "15.00"), payers("1", "2"))


def test_a_yearly_budget_in_months_is_eight_of_one_and_four_of_the_other() -> None:
    months = [slot_of(Frequency.MONTHLY, Month(2026, month)) for month in range(1, 13)]
    said = terms(Method.INDIVISO, "1100.00", yearly=True)
    parts = [work_out(said, payers("100"), slot, "EUR").total for slot in months]
    assert sorted(parts) == [D("91.66")] * 4 + [D("91.67")] * 8
    assert sum(parts) == 1100


@given(
    base=st.integers(12, 10**9),
    weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any),
    frequency=st.sampled_from([Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY]),
    currency=st.sampled_from(["UGX", "EUR", "KWD"]),
)
def test_any_weights_share_any_budget_of_a_year_to_the_last_coin(
    base: int, weights: list[int], frequency: Frequency, currency: str
) -> None:
    people = payers(*(str(D(weight) / 10_000) for weight in weights))
    said = terms(Method.INDIVISO, str(base), yearly=True, frequency=frequency, not_whole=NotWhole.NORMALISE)
    firsts = {slot_of(frequency, Month(2026, month)) for month in range(1, 13)}
    worked = [work_out(said, people, slot, currency) for slot in firsts]
    assert sum(one.total for one in worked) == base
    assert all(one.total == sum(line.amount for line in one.lines) for one in worked)
    assert all(line.amount > 0 and line.payer.indiviso for one in worked for line in one.lines)


@given(area=st.integers(1, 10**6), rate=st.integers(1, 10**6))
def test_a_year_by_the_square_metre_adds_up_as_well(area: int, rate: int) -> None:
    people = payers("0", area=str(D(area) / 100))
    said = terms(Method.PER_M2, str(D(rate) / 100), yearly=True)
    slots = [slot_of(Frequency.MONTHLY, Month(2026, month)) for month in range(1, 13)]
    year = work_out(terms(Method.PER_M2, str(D(rate) / 100)), people, JANUARY, "EUR").total if area * rate >= 50 else 0
    parts = [line.amount for slot in slots for line in lines_or_none(said, people, slot)]
    assert sum(parts) == year


def lines_or_none(said: Terms, people: list[Payer], slot: Any) -> list[Any]:
    try:
        return list(work_out(said, people, slot, "EUR").lines)
    except NothingLevied:
        return []


def test_parts_that_are_not_100_are_refused_shared_out_or_levied_as_they_are() -> None:
    people = payers("50", "30")
    with pytest.raises(IndivisoNotWhole, match="80%"):
        amounts(terms(Method.INDIVISO, "100.00"), people)
    assert amounts(terms(Method.INDIVISO, "100.00", not_whole=NotWhole.NORMALISE), people) == ["62.50", "37.50"]
    as_is = work_out(terms(Method.INDIVISO, "100.00", not_whole=NotWhole.AS_IS), people, JANUARY, "EUR")
    assert ([line.amount for line in as_is.lines], as_is.shortfall) == ([D(50), D(30)], D(20))


def test_what_falls_to_the_group_itself_is_told_and_not_levied() -> None:
    people = payers("50", "30", "20")
    working = work_out(terms(Method.INDIVISO, "100.00"), people, JANUARY, "EUR", ours=people[1].party_id)
    assert [(line.payer.label, line.amount) for line in working.lines] == [("U1", D(50)), ("U3", D(20))]
    assert (working.total, working.borne, working.shortfall) == (D(70), D(30), D(0))
    with pytest.raises(NothingLevied):
        work_out(terms(Method.FLAT_RATE, "5.00"), people[:1], JANUARY, "EUR", ours=people[0].party_id)


@given(cents=st.integers(1, 10**9), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_parts_levied_as_they_are_come_to_their_share_and_the_rest_is_told(cents: int, weights: list[int]) -> None:
    base, people = D(cents) / 100, payers(*(str(D(weight) / 10_000) for weight in weights))
    levied = (base * sum(weights) / 10**6).quantize(D("0.01"), ROUND_HALF_UP)
    said = terms(Method.INDIVISO, str(base), not_whole=NotWhole.AS_IS)
    if not levied:
        with pytest.raises(NothingLevied):
            work_out(said, people, JANUARY, "EUR")
        return
    worked = work_out(said, people, JANUARY, "EUR")
    assert (worked.total, worked.shortfall) == (levied, base - levied)
    assert all(abs(line.amount - base * line.payer.indiviso / 100) < D("0.02") for line in worked.lines)


def test_nothing_to_share_by_and_nobody_to_levy_on_are_refused() -> None:
    with pytest.raises(NoIndiviso):
        amounts(terms(Method.INDIVISO, "100.00", not_whole=NotWhole.AS_IS), payers("0", "0"))
    with pytest.raises(NothingToLevyOn):
        amounts(terms(Method.FLAT_RATE, "100.00"), [])
    february = slot_of(Frequency.MONTHLY, Month(2026, 2))
    with pytest.raises(NothingLevied):  # the one cent of the year fell to January
        work_out(terms(Method.FLAT_RATE, "0.01", yearly=True), payers("1", "2"), february, "EUR")


@given(amount=st.integers(1, 10**7), cuts=st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_owners_share_the_amount_of_their_unit_to_the_cent(amount: int, cuts: list[int]) -> None:
    owners = [(new_id(), D(cut)) for cut in cuts]
    people = [Payer(new_id(), "U1", owners[0][0], unit_id=new_id(), owners=owners)]
    said = terms(Method.FLAT_RATE, str(D(amount) / 100), split_by_owners=True)
    assert work_out(said, people, JANUARY, "EUR").total == D(amount) / 100


def test_members_pay_the_same_amount_and_nothing_else() -> None:
    with pytest.raises(MembersPayFlat):
        checked(terms(Method.PER_M2, "1", basis=Basis.MEMBERS), has_set=False)


def test_periods_are_named_and_know_their_days() -> None:
    quarter = slot_of(Frequency.QUARTERLY, Month(2026, 5))
    assert (quarter.name, quarter.first, quarter.last) == ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30))
    assert slot_of(Frequency.YEARLY, Month(2026, 5)).name == "2026"
    assert slot_of(Frequency.ONCE, Month(2026, 5)).name == slot_of(Frequency.ONCE, Month(2027, 1)).name


def unpaid(*amounts_: str, due: date = NOW, call: uuid.UUID | None = None) -> list[Unpaid]:
    whose = call or new_id()
    return [Unpaid(new_id(), whose, due, D(amount)) for amount in amounts_]


def paid(charges: list[Unpaid], amount: str, order: Order) -> list[Decimal]:
    parts = settle(charges, D(amount), order, "EUR")
    return [parts.get(one.charge_id, D(0)) for one in charges]


def test_a_payment_pro_rata_meets_the_lines_of_one_call_in_proportion() -> None:
    assert paid(unpaid("112.50", "45.00", "67.50"), "100.00", Order.PRO_RATA) == [D(50), D(20), D(30)]


def test_a_payment_oldest_first_meets_the_oldest_wholly_before_the_next() -> None:
    charges = [*unpaid("100", due=date(2026, 1, 1)), *unpaid("100", due=date(2026, 2, 1))]
    assert paid(charges, "150", Order.OLDEST) == paid(charges, "150", Order.PRO_RATA) == [D(100), D(50)]


@given(
    owed=st.lists(st.integers(1, 10**6), min_size=1, max_size=12),
    amount=st.integers(1, 10**7),
    order=st.sampled_from(list(Order)),
)
def test_a_payment_pays_no_more_than_is_owed_and_loses_nothing(owed: list[int], amount: int, order: Order) -> None:
    charges = unpaid(*(str(D(cents) / 100) for cents in owed))
    parts = paid(charges, str(D(amount) / 100), order)
    assert sum(parts) == min(D(amount), D(sum(owed))) / 100
    assert all(0 <= part <= one.amount for part, one in zip(parts, charges, strict=True))


def test_a_charge_is_collected_once_it_is_paid_wholly() -> None:
    assert charge_state(D(10), D(9), D(0), undone=False) is ChargeState.POSTED
    assert charge_state(D(10), D(10), D(0), undone=False) is ChargeState.COLLECTED
    assert charge_state(D(10), D(10), D(4), undone=False) is ChargeState.WRITTEN_OFF
    assert charge_state(D(10), D(0), D(0), undone=True) is ChargeState.REVERSED


def test_a_line_is_odd_by_what_it_moved_and_never_in_a_first_run() -> None:
    assert (oddity(D(12), D(10), first=False), oddity(D(12), None, first=False)) == (D(2), D(12))
    assert oddity(D(12), None, first=True) == 0
