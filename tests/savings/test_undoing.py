"""Penalties in a batch, and payments whose fee was undone before: nothing is paid twice, nothing cannot be undone."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.db import transaction
from app.ledgers import chart
from app.ledgers.balances import balance
from app.ledgers.cash import add_cash_account
from app.ledgers.errors import SomethingRestsOnIt
from app.savings.errors import PenaltyNotOpen
from app.savings.penalties import levy_penalty, waive_penalty
from app.savings.penalty_money import PenaltyMoney, pay_penalties
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from app.savings.reversing import reverse_payment, reverse_penalty, reverse_waiver
from app.savings.standings import penalties_of
from app.savings.windows import all_windows, open_due
from tests import factories
from tests.factories import Cast

RULES = {"frequency": "monthly", "expected": "5000", "late_rule": "percent_fee", "fee_percent": "5"}
PAID = datetime(2026, 11, 4, tzinfo=UTC)


@pytest.fixture
def people(context: Flask) -> Iterator[Cast]:
    with clock.held(datetime(2026, 11, 21, 9, tzinfo=UTC)):
        yield factories.cast(savings=RULES)


def till() -> uuid.UUID:
    return add_cash_account(name="Till", method="petty_cash", by=None).id


def owed_in_the_books(people: Cast) -> Decimal:
    return balance(chart.Account("penalties_receivable", people.member.member_id))


def test_two_payments_in_one_batch_cannot_pay_the_same_penalty(people: Cast) -> None:
    officer, member_id = people.treasurer.member_id, people.member.member_id
    with transaction(group_id=people.group_id):
        cash = till()
        levy_penalty(member_id=member_id, amount=Decimal(100), on=date(2026, 11, 3), note="Noise", by=officer, key="p")
        same: dict[str, Any] = {"member_id": member_id, "paid_at": PAID, "method": "cash", "cash_account_id": cash}
        twice = [PenaltyMoney(amount=Decimal(100), key=key, **same) for key in "ab"]
        with pytest.raises(PenaltyNotOpen):
            pay_penalties(twice, by=officer)
        halves = [PenaltyMoney(amount=Decimal(50), key=key, **same) for key in "cd"]
        pay_penalties(halves, by=officer)
        assert owed_in_the_books(people) == 0


def test_a_payment_is_undone_though_its_fee_was_undone_before(people: Cast) -> None:
    officer, member_id = people.treasurer.member_id, people.member.member_id
    with transaction(group_id=people.group_id):
        open_due(by=None, since=date(2026, 10, 1))
        october = next(window for window in all_windows() if window.name == "2026-10")
        told: dict[str, Any] = {
            "member_id": member_id,
            "amount": Decimal(2500),
            "method": "cash",
            "cash_account_id": till(),
        }
        late = Receipt(paid_at=PAID, key="late", window_id=october.id, **told)
        (payment,) = record_receipts([late], by=officer)
        (fee,) = penalties_of([member_id])
        reverse_penalty(fee.penalty.id, reason="levied by mistake", on=date(2026, 11, 10), by=officer)
        reverse_payment(payment.id, reason="it bounced", on=date(2026, 11, 11), by=officer)
        assert owed_in_the_books(people) == 0
        assert balance(chart.Account("savings", member_id)) == 0


def test_a_part_paid_cannot_be_undone_while_the_rest_is_waived(people: Cast) -> None:
    officer, member_id = people.treasurer.member_id, people.member.member_id
    noise: dict[str, Any] = {"on": date(2026, 11, 3), "note": "Noise", "key": "p", "by": officer}
    with transaction(group_id=people.group_id):
        penalty = levy_penalty(member_id=member_id, amount=Decimal(100), **noise)
        told: dict[str, Any] = {
            "amount": Decimal(40),
            "paid_at": PAID,
            "method": "cash",
            "cash_account_id": till(),
            "key": "k",
        }
        (part,) = pay_penalties([PenaltyMoney(member_id=member_id, **told)], by=officer)
        waiver = waive_penalty(penalty.id, reason="hardship", on=date(2026, 11, 5), by=officer)
        undo: dict[str, Any] = {"reason": "it bounced", "on": date(2026, 11, 6), "by": officer}
        with pytest.raises(SomethingRestsOnIt):
            reverse_payment(part.id, **undo)
        reverse_waiver(waiver.id, **undo)
        reverse_payment(part.id, **undo)
        (found,) = penalties_of([member_id])
        assert found.owed == owed_in_the_books(people) == 100
