"""The path of a member's money: every step with its day and value, and the picture of it."""

import uuid
from datetime import date
from typing import Any

from app.assets import flow
from app.assets.path import path_of
from app.assets.path_page import steps
from app.assets.reversing import reverse_asset
from app.assets.selling import Selling, sell_asset
from app.assets.shares import ShareMove, move_shares
from app.core.ids import new_id
from tests.assets.conftest import INVESTED, MADE, SAVED, SOLD, D, Owning


def told(owning: Owning, name: str, asset_id: uuid.UUID | None = None) -> list[tuple[Any, ...]]:
    with_names = steps(path_of(owning.who[name], asset_id))
    return [(step.on, step.what, step.name, step.amount) for step in with_names]


def test_each_payment_is_followed_to_a_holding_and_to_an_asset(owning: Owning) -> None:
    owning.save("ann", "50", on=date(2026, 9, 20))
    row = owning.convert(1000, values={owning.land: D(450)}, treasury_takes=True)
    path = path_of(owning.who["ann"], row.id)
    legs: list[Any] = [(leg.source.effective_on, path.name_of(leg.target), leg.amount, leg.on) for leg in path.legs]
    assert legs == [
        (SAVED, "Land fund", 300, INVESTED),
        (SAVED, "Plot in Kitengela", 300, MADE),
        (date(2026, 9, 20), "Plot in Kitengela", 30, MADE),
    ]
    assert told(owning, "ann", row.id) == [
        (INVESTED, "Invested", "Land fund", 300),
        (MADE, "Converted", "Land fund", 270),
        (MADE, "Added from savings", "Plot in Kitengela", 330),
        (MADE, "Owned", "Plot in Kitengela", 600),
    ]


def test_what_was_taken_back_is_no_step(owning: Owning) -> None:
    row = owning.convert(650)
    reverse_asset(row.id, reason="Wrong", on=SOLD, by=owning.by)
    assert told(owning, "ben") == [(INVESTED, "Invested", "Land fund", 150)]
    assert path_of(owning.who["ben"], row.id).legs == []


def test_shares_that_moved_and_a_sale_are_steps(owning: Owning) -> None:
    row = owning.convert(500)
    passed = [
        ShareMove(row.id, owning.who["cai"], D(-10), D(-50)),
        ShareMove(row.id, owning.who["ann"], D(10), D(50)),
    ]
    move_shares(passed, source=("buyout", new_id()), entry_id=None, on=date(2026, 11, 5))
    assert told(owning, "cai", row.id)[-1] == (date(2026, 11, 5), "Share passed on", "Plot in Kitengela", -50)


def test_a_sale_is_the_last_step(owning: Owning) -> None:
    row = owning.convert(500)
    sell_asset(Selling(asset_id=row.id, proceeds=D(600), on=SOLD, key="s", cash_account_id=owning.bank), by=owning.by)
    last: Any = steps(path_of(owning.who["ann"]))[-1]
    assert (last.on, last.what, last.amount) == (SOLD, "Sold: back in savings", 300)
    assert "60.00" in last.note


def test_many_payments_share_a_box_in_the_picture_and_none_in_the_table(owning: Owning) -> None:
    owning.others_save("2000")
    for day in range(2, 14):
        owning.save("cai", "10", on=date(2026, 9, day))
    row = owning.convert(2000, treasury_takes=True)
    path = path_of(owning.who["cai"], row.id)
    assert len(path.paid_in) == 11
    picture = str(flow.drawn(path))
    assert picture.count("flow-box") == 8 + 1 + 1
    assert "4 earlier payments" in picture
    assert "Plot in Kitengela" in picture


def test_nothing_has_no_picture(owning: Owning) -> None:
    path = path_of(owning.cast.member.member_id)
    assert flow.drawn(path) == ""
    assert steps(path) == []
