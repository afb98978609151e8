"""Converting and buying: what it does to savings, holdings, shares and the books, and who lacks the top-up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.assets.converting import buy_asset, convert_holdings
from app.assets.errors import BeforeHoldingMoved, NobodyCanOwn, NotHeld, NothingChosen, OwnersLack, PlanChanged
from app.assets.planning import plan_conversion
from app.assets.queries import owners
from app.assets.selling import sell_asset
from app.core.db import session
from app.core.ids import new_id
from app.groups.models import Member
from app.holdings.errors import BeyondCash, CashAccountMissing
from app.holdings.investing import Purchase, record_investment
from app.holdings.moving import HoldingMove, move_holdings
from app.holdings.queries import eligible, holders
from app.holdings.valuing import Revaluation, revalue
from app.ledgers.balances import balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import Account, PostingKind
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.models import Account as Row
from tests.assets.conftest import SAVED, Owning, percents, proven, sale

D = Decimal


def test_holdings_of_30_15_and_5_units_become_60_30_and_10_per_cent(owning: Owning) -> None:
    row = owning.convert(500)
    assert percents(row) == [60, 30, 10]
    assert owning.all_have("holdings") == [0, 0, 0]
    assert owning.all_have("asset_share") == [300, 150, 50]
    assert owning.all_have("savings") == [300, 150, 50]
    assert holders([owning.land]) == []
    assert balance(Account("property", row.id)) == 500
    assert proven() == []


def test_a_price_beyond_the_holdings_comes_out_of_savings(owning: Owning) -> None:
    row = owning.convert(650)
    assert percents(row) == [60, 30, 10]
    assert owning.all_have("savings") == [210, 105, 35]
    assert owning.all_have("asset_share") == [390, 195, 65]
    assert balance(Account("cash", owning.bank)) == 350
    assert proven() == []


def test_what_the_price_leaves_over_goes_back_to_savings(owning: Owning) -> None:
    owning.convert(400)
    assert owning.all_have("savings") == [360, 180, 60]
    assert owning.all_have("asset_share") == [240, 120, 40]
    assert proven() == []


def test_several_investments_become_one_asset(owning: Owning) -> None:
    owning.save("ben", "400", on=date(2026, 10, 5))
    bonds = Purchase(
        name="Bonds",
        type="bonds",
        on=date(2026, 10, 6),
        cash_account_id=owning.bank,
        key="bonds",
        amount=D(450),
        unit_value=D(10),
    )
    second = record_investment(bonds, by=owning.by).id
    row = owning.convert(950, values={owning.land: None, second: None})
    assert owning.all_have("holdings") == [0, 0, 0]
    assert owning.all_have("asset_share") == [450, 425, 75]
    assert percents(row) == [D("47.3684"), D("44.7369"), D("7.8947")]
    assert proven() == []


def test_what_the_group_itself_holds_becomes_a_share_of_the_group(owning: Owning) -> None:
    source = ("exit", new_id())
    lines = [debit("holdings", D(300), owning.who["ann"]), credit("group_holdings", D(300))]
    posted = post(Draft(PostingKind.EXIT_CLOSED, date(2026, 10, 9), lines), by=owning.by)
    passed = [
        HoldingMove(owning.land, owning.who["ann"], D(-30), D(-300)),
        HoldingMove(owning.land, None, D(30), D(300)),
    ]
    move_holdings(passed, source=source, entry_id=posted.id)
    row = owning.convert(650)
    whose: list[Any] = [(own.member_id, own.amount) for own in owners([row.id])]
    assert whose == [
        (owning.who["ben"], 195),
        (owning.who["cai"], 65),
        (None, 390),
    ]
    assert (owning.has("group_asset_share"), owning.has("treasury")) == (390, -90)
    assert proven() == []
    sell_asset(sale(owning, row, 750), by=owning.by)
    assert owning.has("treasury") == 360
    assert proven() == []


def test_a_gain_at_conversion_is_appropriated_and_stands_in_the_shares(owning: Owning) -> None:
    owning.convert(600, values={owning.land: D(600)})
    assert owning.all_have("asset_share") == [360, 180, 60]
    assert owning.has("disposal_result") == 100
    assert owning.has("appropriated") == -100
    assert proven() == []


def test_an_investment_is_taken_at_what_it_was_last_worth(owning: Owning) -> None:
    told = Revaluation(
        investment_id=owning.land, on=date(2026, 10, 20), value=D(800), evidence="Broker's letter", key="v1"
    )
    revalue(told, by=owning.by)
    assert plan_conversion(owning.wanted(800)).conversion.value == 800


def test_savings_used_for_the_top_up_are_used_by_name(owning: Owning) -> None:
    owning.convert(650)
    assert eligible() == {owning.who["ann"]: 210, owning.who["ben"]: 105, owning.who["cai"]: 35}


def test_whoever_lacks_the_top_up_is_named_with_the_amount(owning: Owning) -> None:
    owning.others_save("1000")
    with pytest.raises(OwnersLack, match=r"Ann KES 60\.00, Ben KES 30\.00, Cai KES 10\.00\."):
        owning.convert(1100)


def test_the_treasury_owns_what_owners_lack(owning: Owning) -> None:
    owning.save("ben", "1000")
    owning.save("cai", "1000")
    row = owning.convert(1100, treasury_takes=True)
    assert owning.all_have("asset_share") == [600, 330, 110]
    assert owning.has("group_asset_share") == 60
    assert owning.has("treasury") == -60
    assert [(own.member_id, own.percent) for own in owners([row.id])][-1] == (None, D("5.4545"))
    assert sum(percents(row)) == 100
    assert proven() == []


def test_who_asked_to_leave_pays_no_top_up(owning: Owning) -> None:
    ann = session().get_one(Member, (owning.cast.group_id, owning.who["ann"]))
    ann.leaving_since = ann.created_at
    with pytest.raises(OwnersLack, match=r"Ann KES 90\.00\."):
        owning.convert(650)


def test_a_plan_that_changed_since_it_was_read_is_refused(owning: Owning) -> None:
    told = owning.wanted(650)
    read = plan_conversion(told).mark
    with pytest.raises(PlanChanged):
        convert_holdings(replace(told, price=D(640)), by=owning.by, read=read)
    assert convert_holdings(told, by=owning.by, read=read).price == 650


def test_pressing_twice_makes_one_asset_and_a_key_is_for_one(owning: Owning) -> None:
    told = owning.wanted(500)
    first = convert_holdings(told, by=owning.by)
    assert convert_holdings(told, by=owning.by).id == first.id
    with pytest.raises(KeyUsed):
        convert_holdings(replace(told, price=D(501)), by=owning.by)


def test_what_cannot_be_converted_says_why(owning: Owning) -> None:
    with pytest.raises(NothingChosen):
        owning.convert(500, values={})
    with pytest.raises(BeforeHoldingMoved, match="2026-10-01"):
        owning.convert(500, on=SAVED)
    with pytest.raises(DayInFuture):
        owning.convert(500, on=date(2026, 11, 22))
    with pytest.raises(CashAccountMissing):
        owning.convert(650, cash_account_id=None)
    with pytest.raises(BeyondCash) as refused:
        owning.convert(5000)
    assert refused.value.field == "cash_account"
    owning.convert(500)
    with pytest.raises(NotHeld, match="Land fund"):
        owning.convert(500)


def test_a_direct_purchase_is_an_investment_of_one_unit_converted_at_once(owning: Owning) -> None:
    row = buy_asset(owning.wanted(250, values={}), by=owning.by)
    assert row.way == "bought"
    assert percents(row) == [60, 30, 10]
    assert owning.all_have("savings") == [150, 75, 25]
    assert owning.all_have("asset_share") == [150, 75, 25]
    assert owning.has("disposal_result") == 0
    assert proven() == []


def test_a_gift_is_shared_by_savings_without_an_entry(owning: Owning) -> None:
    row = buy_asset(owning.wanted(0, values={}, cash_account_id=None), by=owning.by)
    assert (row.way, row.entry_id) == ("given", None)
    assert percents(row) == [60, 30, 10]
    with pytest.raises(NobodyCanOwn):
        buy_asset(owning.wanted(0, values={}, on=date(2026, 8, 1)), by=owning.by)
    assert proven() == []


def test_the_account_of_an_asset_has_its_name(owning: Owning) -> None:
    row = owning.convert(500)
    named = session().scalar(sa.select(Row.name).where(Row.kind == "property", Row.owner_id == row.id))
    assert named == "Plot in Kitengela"
