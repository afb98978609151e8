"""Investments take savings of those who have them, to the last cent, and never more than there is."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import DomainError
from app.holdings import queries
from app.holdings.errors import BeyondCash, BeyondEligible, NothingEligible
from app.holdings.investing import preview_investment, record_investment
from app.ledgers import chart, lots
from app.ledgers.balances import balances_of_kind, natural_balance
from app.ledgers.cash import add_cash_account
from app.ledgers.errors import DayInFuture, KeyUsed
from tests.holdings.conftest import Investing

D = Decimal


def test_the_worked_example(investing: Investing) -> None:
    found = investing.invest(500)
    held = {row.member_id: (row.units, row.cost) for row in queries.holders([found])}
    assert investing.parts(held) == {
        "leader": (D(30), D(300)),
        "treasurer": (D(15), D(150)),
        "member": (D(5), D(50)),
    }
    assert investing.parts(queries.eligible()) == {"leader": 300, "treasurer": 150, "member": 50}
    assert natural_balance(chart.Account("investment", found)) == 500
    assert investing.parts(balances_of_kind("holdings")) == {"leader": 300, "treasurer": 150, "member": 50}
    assert lots.lots_are_savings().faults == []


def test_a_preview_says_the_same_and_writes_nothing(investing: Investing) -> None:
    plan = preview_investment(investing.purchase(500))
    assert investing.parts({who: (part.units, part.cost, plan.left(who)) for who, part in plan.portions.items()}) == {
        "leader": (30, 300, 300),
        "treasurer": (15, 150, 150),
        "member": (5, 50, 50),
    }
    assert queries.holders([]) == []
    assert balances_of_kind("holdings") == {}


def test_the_second_press_finds_the_first(investing: Investing) -> None:
    told = investing.purchase(500)
    first = record_investment(told, by=investing.by)
    assert record_investment(told, by=investing.by).id == first.id
    with pytest.raises(KeyUsed):
        record_investment(investing.purchase(400, key=told.key), by=investing.by)


def test_more_than_is_saved_or_lies_in_cash_is_refused(investing: Investing) -> None:
    with pytest.raises(BeyondEligible, match=r"1,000\.00"):
        investing.invest(1001)
    investing.invest(1000)
    with pytest.raises(NothingEligible):
        investing.invest(1)


def test_the_future_is_refused(investing: Investing) -> None:
    with pytest.raises(DayInFuture):
        investing.invest(1, on=date(2026, 11, 22))


def test_for_a_past_day_the_least_balance_since_counts(investing: Investing) -> None:
    investing.save(investing.cast.member, 900, date(2026, 11, 10))
    assert investing.parts(queries.eligible(date(2026, 11, 5)))["member"] == 100
    assert investing.parts(queries.eligible(date(2026, 11, 10)))["member"] == 1000
    investing.invest(1900, on=date(2026, 11, 15))
    assert queries.eligible(date(2026, 11, 12)) == {}


def test_units_say_the_amount_and_a_percentage_is_one_of_a_hundred(investing: Investing) -> None:
    by_units = queries.investment(investing.invest(None, units=D("12.5"), unit_value=D("10.1")))
    assert (by_units.amount, by_units.units) == (D("126.25"), D("12.5"))
    whole = queries.investment(investing.invest(200, percentage=True, unit_value=None))
    assert (whole.units, whole.unit_value) == (D(100), D(2))


@pytest.mark.parametrize(
    "more",
    [
        {"unit_value": D(0)},
        {"unit_value": None},
        {"unit_value": D("NaN")},
        {"unit_value": D("0.0000001")},
        {"unit_value": D(10) ** 12},
        {"units": D("0.00001")},
        {"units": D(7)},
        {"percentage": True},
        {"amount": D("0.001")},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(investing: Investing, more: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        preview_investment(investing.purchase(**more))
    assert refused.value.field
    assert str(refused.value)


def test_cash_that_lies_elsewhere_does_not_count(investing: Investing) -> None:
    till = add_cash_account(name="Till", method="petty_cash", by=None).id
    with pytest.raises(BeyondCash, match="Till"):
        investing.invest(1, cash_account_id=till)
