"""Conversions, purchases and sales that are taken back, and what keeps them from it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.assets.converting import buy_asset
from app.assets.errors import AlreadyTakenBack
from app.assets.queries import shares_of
from app.assets.reversing import refuse_undoing, reverse_asset, reverse_sale
from app.assets.selling import sell_asset
from app.assets.shares import ShareMove, move_shares
from app.core.db import session
from app.core.ids import new_id
from app.groups.models import Member
from app.holdings.queries import holders
from app.ledgers.balances import balance
from app.ledgers.chart import Account
from app.ledgers.errors import SomethingRestsOnIt
from tests.assets.conftest import SOLD, Owning, percents, proven, sale

D = Decimal


def test_a_conversion_taken_back_leaves_everything_as_it_was(owning: Owning) -> None:
    before = [(row.member_id, row.units, row.cost) for row in holders([owning.land])]
    row = owning.convert(650, values={owning.land: D(600)})
    reverse_asset(row.id, reason="Wrong price", on=SOLD, by=owning.by)
    assert [(row.member_id, row.units, row.cost) for row in holders([owning.land])] == before
    assert owning.all_have("savings") == [300, 150, 50]
    assert owning.all_have("asset_share") == [0, 0, 0]
    assert shares_of(owning.who["ann"]) == []
    with pytest.raises(AlreadyTakenBack):
        reverse_asset(row.id, reason="Again", on=SOLD, by=owning.by)
    assert proven() == []
    owning.convert(500, on=SOLD)  # and they can be converted again


def test_a_purchase_taken_back_gives_the_savings_back(owning: Owning) -> None:
    row = buy_asset(owning.wanted(250, values={}), by=owning.by)
    reverse_asset(row.id, reason="It fell through", on=SOLD, by=owning.by)
    assert owning.all_have("savings") == [300, 150, 50]
    assert balance(Account("cash", owning.bank)) == 500
    assert proven() == []


def test_a_sale_taken_back_gives_the_shares_back(owning: Owning) -> None:
    row = owning.convert(500)
    made = sell_asset(sale(owning, row, 800), by=owning.by)
    with pytest.raises(SomethingRestsOnIt, match="its sale on 16 Nov 2026"):
        refuse_undoing("asset", row.id)
    reverse_sale(made.id, reason="The buyer withdrew", on=SOLD, by=owning.by)
    assert percents(row) == [60, 30, 10]
    assert owning.all_have("realised_growth") == [0, 0, 0]
    assert proven() == []
    sell_asset(sale(owning, row, 700), by=owning.by)


def test_what_was_lost_without_an_entry_is_not_given_back_to_who_has_left(owning: Owning) -> None:
    row = buy_asset(owning.wanted(0, values={}, cash_account_id=None), by=owning.by)
    made = sell_asset(sale(owning, row, 0, cash_account_id=None), by=owning.by)
    assert made.entry_id is None
    session().execute(sa.update(Member).where(Member.id == owning.who["ann"]).values(status="left"))
    with pytest.raises(SomethingRestsOnIt, match="Ann has left the group"):
        reverse_sale(made.id, reason="Found again", on=SOLD, by=owning.by)


def test_shares_that_passed_on_keep_an_asset_from_being_taken_back(owning: Owning) -> None:
    row = owning.convert(500)
    passed = [
        ShareMove(row.id, owning.who["ann"], D(-60), D(-300)),
        ShareMove(row.id, owning.who["ben"], D(60), D(300)),
    ]
    move_shares(passed, source=("buyout", new_id()), entry_id=None, on=SOLD)
    with pytest.raises(SomethingRestsOnIt, match="shares of it that passed on on 16 Nov 2026"):
        reverse_asset(row.id, reason="Wrong", on=SOLD, by=owning.by)


def test_savings_of_a_sale_that_were_used_keep_it_from_being_taken_back(owning: Owning) -> None:
    row = owning.convert(500)
    made = sell_asset(sale(owning, row, 500), by=owning.by)
    buy_asset(owning.wanted(900, values={}, on=SOLD), by=owning.by)
    with pytest.raises(SomethingRestsOnIt, match="was used by entry"):
        reverse_sale(made.id, reason="Wrong", on=SOLD, by=owning.by)
