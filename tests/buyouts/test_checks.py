"""The proof of buy-outs finds nothing where all is well, and each thing that is not."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from app.assets.shares import ShareMove, move_shares
from app.buyouts import checks
from app.buyouts.models import BuyOutState
from app.buyouts.reversing import reverse_buy_out
from app.buyouts.rules import State
from app.buyouts.saying import say
from app.core.db import session
from app.core.ids import new_id
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.payouts.rules import Owed
from app.payouts.services import owe
from tests.buyouts.conftest import TODAY, Trading

D = Decimal


def faults() -> Sequence[str]:
    return [str(fault) for check in checks.CHECKS for fault in check().faults]


def test_all_is_well_after_buy_outs_of_every_kind(trading: Trading) -> None:
    trading.grow(trading.cast.member, 40)
    undone = trading.done(units={trading.fund: D("1.5")})
    trading.done(500, None, percents={trading.plot: D(20)}, savings=D(10), growth=True)
    trading.done(0, percents={trading.plot: D("0.0001")})
    trading.offer(units={trading.fund: D(1)})
    reverse_buy_out(undone.id, reason="Wrong", on=TODAY, by=trading.treasurer)
    assert faults() == []
    assert [check().looked_at for check in checks.CHECKS] == [3, 3, 3, 1]


def test_an_approval_without_consent_and_by_a_side_is_found(trading: Trading) -> None:
    made = trading.offer()
    say(made, State.EFFECTIVE, by=trading.cast.member.member_id)
    found = faults()
    assert any("without the consent of both sides" in fault for fault in found)
    assert any("approved by one of its sides" in fault for fault in found)
    assert any("its entry do not say the same" in fault for fault in found)
    assert any("did not move what was offered" in fault for fault in found)


def test_another_entry_and_another_movement_are_found(trading: Trading) -> None:
    done = trading.done(500, None)
    seller, source = trading.cast.member.member_id, ("buy_out", done.id)
    lines = [debit("savings", D(1), seller), credit("treasury", D(1))]
    posted = post(Draft(PostingKind.BUY_OUT, TODAY, lines, source=source), by=None)
    other, buyer = trading.cast.other_member.member_id, trading.leader
    move_shares(
        [ShareMove(trading.plot, other, D(-1), D(-1)), ShareMove(trading.plot, buyer, D(1), D(1))],
        source=source,
        entry_id=None,
    )
    owe([Owed(other, D(1), source, posted.id, TODAY)], by=None)
    found = faults()
    assert any("is of a buy-out that is not in effect" in fault for fault in found)
    assert any("did not move what was offered" in fault for fault in found)
    assert any("is not its price" in fault for fault in found)


def test_one_said_to_be_reversed_whose_entry_is_not_is_found(trading: Trading) -> None:
    done = trading.done()
    session().add(BuyOutState(id=new_id(), buy_out_id=done.id, state="reversed", recorded_by=trading.treasurer))
    session().flush()
    assert sum("do not say the same" in fault for fault in faults()) == 1
    assert session().scalar(sa.select(sa.func.count()).select_from(BuyOutState)) == 5
