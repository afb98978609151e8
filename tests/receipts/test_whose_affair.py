"""Money of clients as somebody's own affair: whom it concerns does not second-check it."""

from typing import Any

from app.core.rooms import rooms
from app.ledgers.methods import Method
from app.receipts import asking, payments_asking
from app.receipts.deposits import Move
from tests.receipts.money import Money
from tests.receipts.world import JANUARY, TODAY


def concerned(money: Money, kind: str, **payload: Any) -> set[Any]:
    with money.unit_of_work():
        found = [room.approvables[kind] for room in rooms() if kind in room.approvables]
        return set(found[0].concerns({name: str(value) for name, value in payload.items()}))


def test_a_payment_a_deposit_and_taking_them_back_are_the_clients_own_affair(money: Money) -> None:
    flat = money.simple(rent="1000")
    tenant = money.party("T", member=money.cast.leader.member_id)
    other = money.unit("MINE")
    lease = money.let(other, tenant, "500")
    owner = money.party("OWN", member=money.cast.member.member_id)
    money.assign(other, owner)
    money.issues(JANUARY)
    payment, deposit = money.pays(tenant, "500", method=Method.CASH), money.moves(lease, Move.IN, "100")
    (receipt,) = (row.id for row in money.counting() if row.client_id == tenant)
    leader, member = money.cast.leader.member_id, money.cast.member.member_id
    assert concerned(money, payments_asking.PAY, client_id=tenant) == {leader}
    assert concerned(money, payments_asking.PAY, client_id=flat.client) == set()
    assert concerned(money, payments_asking.DEPOSIT, lease_id=lease) == {leader}
    assert concerned(money, payments_asking.PAY_BACK, id=payment, on=TODAY) == {leader}
    assert concerned(money, payments_asking.DEPOSIT_BACK, id=deposit) == {leader}
    assert concerned(money, asking.REVERSAL, receipt_id=receipt) == {leader, member}
