"""Payouts: what was received less what was paid out, never what is only issued; and taking one back."""

import uuid
from datetime import date

import pytest

from app.ledgers.errors import KeyUsed, SomethingRestsOnIt
from app.owners import queries, received
from app.owners.errors import NobodyChosen, NothingToPayOut, PaidBeforeReceived, PayoutTakenBack
from tests.receipts.money import D, Money
from tests.receipts.world import FEBRUARY, JANUARY


def due(money: Money) -> dict[uuid.UUID, str]:
    with money.unit_of_work():
        return {one.owner.id: f"{one.amount:.2f}" for one in received.due()}


def payouts_of(money: Money, run: uuid.UUID) -> list[uuid.UUID]:
    with money.unit_of_work():
        return [line.payout.id for line in queries.run_view(run).lines]


def test_only_what_was_received_is_paid_out_and_only_once(money: Money) -> None:
    flat = money.simple(rent="1000", shares=("60", "40"))
    money.issues(JANUARY)
    assert due(money) == {}
    money.pays(flat.client, "500")
    assert due(money) == dict(zip(flat.owners, ("300.00", "200.00"), strict=True))
    money.pays_owners(*flat.owners)
    assert due(money) == {}
    assert money.balance("owner_payable", flat.owners[0]) == D(-300)
    with pytest.raises(NothingToPayOut):
        money.pays_owners(*flat.owners)
    money.pays(flat.client, "500")
    money.pays_owners(flat.owners[0])
    assert due(money) == {flat.owners[1]: "200.00"}
    assert money.faults() == []


def test_a_payout_taken_back_is_owed_again(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    money.pays(flat.client, "1000")
    (payout,) = payouts_of(money, money.pays_owners(*flat.owners))
    money.takes_back(payout)
    assert due(money) == {flat.owners[0]: "1000.00"}
    with pytest.raises(PayoutTakenBack):
        money.takes_back(payout)
    money.pays_owners(*flat.owners)
    assert (due(money), money.faults()) == ({}, [])


def test_a_bounced_payment_that_was_paid_out_meets_the_next_payout(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    payment = money.pays(flat.client, "1000")
    money.pays_owners(*flat.owners)
    money.bounces(payment)
    assert due(money) == {flat.owners[0]: "-1000.00"}
    with pytest.raises(NothingToPayOut):
        money.pays_owners(*flat.owners)
    money.issues(FEBRUARY)
    money.pays(flat.client, "1600")
    assert due(money) == {flat.owners[0]: "600.00"}
    money.pays_owners(*flat.owners)
    assert money.faults() == []


def test_a_receipt_that_was_paid_out_is_not_reversed_unless_replaced(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    money.pays(flat.client, "1000")
    money.pays_owners(*flat.owners)
    with pytest.raises(SomethingRestsOnIt) as refused:
        money.undoes(money.receipt(1).id)
    assert "paid out" in str(refused.value)


def test_what_the_group_itself_owns_is_not_paid_out(money: Money) -> None:
    unit, client = money.unit("A"), money.party("C")
    money.let(unit, client, "1000")
    money.assign(unit, money.party("G", kind="company", is_group=True))
    money.issues(JANUARY)
    money.pays(client, "1000")
    assert (due(money), money.faults()) == ({}, [])


def test_a_key_is_one_run_and_nobody_is_no_run(money: Money) -> None:
    flat = money.simple(rent="1000", shares=("50", "50"))
    money.issues(JANUARY)
    money.pays(flat.client, "1000")
    with pytest.raises(NobodyChosen):
        money.pays_owners()
    first = money.pays_owners(flat.owners[0], key="k" * 32)
    assert money.pays_owners(flat.owners[0], key="k" * 32) == first
    with pytest.raises(KeyUsed):
        money.pays_owners(*flat.owners, key="k" * 32)


def test_nothing_is_paid_out_on_a_day_before_it_came_in(money: Money) -> None:
    flat, other = money.simple(rent="1000"), money.simple(rent="1000")
    money.issues(JANUARY)
    money.pays(flat.client, "400", on=date(2026, 2, 3))
    money.pays(other.client, "1000", on=date(2026, 2, 5))
    for owners, early in ((flat.owners, date(2026, 2, 2)), ((*flat.owners, *other.owners), date(2026, 2, 4))):
        with pytest.raises(PaidBeforeReceived) as refused:
            money.pays_owners(*owners, on=early)
        assert refused.value.field == "on"
    money.pays_owners(*flat.owners, on=date(2026, 2, 3))
    money.pays(flat.client, "600", on=date(2026, 3, 1))  # of the same receipt, whose first money was paid out
    with pytest.raises(PaidBeforeReceived):
        money.pays_owners(*flat.owners, on=date(2026, 2, 28))
    money.pays_owners(*flat.owners, on=date(2026, 3, 1))
    money.pays_owners(*other.owners, on=date(2026, 2, 5))
    assert (due(money), money.faults()) == ({}, [])
