"""Two officers who invest at the same moment never take the same shilling twice."""

import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.holdings import checks, queries
from app.holdings.errors import BeyondEligible, NothingEligible
from app.holdings.investing import record_investment
from app.holdings.models import Investment
from tests import factories
from tests.holdings.conftest import Investing, make_investing


@pytest.fixture
def ours(committed: Flask) -> Iterator[Investing]:
    with committed.app_context():
        yield make_investing(factories.cast())


@pytest.mark.committed
def test_savings_are_invested_once_however_many_ask_at_once(committed: Flask, ours: Investing) -> None:
    raised: list[Exception] = []
    start = threading.Barrier(4)

    def invest(key: str) -> None:
        try:
            with committed.app_context(), transaction(group_id=ours.cast.group_id):
                start.wait(10)
                record_investment(ours.purchase(400, key=key), by=ours.by)
        except Exception as error:  # noqa: BLE001  # whatever it was, the test wants to see it
            raised.append(error)

    threads = [threading.Thread(target=invest, args=(f"race{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [type(error) in (BeyondEligible, NothingEligible) for error in raised] == [True, True]
    with transaction(group_id=ours.cast.group_id):
        assert session().scalar(sa.select(sa.func.sum(Investment.amount))) == 800
        assert sum(queries.eligible().values()) == Decimal(200)
        assert [fault for check in checks.CHECKS for fault in check().faults] == []
