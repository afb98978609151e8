"""Selling: gains and losses become growth, of whom, and what cannot be sold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.assets import asking
from app.assets.converting import convert_holdings
from app.assets.errors import AssetGone, BeforeAsset
from app.assets.queries import owners
from app.assets.selling import plan_sale, sell_asset
from app.core.db import session
from app.groups.models import Member
from app.groups.services.policies import new_version
from app.holdings.errors import CashAccountMissing
from app.ledgers.errors import DayInFuture, KeyUsed
from tests.assets.conftest import INVESTED, NOW, Owning, proven, sale

D = Decimal
TODAY = NOW.date()


def test_a_gain_of_a_sale_is_each_owners_realised_growth(owning: Owning) -> None:
    row = owning.convert(500)
    made = sell_asset(sale(owning, row, 800), by=owning.by)
    assert made.gain == 300
    assert owning.all_have("savings") == [600, 300, 100]
    assert owning.all_have("realised_growth") == [180, 90, 30]
    assert owning.all_have("asset_share") == [0, 0, 0]
    assert owners([row.id]) == []
    assert proven() == []


def test_a_loss_makes_growth_less_and_what_is_lost_brings_nothing(owning: Owning) -> None:
    row = owning.convert(500)
    sell_asset(sale(owning, row, 0, cash_account_id=None), by=owning.by)
    assert owning.all_have("savings") == [600, 300, 100]
    assert owning.all_have("realised_growth") == [-300, -150, -50]
    assert proven() == []


def test_a_gain_stays_surplus_where_the_policy_says_so(owning: Owning) -> None:
    new_version(effective_on=TODAY, rules={"holdings": {"gains": "surplus"}}, by=owning.by)
    row = owning.convert(500)
    sell_asset(sale(owning, row, 800, on=TODAY), by=owning.by)
    assert owning.all_have("realised_growth") == [0, 0, 0]
    assert owning.has("appropriated") == 0
    assert owning.has("disposal_result") == 300
    assert proven() == []


def test_the_gain_of_who_asked_to_leave_is_the_treasurys(owning: Owning) -> None:
    row = owning.convert(500)
    ann = session().get_one(Member, (owning.cast.group_id, owning.who["ann"]))
    ann.leaving_since = ann.created_at
    sell_asset(sale(owning, row, 600), by=owning.by)
    assert owning.all_have("realised_growth") == [0, 30, 10]
    assert owning.has("treasury") == 60


def test_what_cannot_be_sold_says_why(owning: Owning) -> None:
    row = owning.convert(500)
    with pytest.raises(BeforeAsset, match="2026-11-02"):
        plan_sale(sale(owning, row, 10, on=INVESTED))
    with pytest.raises(CashAccountMissing):
        plan_sale(sale(owning, row, 10, cash_account_id=None))
    with pytest.raises(DayInFuture):
        plan_sale(sale(owning, row, 10, on=date(2026, 12, 1)))
    told = sale(owning, row, 600)
    sell_asset(told, by=owning.by)
    assert sell_asset(told, by=owning.by).proceeds == 600
    with pytest.raises(KeyUsed):
        sell_asset(replace(told, proceeds=D(601)), by=owning.by)
    with pytest.raises(AssetGone, match="Plot in Kitengela"):
        plan_sale(sale(owning, row, 10))


def test_a_key_asks_for_one_asset_and_one_sale(owning: Owning) -> None:
    told = owning.wanted(500)
    row = convert_holdings(told, by=owning.by)
    with pytest.raises(KeyUsed):
        asking.ask_conversion(replace(told, price=D(501)), by=owning.by)
    sold = sale(owning, row, 500)
    sell_asset(sold, by=owning.by)
    with pytest.raises(KeyUsed):
        asking.ask_sale(replace(sold, proceeds=D(499)), by=owning.by)
