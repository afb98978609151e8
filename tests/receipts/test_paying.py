"""What clients pay: the oldest month first, pro rata over owners, the rest as credit; and taking it back."""

from typing import Any

import pytest

from app.credits.errors import CreditGone
from app.credits.services import refund
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.receipts.payments_errors import MoneyTakenBack, NothingPaid, PaysItself
from tests.receipts.money import D, Money, key
from tests.receipts.world import FEBRUARY, JANUARY, MARCH, TODAY


def test_money_goes_to_the_oldest_month_then_pro_rata_over_the_owners(money: Money) -> None:
    flat = money.simple(rent="1000", shares=("60", "40"))
    for month in (FEBRUARY, JANUARY):
        money.issues(month)
    money.pays(flat.client, "1250")
    assert money.open_of(flat.client) == ["450.00", "300.00"]
    money.pays(flat.client, "0.01")
    assert money.open_of(flat.client) == ["449.99", "300.00"]
    assert money.balance("rent_receivable", flat.client) == D("749.99")
    assert money.faults() == []


def test_what_is_over_is_credit_and_pays_the_next_receipt_by_itself(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    money.pays(flat.client, "1700")
    assert (money.credit(flat.client), money.open_of(flat.client)) == ("700.00", [])
    money.issues(FEBRUARY)
    assert (money.credit(flat.client), money.open_of(flat.client)) == ("0.00", ["300.00"])
    assert money.faults() == []
    assert money.settles() == 0


def test_a_payment_taken_back_opens_what_it_closed_and_takes_its_credit_along(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    first, second = money.pays(flat.client, "400"), money.pays(flat.client, "900")
    money.issues(FEBRUARY)
    assert money.open_of(flat.client) == ["700.00"]
    money.bounces(second)
    assert money.open_of(flat.client) == ["600.00", "1000.00"]
    assert money.credit(flat.client) == "0.00"
    with pytest.raises(MoneyTakenBack):
        money.bounces(second)
    money.bounces(first)
    assert money.open_of(flat.client) == ["1000.00", "1000.00"]
    assert money.faults() == []


def test_credit_of_another_payment_pays_at_once_what_was_opened_again(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    first = money.pays(flat.client, "1000")
    money.pays(flat.client, "300")
    money.bounces(first)
    assert (money.open_of(flat.client), money.credit(flat.client)) == (["700.00"], "0.00")
    assert money.faults() == []


def test_credit_that_was_paid_back_stands_against_taking_its_payment_back(money: Money) -> None:
    flat = money.simple(rent="1000")
    payment = money.pays(flat.client, "300")
    with money.unit_of_work():
        told: dict[str, Any] = {
            "cash_account_id": money.till,
            "method": Method.CASH,
            "on": today(),
            "by": money.by,
            "key": key(),
        }
        refund(flat.client, amount=D(200), **told)
    with pytest.raises(CreditGone) as refused:
        money.bounces(payment)
    assert "200.00" in str(refused.value)


def test_a_reversed_receipt_leaves_its_money_as_credit_and_the_payment_can_still_bounce(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.issues(JANUARY)
    payment = money.pays(flat.client, "600")
    money.undoes(money.receipt(1).id)
    assert (money.credit(flat.client), money.open_of(flat.client)) == ("600.00", [])
    assert money.faults() == []
    money.issues(FEBRUARY)
    assert money.open_of(flat.client) == ["400.00"]
    money.bounces(payment)
    assert (money.credit(flat.client), money.open_of(flat.client)) == ("0.00", ["1000.00"])
    assert money.faults() == []


def test_the_money_of_a_reversed_receipt_pays_what_else_is_open(money: Money) -> None:
    flat = money.simple(rent="1000")
    for month in (JANUARY, FEBRUARY):
        money.issues(month)
    money.pays(flat.client, "100")
    money.undoes(money.receipt(1).id)
    assert money.settles() == 1
    assert (money.credit(flat.client), money.open_of(flat.client)) == ("0.00", ["900.00"])
    assert money.faults() == []


def test_credit_that_paid_a_receipt_comes_back_when_that_is_reversed(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.pays(flat.client, "250")
    money.issues(JANUARY)
    assert (money.paid(), money.credit(flat.client)) == (["250.00"], "0.00")
    money.undoes(money.receipt(1).id)
    assert money.credit(flat.client) == "250.00"
    assert money.faults() == []


def test_a_client_owes_no_more_than_what_is_left_after_withholding(money: Money) -> None:
    unit, client, owner = money.unit("A"), money.party("C", kind="company"), money.party("P")
    money.let(unit, client, "10000", "150")
    money.assign(unit, owner)
    money.issues(MARCH)
    row = money.receipt(1)
    assert (row.amount, row.withheld, row.owed) == (D(10_000), D(1_500), D(8_650))
    money.pays(client, "8650")
    assert (money.open_of(client), money.credit(client)) == ([], "0.00")


def test_a_key_is_one_payment(money: Money) -> None:
    flat = money.simple()
    first = money.pays(flat.client, "100", key="k" * 32)
    assert money.pays(flat.client, "100", key="k" * 32) == first
    with pytest.raises(KeyUsed):
        money.pays(flat.client, "101", key="k" * 32)


def test_what_cannot_be_paid_is_refused(money: Money) -> None:
    flat = money.simple()
    with pytest.raises(NothingPaid):
        money.pays(flat.client, "0")
    with pytest.raises(DayInFuture):
        money.pays(flat.client, "10", on=TODAY.replace(year=2027))
    with pytest.raises(PaysItself):
        money.pays(money.party("G", kind="company", is_group=True), "10")
