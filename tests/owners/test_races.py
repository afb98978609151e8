"""Eight hands that pay the same owners at one moment never pay more than was received."""

import threading
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session
from app.ledgers.errors import AlreadyReversed
from app.owners import services
from app.owners.errors import NothingToPayOut, PayoutTakenBack
from app.owners.models import OwnerPayout
from app.owners.received import Due
from tests import factories
from tests.ledgers.committed import HANDS, at_once
from tests.receipts.money import D, Money, with_money
from tests.receipts.world import JANUARY, Flat, World

pytestmark = pytest.mark.committed


@pytest.fixture
def money(committed: Flask) -> Iterator[Money]:
    with committed.app_context():
        yield with_money(World(factories.cast(country="MA", currency="MAD", zone="Africa/Casablanca")))


def received(money: Money) -> Flat:
    """A flat of two owners of which 1,000 was received."""
    flat = money.simple(rent="1000", shares=("60", "40"))
    money.issues(JANUARY)
    money.pays(flat.client, "1000")
    return flat


def paid_out(money: Money) -> list[object]:
    with money.unit_of_work():
        return list(session().scalars(sa.select(OwnerPayout.amount).order_by(OwnerPayout.amount)))


def test_eight_payouts_at_one_moment_pay_once(committed: Flask, money: Money) -> None:
    flat = received(money)
    raised = at_once(committed, HANDS, lambda _number: money.pays_owners(*flat.owners))
    assert [type(error) for error in raised] == [NothingToPayOut] * (HANDS - 1)
    assert paid_out(money) == [D(400), D(600)]
    assert money.faults() == []


def test_without_the_lock_owners_are_paid_more_than_was_received(
    committed: Flask, money: Money, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat, together = received(money), threading.Barrier(HANDS)
    whole = services.refuse_run

    def meets(owner_ids: list[object], *, on: date) -> list[Due]:
        found = whole(owner_ids, on=on)  # type: ignore[arg-type]  # ids
        together.wait(120)
        return found

    monkeypatch.setattr(services, "lock_group", lambda: None)
    monkeypatch.setattr(services, "refuse_run", meets)
    assert at_once(committed, HANDS, lambda _number: money.pays_owners(*flat.owners)) == []
    assert len(paid_out(money)) == 2 * HANDS  # so the test above fails when the lock is taken out


def test_a_payout_is_taken_back_once_however_many_try(committed: Flask, money: Money) -> None:
    flat = received(money)
    money.pays_owners(*flat.owners)
    with money.unit_of_work():
        payout = session().scalars(sa.select(OwnerPayout.id).order_by(OwnerPayout.amount)).first()
    assert payout is not None
    raised = at_once(committed, 4, lambda _number: money.takes_back(payout))
    assert [type(error) for error in raised] == [PayoutTakenBack] * 3
    assert not any(isinstance(error, AlreadyReversed) for error in raised)
    assert money.faults() == []
