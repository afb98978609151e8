"""What being late costs, without a database: days, bases, caps, and what payments found later make of it."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.latefees.rules import Base, Due, Entry, Kind, Known, Look, Outcome, Plan, Repeats, Terms, occasions, penalty

D, KES = Decimal, "KES"
DUE = date(2026, 3, 1)
RULE = uuid.uuid4()
TEN = Terms(3, Kind.PERCENTAGE, D(10))
MONTHLY = Terms(3, Kind.PERCENTAGE, D(10), repeats=Repeats.MONTHLY)


def paid(*parts: tuple[date, str], amount: str = "100") -> Entry:
    return Entry(D(amount), DUE, [(on, D(part)) for on, part in parts])


def look(entry: Entry, on: date, *known: Known, terms: Terms | None = TEN) -> Plan:
    return Look(entry, known, KES).plan((RULE, terms) if terms else None, on)


def posted(due: Due, **more: Any) -> Known:
    told: dict[str, Any] = {"outcome": Outcome.POSTED, "stands": True} | more
    same = ("rule_id", "terms", "period", "revision", "late_on", "amount", "right")
    return Known(id=uuid.uuid4(), **{name: getattr(due, name) for name in same}, undoes_id=due.undoes, **told)


def waits(due: Due) -> Known:
    return posted(due, outcome=None, stands=False)


def test_due_on_the_first_with_three_days_is_first_charged_on_the_fifth() -> None:
    assert look(paid(), date(2026, 3, 4)).propose == []
    (due,) = look(paid(), date(2026, 3, 5)).propose
    assert (due.late_on, due.period, due.amount) == (date(2026, 3, 5), "2026-03", D(10))


def test_what_was_paid_by_the_end_of_the_last_day_is_not_charged() -> None:
    (due,) = look(paid((date(2026, 3, 4), "60")), date(2026, 3, 20)).propose
    assert (due.base, due.amount) == (D(40), D(4))
    (due,) = look(paid((date(2026, 3, 5), "60")), date(2026, 3, 20)).propose
    assert due.amount == D(10)
    assert look(paid((date(2026, 3, 4), "100")), date(2026, 3, 20)).propose == []


def test_bases_minimum_and_fixed_amounts() -> None:
    part = paid((date(2026, 3, 2), "60"))
    whole = Terms(3, Kind.PERCENTAGE, D(10), base=Base.ORIGINAL)
    assert penalty(whole, part, date(2026, 3, 5), D(0), KES).amount == D(10)
    assert penalty(Terms(3, Kind.FIXED, D(7)), part, date(2026, 3, 5), D(0), KES).amount == D(7)
    for minimum, amount in (("40", "4"), ("40.01", "0")):
        told = Terms(3, Kind.PERCENTAGE, D(10), minimum=D(minimum))
        assert penalty(told, part, date(2026, 3, 5), D(0), KES).amount == D(amount)
    assert penalty(TEN, paid(amount="0.55"), date(2026, 3, 5), D(0), KES).amount == D("0.06")


def test_every_calendar_month_has_one_occasion_even_from_its_last_days() -> None:
    found = list(occasions(date(2026, 1, 28), Terms(2, Kind.FIXED, D(1), repeats=Repeats.MONTHLY), date(2026, 6, 1)))
    assert [str(day) for day in found] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_monthly_penalties_do_not_compound_and_stop_at_the_cap_and_when_paid() -> None:
    plan = look(paid((date(2026, 5, 10), "100")), date(2026, 8, 1), terms=MONTHLY)
    assert [(due.period, due.amount) for due in plan.propose] == [
        ("2026-03", D(10)),
        ("2026-04", D(10)),
        ("2026-05", D(10)),
    ]
    capped = Terms(3, Kind.PERCENTAGE, D(10), cap=D(25), repeats=Repeats.MONTHLY)
    assert [due.amount for due in look(paid(), date(2026, 8, 1), terms=capped).propose] == [10, 10, 5]


def test_what_is_there_is_not_proposed_again_and_what_was_declined_never() -> None:
    (due,) = look(paid(), date(2026, 3, 5)).propose
    for known in (waits(due), posted(due), posted(due, outcome=Outcome.DECLINED, stands=False)):
        assert look(paid(), date(2026, 3, 9), known) == Plan([], [])
    by_hand = posted(due, stands=False)  # an officer reversed the penalty
    assert look(paid(), date(2026, 3, 9), by_hand) == Plan([], [])


def test_a_payment_found_later_withdraws_what_waits_and_proposes_what_is_due() -> None:
    (due,) = look(paid(), date(2026, 3, 5)).propose
    there = waits(due)
    plan = look(paid((date(2026, 3, 3), "100")), date(2026, 3, 9), there)
    assert (plan.withdraw, plan.propose) == ([there.id], [])
    plan = look(paid((date(2026, 3, 3), "50")), date(2026, 3, 9), there)
    assert (plan.withdraw, [(one.amount, one.revision) for one in plan.propose]) == ([there.id], [(D(5), 1)])
    gone = Entry(D(100), DUE, (), undone=True)
    assert look(gone, date(2026, 3, 9), there).withdraw == [there.id]


def test_a_payment_found_later_proposes_the_reversal_of_what_was_posted_and_then_what_is_due() -> None:
    (due,) = look(paid(), date(2026, 3, 5)).propose
    there, found = posted(due), paid((date(2026, 3, 3), "50"))
    (back,) = look(found, date(2026, 3, 9), there).propose
    assert (back.undoes, back.amount, back.right) == (there.id, D(10), D(5))
    assert look(found, date(2026, 3, 9), there, waits(back)) == Plan([], [])
    declined = posted(back, outcome=Outcome.DECLINED, stands=False)
    assert look(found, date(2026, 3, 9), there, declined) == Plan([], [])
    more = look(paid((date(2026, 3, 3), "100")), date(2026, 3, 9), there, declined)
    assert [(one.right, one.revision) for one in more.propose] == [(D(0), 1)]
    waiting = waits(back)
    assert look(paid(), date(2026, 3, 9), there, waiting).withdraw == [waiting.id]
    taken = posted(back, stands=False)
    (again,) = look(found, date(2026, 3, 9), replace(there, stands=False), taken).propose
    assert (again.amount, again.revision) == (D(5), 1)


def test_a_penalty_that_was_once_charged_is_not_charged_again_by_another_rule() -> None:
    (due,) = look(paid(), date(2026, 3, 5)).propose
    other = Terms(45, Kind.FIXED, D(9))
    assert look(paid(), date(2026, 8, 1), posted(due), terms=other) == Plan([], [])


parts = st.lists(st.tuples(st.integers(-30, 400), st.integers(1, 9_000)), max_size=6)
rules = st.builds(
    Terms,
    st.integers(0, 90),
    st.sampled_from(Kind),
    st.integers(1, 10_000).map(lambda cents: D(cents) / 100),
    st.sampled_from(Base),
    st.integers(0, 5_000).map(lambda cents: D(cents) / 100),
    st.none() | st.integers(1, 20_000).map(lambda cents: D(cents) / 100),
    st.sampled_from(Repeats),
)


@settings(max_examples=60, deadline=None)
@given(rules, st.integers(1, 50_000), parts, parts, st.integers(0, 500))
def test_however_it_is_paid_and_looked_at_one_stands_a_month_within_the_cap(
    terms: Terms, cents: int, first: Any, later: Any, days: int
) -> None:
    on = DUE + timedelta(days=days)
    entry = Entry(D(cents) / 100, DUE, _parts(first))
    plan = look(entry, on, terms=terms)
    known = [posted(due) for due in plan.propose]
    assert look(entry, on, *known, terms=terms) == Plan([], [])
    months = [due.period for due in plan.propose]
    assert len(set(months)) == len(months)
    assert terms.repeats is Repeats.MONTHLY or len(months) <= 1
    assert all(due.amount > 0 and due.late_on <= on for due in plan.propose)
    assert terms.cap is None or sum((due.amount for due in plan.propose), D(0)) <= terms.cap
    assert all(due.amount == due.amount.quantize(D("0.01")) for due in plan.propose)
    found = Entry(entry.amount, DUE, [*entry.parts, *_parts(later)])
    back = look(found, on, *known, terms=terms)
    assert {due.undoes for due in back.propose if due.undoes} <= {one.id for one in known}
    assert all(due.right < due.amount for due in back.propose if due.undoes)


def _parts(told: Any) -> list[tuple[date, Decimal]]:
    return [(DUE + timedelta(days=days), D(cents) / 100) for days, cents in told]


def test_what_stands_of_later_months_leaves_that_much_less_of_the_cap_to_an_earlier_one() -> None:
    capped = replace(MONTHLY, cap=D(12))
    bounced = paid((date(2026, 3, 2), "100"), (date(2026, 3, 20), "-100"))
    (april,) = look(bounced, date(2026, 4, 6), terms=capped).propose
    assert (april.period, april.amount) == ("2026-04", D(10))
    plan = look(paid(), date(2026, 5, 6), posted(april), terms=capped)
    assert [(due.period, due.amount, due.undoes) for due in plan.propose] == [("2026-03", D(2), None)]
    (march,) = plan.propose
    for there in (waits(march), posted(march)):
        assert look(paid(), date(2026, 5, 6), posted(april), there, terms=capped) == Plan([], [])
