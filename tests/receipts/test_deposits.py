"""Deposits: received, given back, kept for rent or as an income, and taken back."""

import uuid
from datetime import date

import pytest

from app.ledgers.heads import today
from app.receipts.deposits import Move, reverse_move
from app.receipts.deposits_queries import held_of, lease_line
from app.receipts.payments_errors import (
    DepositUsed,
    MoneyTakenBack,
    NotThatMuchHeld,
    NotThatMuchOpen,
    PlaceMissing,
    ReasonForKeeping,
)
from app.rentals.errors import LeaseInUse
from app.rentals.leases import withdraw_lease
from tests.receipts.money import D, Money
from tests.receipts.world import JANUARY, SINCE, Flat


def held(money: Money, flat: Flat) -> str:
    with money.unit_of_work():
        return f"{held_of([flat.lease])[flat.lease]:.2f}"


def undo(money: Money, movement: uuid.UUID) -> None:
    with money.unit_of_work():
        reverse_move(movement, reason="typed twice", on=today(), by=money.by)


def test_a_deposit_is_a_liability_until_it_is_given_back(money: Money) -> None:
    flat = money.simple()
    money.moves(flat.lease, Move.IN, "1000")
    assert (held(money, flat), money.balance("deposit_held", flat.client)) == ("1000.00", D(-1000))
    money.moves(flat.lease, Move.BACK, "400")
    assert (held(money, flat), money.balance("cash", money.till)) == ("600.00", D(100_600))
    assert money.faults() == []


def test_a_deposit_kept_for_rent_pays_the_oldest_receipts(money: Money) -> None:
    flat = money.simple(rent="500")
    money.issues(JANUARY)
    money.moves(flat.lease, Move.IN, "1000")
    kept = money.moves(flat.lease, Move.RENT, "300")
    assert (held(money, flat), money.open_of(flat.client)) == ("700.00", ["200.00"])
    with pytest.raises(NotThatMuchOpen):
        money.moves(flat.lease, Move.RENT, "200.01")
    assert money.faults() == []
    undo(money, kept)
    assert (held(money, flat), money.open_of(flat.client)) == ("1000.00", ["500.00"])
    assert money.faults() == []


def test_a_deposit_kept_for_damage_is_an_income_of_the_group(money: Money) -> None:
    flat = money.simple()
    money.moves(flat.lease, Move.IN, "1000")
    money.moves(flat.lease, Move.INCOME, "250")
    assert held(money, flat) == "750.00"
    assert money.faults() == []


def test_money_of_a_reversed_receipt_that_a_deposit_paid_becomes_credit(money: Money) -> None:
    flat = money.simple(rent="500")
    money.issues(JANUARY)
    money.moves(flat.lease, Move.IN, "300")
    kept = money.moves(flat.lease, Move.RENT, "300")
    money.undoes(money.receipt(1).id)
    assert money.credit(flat.client) == "300.00"
    undo(money, kept)
    assert (money.credit(flat.client), held(money, flat)) == ("0.00", "300.00")
    assert money.faults() == []


def test_what_cannot_be_done_with_a_deposit_is_refused(money: Money) -> None:
    flat = money.simple()
    first = money.moves(flat.lease, Move.IN, "100")
    for kind in (Move.BACK, Move.INCOME):
        with pytest.raises(NotThatMuchHeld):
            money.moves(flat.lease, kind, "100.01")
    with pytest.raises(ReasonForKeeping):
        money.moves(flat.lease, Move.INCOME, "10", reason=" ")
    with pytest.raises(PlaceMissing):
        money.moves(flat.lease, Move.IN, "10", cash_account_id=None)
    money.moves(flat.lease, Move.BACK, "30")
    with pytest.raises(DepositUsed):
        undo(money, first)


def test_a_movement_is_taken_back_once_and_a_lease_says_what_is_missing(money: Money) -> None:
    unit, client = money.unit("A"), money.party("C")
    lease = money.let(unit, client, "500", deposit=D(1000))
    movement = money.moves(lease, Move.IN, "400")
    with money.unit_of_work():
        assert lease_line(lease).missing == D(600)
    undo(money, movement)
    with pytest.raises(MoneyTakenBack):
        undo(money, movement)


@pytest.mark.parametrize(
    ("last", "asks"),
    [(None, False), (date(2026, 4, 30), False), (date(2026, 3, 31), True), (date(2026, 3, 1), True), (SINCE, True)],
)
def test_what_becomes_of_a_deposit_is_asked_from_the_last_month_on(money: Money, last: date | None, asks: bool) -> None:
    unit, client = money.unit("A"), money.party("C")
    lease = money.let(unit, client, "500", deposit=D(300), ends_on=last)
    with money.unit_of_work():
        assert not lease_line(lease).to_decide  # nothing is held
    money.moves(lease, Move.IN, "300")
    with money.unit_of_work():
        assert lease_line(lease).to_decide is asks


def test_a_lease_is_not_withdrawn_while_its_deposit_is_held(money: Money) -> None:
    flat = money.simple()
    money.moves(flat.lease, Move.IN, "300")
    with pytest.raises(LeaseInUse, match=r"MAD.300\.00 of its deposit is held"), money.unit_of_work():
        withdraw_lease(flat.lease, by=money.by)
    money.moves(flat.lease, Move.BACK, "300")
    with money.unit_of_work():
        row = withdraw_lease(flat.lease, by=money.by)
        assert row.ends_on is not None
        assert row.ends_on < row.starts_on


@pytest.mark.parametrize(("last", "missing"), [(None, "700.00"), (date(2026, 12, 31), "700.00"), (SINCE, "0.00")])
def test_a_deposit_is_missing_until_the_lease_is_over(money: Money, last: date | None, missing: str) -> None:
    unit, client = money.unit("A"), money.party("C")
    lease = money.let(unit, client, "500", deposit=D(1_000), ends_on=last)
    money.moves(lease, Move.IN, "300")
    with money.unit_of_work():
        assert f"{lease_line(lease).missing:.2f}" == missing
