"""Two officers at the same moment, with real commits: one fee for a window, one payment for a form."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.savings.models import Payment, Penalty
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from tests import factories
from tests.savings.conftest import NOW, TERMS, Saving, make_saving


def at_once(app: Flask, deeds: list[Callable[[], None]]) -> list[BaseException]:
    """Run the deeds at the same moment, each in a thread of its own; what they raised."""
    start, raised = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], None]) -> None:
        with app.app_context():
            start.wait(10)
            try:
                deed()
            except BaseException as error:  # noqa: BLE001  # told to the test
                raised.append(error)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def recording(saving: Saving, receipt: Receipt) -> Callable[[], None]:
    def deed() -> None:
        with transaction(group_id=saving.cast.group_id):
            record_receipts([receipt], by=saving.by)

    return deed


def made(app: Flask) -> Saving:
    with app.app_context():
        return make_saving(factories.cast(savings=TERMS))


def test_two_late_payments_at_once_bring_one_fee(committed: Flask) -> None:
    with clock.held(NOW):
        saving = made(committed)
        october = saving.windows["2026-10"]
        late = [saving.receipt("2000", date(2026, 11, day), window_id=october) for day in (3, 4, 5)]
        assert at_once(committed, [recording(saving, receipt) for receipt in late[:2]]) == []
        with committed.app_context(), transaction(group_id=saving.cast.group_id):
            assert session().scalars(sa.select(Penalty.amount)).all() == [Decimal(100)]


def test_the_same_form_sent_twice_at_once_is_one_payment(committed: Flask) -> None:
    with clock.held(NOW):
        saving = made(committed)
        receipt = saving.receipt("5000", date(2026, 11, 3), key="same")
        assert at_once(committed, [recording(saving, receipt)] * 4) == []
        with committed.app_context(), transaction(group_id=saving.cast.group_id):
            assert session().scalars(sa.select(Payment.amount)).all() == [Decimal(5000)]
