"""Share-outs and payments that are taken back in their order, and those that are not any more."""

from datetime import date
from decimal import Decimal

import pytest

from app.core.db import session
from app.distributions import errors
from app.distributions.funds import fund_balances
from app.distributions.planning import plan
from app.distributions.reversing import reverse_payment, reverse_share_out
from app.distributions.rules import Cycle
from app.ledgers import chart
from app.ledgers.books import debit
from app.ledgers.errors import NotEnough, SomethingRestsOnIt
from app.ledgers.methods import Method
from app.payouts.queries import open_payables
from app.payouts.rules import PayOne
from app.payouts.services import pay
from app.savings.penalties import levy_penalty
from app.savings.standings import owed_by_member
from tests.distributions.conftest import CYCLE, JUNE, TODAY, leave, of, proved

D = Decimal


def test_both_steps_are_taken_back_in_their_order(inside):
    levy_penalty(member_id=inside.id("leader"), amount=D(100), on=JUNE, note="late", by=inside.by, key="p")
    row = inside.allot()
    paid = inside.pay(row)
    with pytest.raises(SomethingRestsOnIt):
        reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)
    reverse_payment(paid.id, reason="typo", on=TODAY, by=inside.by)
    assert owed_by_member() == {inside.id("leader"): 100}
    assert open_payables() == []
    proved()
    reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)
    assert of(inside, "realised_growth") == [0, 0, 0]
    assert [one.balance for one in fund_balances()] == [0, 0]
    proved()
    for verb, one in ((reverse_payment, paid), (reverse_share_out, row)):
        with pytest.raises(errors.AlreadyTakenBack):
            verb(one.id, reason="again", on=TODAY, by=inside.by)
    assert plan(CYCLE).working.distributable == 1100
    inside.allot()
    proved()


def test_a_payment_that_reached_somebody_is_not_taken_back(inside):
    paid = inside.pay(inside.allot())
    owed = open_payables(inside.id("leader"))[0].payable
    told = {"cash_account_id": inside.till, "method": Method.CASH, "on": TODAY, "by": inside.by, "key": "x"}
    pay(payments=[PayOne(owed.id, owed.amount)], **told)
    with pytest.raises(SomethingRestsOnIt):
        reverse_payment(paid.id, reason="typo", on=TODAY, by=inside.by)


def test_a_share_out_is_not_taken_back_once_its_growth_was_used_or_goes_with_an_exit(inside):
    row = inside.allot()
    inside.entry_of_loss("leader", "1")
    with pytest.raises(SomethingRestsOnIt, match="Amina Wanjiru"):
        reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)
    inside.entry_of_loss("leader", "-1")
    leave(inside, "member")
    with pytest.raises(SomethingRestsOnIt, match="Daniel Mwangi"):
        reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)


def test_a_fund_that_was_used_keeps_its_share_out(inside):
    row = inside.allot()
    reserve = next(one.fund for one in fund_balances() if one.fund.purpose == "reserve")
    inside.entry(chart.PostingKind.FUND_PAYOUT, "-60", TODAY, debit("fund", D(60), reserve.id))
    with pytest.raises(NotEnough), session().begin_nested():
        reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)


def test_an_older_share_out_waits_until_the_newer_one_is_gone(inside):
    old = inside.allot()
    inside.earns("10", on=TODAY)
    new = inside.allot(cycle=Cycle(date(2026, 11, 1), TODAY))
    with pytest.raises(SomethingRestsOnIt):
        reverse_share_out(old.id, reason="typo", on=TODAY, by=inside.by)
    reverse_share_out(new.id, reason="typo", on=TODAY, by=inside.by)
    reverse_share_out(old.id, reason="typo", on=TODAY, by=inside.by)
    proved()
