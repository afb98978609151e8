"""Savings in the hands of a program of the treasurer: what it sends for a payment, a late one, and its penalty."""

from datetime import date
from typing import Any

import pytest

from app.core.db import transaction
from app.ledgers.heads import head
from tests.api.answers import items
from tests.api.calling import Program
from tests.savings.conftest import Saving, member_of

PAID, LATE = "2026-11-04", "2026-10-05"


def pays(saving: Saving, amount: str = "5000.00", who: Any = None, **change: Any) -> dict[str, Any]:
    """A payment in cash, of the member unless somebody else is named, and what the test says."""
    whose = str(member_of(who or saving.cast.member))
    told = {"member": whose, "amount": amount, "paid_on": PAID, "method": "cash", "cash_account": str(saving.till)}
    return told | change


def entries_of(saving: Saving) -> int:
    """How many entries the books have."""
    with transaction(group_id=saving.cast.group_id):
        return head().number


def penalty_of(asking: Program) -> dict[str, Any]:
    """The first penalty of the list."""
    return items(asking.get("/penalties"))[0]


@pytest.fixture
def asking(program, saving: Saving) -> Program:
    """A program of the treasurer of the group that saves."""
    made: Program = program(saving.cast.treasurer)
    return made


@pytest.fixture
def late(saving: Saving) -> str:
    """5,000 paid in October for September: late, with a fee of 250. The payment; `penalty_of` finds the fee."""
    paid = saving.pay("5000", date(2026, 10, 5), window_id=saving.windows["2026-09"])
    return str(paid)
