"""Many hands that pay the same debt at one moment."""

from typing import Any

import pytest
from flask import Flask

from app.core.db import transaction
from app.ledgers.heads import today
from app.payouts import checks, queries
from app.payouts.errors import NothingOwed
from app.payouts.rules import ZERO
from tests import factories
from tests.ledgers.committed import at_once
from tests.payouts.conftest import D, Owing, make_owing

pytestmark = pytest.mark.committed


def fresh(app: Flask) -> Owing:
    """A group of its own, owing, for good."""
    with app.app_context():
        return make_owing(factories.cast())


def day_there(owing: Owing) -> dict[str, Any]:
    with transaction(group_id=owing.cast.group_id):
        return {"on": today()}


def test_of_many_who_pay_one_debt_only_as_many_succeed_as_is_owed(committed: Flask) -> None:
    owing = fresh(committed)
    with committed.app_context():
        # Another debt to the same member: the floor of the account alone would let it be eaten.
        debt, _other = owing.owe("400"), owing.owe("400")
        when = day_there(owing)
    failed = at_once(committed, 10, lambda _: owing.pay((debt, "100"), **when))
    assert [type(error) for error in failed] == [NothingOwed] * 6
    with committed.app_context(), transaction(group_id=owing.cast.group_id):
        assert queries.standings([debt])[debt].open == ZERO
        assert queries.owed_in_all() == (1, D(400))
        assert [fault for check in checks.CHECKS for fault in check().faults] == []


def test_of_many_presses_of_one_button_one_pays(committed: Flask) -> None:
    owing = fresh(committed)
    with committed.app_context():
        debt, when = owing.owe("400"), day_there(owing)
    assert at_once(committed, 8, lambda _: owing.pay((debt, "100"), key="d" * 32, **when)) == []
    with committed.app_context(), transaction(group_id=owing.cast.group_id):
        assert len(queries.all_payments()) == 1
