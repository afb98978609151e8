"""A share-out is paid once: less own penalties, with the savings or without, to whoever stays."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.distributions import errors
from app.distributions.models import ShareOutPayment
from app.distributions.paying import Paying, pay_out, plan_payment
from app.ledgers import chart
from app.ledgers.holds import hold
from app.payouts.models import Payable
from app.payouts.queries import open_payables
from app.savings.penalties import levy_penalty
from app.savings.standings import owed_by_member
from tests.distributions.conftest import JUNE, TODAY, leave, of, proved

D = Decimal


def test_a_payment_makes_the_parts_owed_less_own_penalties(inside):
    levy_penalty(member_id=inside.id("leader"), amount=D(100), on=JUNE, note="late", by=inside.by, key="p")
    levy_penalty(member_id=inside.id("member"), amount=D(10), on=JUNE, note="late", by=inside.by, key="q")
    row = inside.allot()
    paid = inside.pay(row)
    assert [(one.payable.amount) for one in open_payables(inside.id("leader"))] == []
    assert of(inside, "realised_growth") == [0, 0, 0]
    assert of(inside, "member_payable") == [D("556.10"), D("283.05"), 0]
    assert owed_by_member() == {inside.id("leader"): D("5.65")}
    assert (paid.owed, paid.deducted) == (D("839.15"), D("104.35"))
    assert session().scalars(sa.select(sa.func.sum(Payable.amount))).one() == paid.owed
    proved()


def test_ending_the_cycle_gives_the_savings_back_too(inside):
    paid = inside.pay(inside.allot(), with_savings=True)
    assert of(inside, "member_payable") == [1110, 555, 185]
    assert of(inside, "savings") == [0, 0, 0]
    assert paid.members == 3
    proved()


def test_what_is_held_of_savings_stays_and_a_loss_lessens_what_comes_back(inside):
    hold(
        chart.Account("savings", inside.id("other_member")),
        D(120),
        reason="guarantee",
        source=("member", inside.id("leader")),
        by=inside.by,
    )
    row = inside.allot()
    inside.entry_of_loss("leader", "105")
    inside.pay(row, with_savings=True)
    assert of(inside, "savings") == [0, 120, 0]
    assert of(inside, "realised_growth") == [0, 0, 0]
    assert of(inside, "member_payable") == [1110, 435, 80]
    proved()


def test_a_share_out_is_paid_once_and_who_is_leaving_is_paid_by_the_exit(inside):
    row = inside.allot()
    leave(inside, "member")
    assert [one.display_name for one in plan_payment(row.id, with_savings=False).leaving] == ["Daniel Mwangi"]
    inside.pay(row)
    assert of(inside, "member_payable") == [0, 255, 85]
    with pytest.raises(errors.AlreadyPaidOut):
        inside.pay(row)
    told = Paying(share_out_id=row.id, with_savings=False, on=TODAY)
    first = pay_out(told, by=inside.by, key=session().scalars(sa.select(ShareOutPayment.idempotency_key)).one())
    assert session().scalars(sa.select(ShareOutPayment.id)).all() == [first.id]


def test_growth_that_is_no_longer_there_is_not_paid(inside):
    row = inside.allot()
    for who, amount in (("member", "510"), ("other_member", "300"), ("leader", "85")):
        inside.entry_of_loss(who, amount)
    with pytest.raises(errors.NothingToPay):
        plan_payment(row.id, with_savings=False)
