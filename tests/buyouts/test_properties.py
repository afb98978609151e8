"""Whatever is bought out and undone, in whatever order, nothing is lost and nobody has less than nothing."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.buyouts import checks
from app.buyouts.approving import approve
from app.buyouts.holding import position_of
from app.buyouts.models import BuyOut
from app.buyouts.offering import Offer, offer
from app.buyouts.reversing import reverse_buy_out
from app.buyouts.rules import PartKind, Wanted
from app.buyouts.saying import consent
from app.core import db
from app.core.db import session
from app.core.errors import DomainError
from app.ledgers.balances import balances_of_kind
from tests.buyouts.conftest import TODAY, Trading

D = Decimal
PEOPLE = ("member", "other_member", "leader")
deed = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from([*PEOPLE, None]),
    st.sampled_from(["whole", "part", "undo"]),
    st.integers(1, 10_000),  # what part of each thing, in hundredths of a per cent
    st.integers(0, 500),
)


def bought(trading: Trading, told: tuple[str, str | None, str, int, int], key: str) -> BuyOut:
    seller, buyer, how, part, price = told
    position = position_of(trading.cast.people[seller].member_id)
    parts = {stake.of: (stake.quantity * part / 10_000).quantize(D("0.0001")) for stake in position.stakes}
    kinds = {stake.of: stake.kind for stake in position.stakes}
    wanted = Wanted(whole=True, growth=bool(position.growth))
    if how == "part":
        wanted = Wanted(
            units={of: some for of, some in parts.items() if some and kinds[of] is PartKind.HOLDING},
            percents={of: some for of, some in parts.items() if some and kinds[of] is PartKind.ASSET},
            savings=(position.savings * part / 10_000).quantize(D("0.01")),
        )
    sides = {name: trading.cast.people[name].member_id for name in {seller, buyer} if name}
    buyer_id = sides[buyer] if buyer else None
    row = offer(Offer(sides[seller], wanted, D(price), buyer_id), by=trading.treasurer, key=key)
    for side in sides.values():
        consent(row.id, by=side)
    by_group = buyer is None and seller != "leader"  # the treasurer spoke for the group
    return approve(row.id, by=trading.leader if "leader" not in (seller, buyer) or by_group else trading.treasurer)


def totals(trading: Trading) -> dict[str, Any]:
    people = {kind: sum(balances_of_kind(kind).values(), D(0)) for kind in ("holdings", "asset_share", "savings")}
    units, shares = trading.units().values(), trading.shares().values()
    return {
        "units": sum(units_ for units_, _cost in units),
        "cost": sum(cost for _units, cost in units),
        "percent": sum(percent for percent, _amount in shares),
        "amount": sum(amount for _percent, amount in shares),
        "holdings": people["holdings"] + trading.balance("group_holdings"),
        "assets": people["asset_share"] + trading.balance("group_asset_share"),
        "equity": people["savings"]
        + trading.balance("treasury")
        + sum(balances_of_kind("member_payable").values(), D(0))
        + sum(balances_of_kind("realised_growth").values(), D(0)),
    }


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deed, min_size=1, max_size=5))
def test_no_sequence_of_buy_outs_changes_the_totals(trading: Trading, deeds: list[Any]) -> None:
    nested = session().begin_nested()  # the next play starts from the same
    _play(trading, deeds)
    nested.rollback()
    session().expire_all()


def _play(trading: Trading, deeds: list[Any]) -> None:
    before = totals(trading)
    made: list[BuyOut] = []
    for number, told in enumerate(deeds):
        with suppress(DomainError), db.attempt():  # such as nothing left to sell: refused, and nothing of it stays
            if told[2] == "undo" and made:
                reverse_buy_out(made[told[3] % len(made)].id, reason="-", on=TODAY, by=trading.treasurer)
            else:
                made.append(bought(trading, told, f"play{number}"))
    assert totals(trading) == before
    assert min([units for units, _cost in trading.units().values()]) >= 0
    assert min([percent for percent, _amount in trading.shares().values()]) >= 0
    assert [fault for check in checks.CHECKS for fault in check().faults] == []
