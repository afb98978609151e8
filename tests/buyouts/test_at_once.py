"""Two who approve at the same moment, with real commits: what is sold passes on once."""

from collections.abc import Callable

from flask import Flask

from app.buyouts.approving import approve
from app.buyouts.errors import Ended
from app.core import clock
from app.core.db import transaction
from tests import factories
from tests.buyouts.conftest import NOW, D, Trading, make_trading
from tests.savings.test_at_once import at_once


def approving(trading: Trading, buy_out_id: object) -> Callable[[], None]:
    def deed() -> None:
        with transaction(group_id=trading.cast.group_id):
            approve(buy_out_id, by=trading.leader)  # type: ignore[arg-type]  # an id

    return deed


def test_two_approvals_at_once_take_effect_once(committed: Flask) -> None:
    with clock.held(NOW):
        with committed.app_context():
            trading = make_trading(factories.cast())
            with transaction(group_id=trading.cast.group_id):
                made = trading.agreed(360, None).id
        raised = at_once(committed, [approving(trading, made)] * 4)
        assert [type(error) for error in raised] == [Ended] * 3
        with committed.app_context(), transaction(group_id=trading.cast.group_id):
            assert trading.units()["group"] == (D(30), D(300))
            assert trading.balance("member_payable", trading.cast.member) == 360
