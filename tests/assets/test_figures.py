"""What the room of assets says of a member on pages, on statements and in an export."""

from flask import Flask, g

from app.assets import figures
from app.assets.converting import buy_asset
from app.assets.personal import personal
from app.assets.reversing import resting_on_member
from app.groups.queries import group
from tests.assets.conftest import D, Owning


def test_a_position_counts_each_share_at_its_recorded_value(owning: Owning, app: Flask) -> None:
    owning.convert(650)
    own = group()
    with app.test_request_context():
        g.group = own  # addresses of a group's pages are built with its slug
        section = figures.position(owning.who["ann"])
        assert section
        assert [(one.label, one.value, one.counts_in_total) for one in section.figures] == [
            ("Plot in Kitengela", D(390), True)
        ]
        assert figures.position(owning.cast.member.member_id) is None


def test_a_statement_says_whether_an_asset_took_savings_or_left_some(owning: Owning) -> None:
    took = owning.convert(650)
    assert figures.assets_told([took.id])[took.id][0] == "Own part of “Plot in Kitengela” beyond the holdings"


def test_a_statement_says_what_was_left_over(owning: Owning) -> None:
    left = owning.convert(400)
    assert figures.assets_told([left.id])[left.id][0] == "Left over from “Plot in Kitengela”"


def test_who_owns_something_cannot_be_said_to_have_left(owning: Owning) -> None:
    buy_asset(owning.wanted(0, values={}, name="Bees", cash_account_id=None), by=owning.by)
    assert resting_on_member(owning.who["ann"]) == ["a share of “Bees” is theirs"]
    assert resting_on_member(owning.cast.member.member_id) == []


def test_an_export_holds_what_one_owns_and_how_it_came(owning: Owning) -> None:
    owning.convert(650)
    found = personal(owning.who["ben"])
    assert [(row["percent"], row["amount"]) for row in found["asset_share_now"]] == [(30, 195)]
    assert len(found["asset_share"]) == 1
    assert [row["name"] for row in found["asset"]] == ["Plot in Kitengela"]
