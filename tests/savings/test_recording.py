"""Recording payments: the books afterwards, once however often it is pressed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.ledgers.cash import add_cash_account
from app.ledgers.models import Account, AccountBalance
from app.savings.models import Contribution, Penalty
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from tests import factories
from tests.factories import Cast

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
RULES = {"frequency": "monthly", "expected": "5000", "late_rule": "percent_fee", "fee_percent": "5"}


@pytest.fixture
def people(context) -> Cast:
    return factories.cast(savings=RULES)


def receipt(people: Cast, amount: str, *, key: str = "one", day: int = 5, **more) -> Receipt:
    with transaction(group_id=people.group_id):
        cash = add_cash_account(name=f"Cash {key}", method="petty_cash", by=people.treasurer.member_id).id
    return Receipt(
        member_id=people.member.member_id,
        amount=Decimal(amount),
        paid_at=datetime(2026, 10, day, tzinfo=UTC),
        method="cash",
        cash_account_id=cash,
        key=key,
        **more,
    )


def balances() -> dict[str, Decimal]:
    rows = session().execute(
        sa.select(Account.kind, AccountBalance.balance).join(AccountBalance, AccountBalance.account_id == Account.id)
    )
    return {kind: balance for kind, balance in rows if balance}


def test_a_payment_on_time_is_savings_of_the_window_that_contains_it(people: Cast) -> None:
    with clock.held(NOW), transaction(group_id=people.group_id):
        record_receipts([receipt(people, "5000")], by=people.treasurer.member_id)
        assert balances() == {"cash": Decimal(5000), "savings": Decimal(-5000)}
        assert session().scalars(sa.select(Contribution)).one().days_late == 0


def test_pressing_twice_records_once(people: Cast) -> None:
    told = receipt(people, "5000")
    for _ in range(2):
        with clock.held(NOW), transaction(group_id=people.group_id):
            record_receipts([told], by=people.treasurer.member_id)
    with transaction(group_id=people.group_id):
        assert balances() == {"cash": Decimal(5000), "savings": Decimal(-5000)}


def test_a_late_payment_is_savings_and_its_fee_a_debt_of_its_own(people: Cast) -> None:
    with clock.held(NOW), transaction(group_id=people.group_id):
        first = receipt(people, "5000", key="a", day=1)
        record_receipts([first], by=people.treasurer.member_id)
        window = session().scalars(sa.select(Contribution)).one().window_id
    with clock.held(datetime(2026, 11, 3, tzinfo=UTC)), transaction(group_id=people.group_id):
        other = Receipt(
            member_id=people.other_member.member_id,
            amount=Decimal(2500),
            paid_at=datetime(2026, 11, 2, tzinfo=UTC),
            method="cash",
            cash_account_id=first.cash_account_id,
            key="late",
            window_id=window,
        )
        record_receipts([other], by=people.treasurer.member_id)
        penalty = session().scalars(sa.select(Penalty)).one()
        assert (penalty.amount, penalty.window_id) == (Decimal(125), window)
        assert balances()["penalties_receivable"] == Decimal(125)
        assert balances()["penalty_income"] == Decimal(-125)
