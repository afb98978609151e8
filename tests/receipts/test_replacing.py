"""Receipts that are replaced: what was paid goes with them, and what was paid out meets the next payout."""

from typing import Any

import pytest

from app.ledgers.errors import SomethingRestsOnIt
from app.owners import received
from app.receipts.errors import NotReplaceable
from app.registry.rules import Kind
from app.registry.services import edit_party
from app.rentals.assigning import Taker, change_ownership
from app.rentals.leases import end_lease, make_lease, withdraw_lease
from tests.receipts.money import D, Money
from tests.receipts.world import FEBRUARY, JANUARY, SINCE, Flat


def paid_out(money: Money, **more: Any) -> Flat:
    """A flat whose January was issued, paid by the client and paid out to its owners."""
    flat = money.simple(**({"rent": "1000"} | more))
    money.issues(JANUARY)
    money.pays(flat.client, "1000")
    money.pays_owners(*flat.owners)
    return flat


def due(money: Money) -> dict[Any, str]:
    with money.unit_of_work():
        return {one.owner.id: f"{one.amount:.2f}" for one in received.due() if one.amount}


def let_anew(money: Money, flat: Flat, rent: str) -> None:
    """The lease was mistyped: another one of the same client stands in its place."""
    with money.unit_of_work():
        withdraw_lease(flat.lease, by=money.by)
        told: dict[str, Any] = {"unit_id": flat.unit, "client_id": flat.client, "starts_on": SINCE, "by": money.by}
        make_lease(rent=D(rent), key=f"anew{rent}", **told)


@pytest.mark.parametrize(
    ("rent", "open_", "credit", "owner"),
    [("800", [], "200.00", "-200.00"), ("1250", ["250.00"], "0.00", None)],
)
def test_what_was_paid_out_of_a_replaced_receipt_meets_the_next_payout(
    money: Money, rent: str, open_: list[str], credit: str, owner: str | None
) -> None:
    flat = paid_out(money)
    let_anew(money, flat, rent)
    money.undoes(money.receipt(1).id, replaced=True)
    assert [f"{row.amount:.2f}" for row in money.counting(JANUARY)] == [f"{rent}.00"]
    assert (money.open_of(flat.client), money.credit(flat.client)) == (open_, credit)
    assert due(money) == ({flat.owners[0]: owner} if owner else {})
    assert money.faults() == []
    money.issues(FEBRUARY)
    money.pays(flat.client, "2000")
    money.pays_owners(*flat.owners)
    assert money.balance("owner_payable", flat.owners[0]) == 0
    assert (due(money), money.faults()) == ({}, [])


def test_who_was_paid_out_and_gets_no_other_receipt_stands_against_replacing(money: Money) -> None:
    flat = paid_out(money, shares=("60", "40"))
    with money.unit_of_work():
        told: dict[str, Any] = {"from_on": JANUARY.first, "by": money.by}
        change_ownership(flat.assignments[0], takers=[Taker(flat.owners[1])], key="sold", **told)
    for number in (1, 2):  # whichever of the unit's month is replaced, the first owner's goes
        with pytest.raises(SomethingRestsOnIt if number == 1 else Exception):
            money.undoes(money.receipt(number).id, replaced=True)
    assert [row.number for row in money.counting(JANUARY)] == [1, 2]
    assert money.faults() == []


def test_a_new_owner_of_a_part_takes_it_over_from_who_keeps_the_rest(money: Money) -> None:
    flat = paid_out(money)
    buyer = money.party("BUYER")
    with money.unit_of_work():
        takers = [Taker(flat.owners[0], D(70)), Taker(buyer, D(30))]
        change_ownership(flat.assignments[0], takers=takers, from_on=JANUARY.first, by=money.by, key="part")
    money.undoes(money.receipt(1).id, replaced=True)
    assert {row.owner_id: row.amount for row in money.counting()} == {flat.owners[0]: D(700), buyer: D(300)}
    assert due(money) == {flat.owners[0]: "-300.00", buyer: "300.00"}
    assert money.open_of(flat.client) == []
    assert money.faults() == []


def test_a_unit_without_a_clear_entitlement_is_not_replaced_and_nothing_is_changed(money: Money) -> None:
    flat = paid_out(money)
    with money.unit_of_work():
        withdraw_lease(flat.lease, by=money.by)
    with pytest.raises(NotReplaceable):
        money.undoes(money.receipt(1).id, replaced=True)
    assert (len(money.counting()), due(money), money.faults()) == (1, {}, [])


def test_tax_that_was_withheld_goes_with_its_receipt(money: Money) -> None:
    unit, client, owner = money.unit("A"), money.party("C", kind="company"), money.party("P")
    money.let(unit, client, "10000")
    money.assign(unit, owner)
    money.issues(JANUARY)
    money.pays(client, "8500")
    money.pays_owners(owner)
    with money.unit_of_work():
        edit_party(client, kind=Kind.PERSON, by=money.by)
    money.undoes(money.receipt(1).id, replaced=True)
    (row,) = money.counting()
    assert (row.withheld, row.net) == (D(0), D(10_000))
    assert money.open_of(client) == ["1500.00"]
    assert money.faults() == []


def test_what_a_last_month_costs_may_change_and_the_proof_still_holds(money: Money) -> None:
    flat = money.simple(rent="1000")
    with money.unit_of_work():
        end_lease(flat.lease, on=JANUARY.last, last_amount=D(400), by=money.by)
    money.issues(JANUARY)
    with money.unit_of_work():
        end_lease(flat.lease, on=None, by=money.by)
    assert [(row.amount, row.rent) for row in money.counting()] == [(D(400), D(400))]
    assert money.faults() == []
