"""Parts, carrying amounts, the nominal value and where a buy-out stands; no database."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.buyouts import errors
from app.buyouts.rules import (
    Part,
    PartKind,
    Position,
    Stake,
    Standing,
    State,
    Wanted,
    amounts,
    carrying,
    changed,
    everything,
    parts_of,
    standing_of,
)
from app.buyouts.valuing import Valuation, valuation

D = Decimal
FUND, PLOT = (uuid.uuid5(uuid.NAMESPACE_OID, name) for name in ("fund", "plot"))
UNITS = Stake(PartKind.HOLDING, FUND, D("30"), D("300"))
SHARE = Stake(PartKind.ASSET, PLOT, D("60"), D("390"), D("650"))
HELD = Position((UNITS, SHARE), savings=D("210"), growth=D("40"))


def test_everything_is_holdings_and_assets_and_neither_savings_nor_growth() -> None:
    parts = parts_of(HELD, Wanted(whole=True), "KES")
    assert [(part.kind, part.quantity, part.amount) for part in parts] == [
        (PartKind.HOLDING, D("30"), D("300")),
        (PartKind.ASSET, D("60"), D("390")),
    ]


def test_savings_and_growth_are_sold_when_they_are_named() -> None:
    parts = parts_of(HELD, Wanted(whole=True, savings=D("200"), growth=True), "KES")
    assert amounts(parts) == {
        PartKind.HOLDING: D(300),
        PartKind.ASSET: D(390),
        PartKind.SAVINGS: D(200),
        PartKind.GROWTH: D(40),
    }


def test_a_part_is_carried_by_quantity_and_the_last_takes_the_rest() -> None:
    first = carrying(D("100"), D("10"), D("30"), "KES")
    assert first == D("33.33")
    assert carrying(D("100") - first, D("20"), D("20"), "KES") == D("66.67")


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(1, 10**7), min_size=1, max_size=6),
    st.sampled_from(["KES", "UGX", "KWD"]),
)
def test_however_a_stake_is_sold_its_parts_come_to_the_whole(cents: int, pieces: list[int], currency: str) -> None:
    digits = {"KES": 2, "UGX": 0, "KWD": 3}[currency]
    left, held = D(cents).scaleb(-digits), D(sum(pieces)) / 10_000
    total, sold = left, D(0)
    for piece in pieces:
        amount = carrying(left, D(piece) / 10_000, held, currency)
        assert 0 <= amount <= left
        left, held, sold = left - amount, held - D(piece) / 10_000, sold + amount
    assert (left, held, sold) == (D(0), D(0), total)


def test_the_nominal_value_is_contributions_held_growth_and_shares_of_recorded_values() -> None:
    value = valuation(everything(HELD, "KES"))
    assert (value.contributions, value.growth, value.of_assets) == (D(510), D(40), D(390))
    assert value.total == D(940)


def test_an_asset_is_valued_by_its_recorded_value_whatever_it_is_carried_at() -> None:
    third = Stake(PartKind.ASSET, PLOT, D("33.3333"), D("333.34"), D("1000"))
    assert valuation(everything(Position((third,)), "KES")).of_assets == D("333.33")


def test_a_value_is_read_as_it_was_stored() -> None:
    value = valuation(everything(HELD, "KES"))
    assert Valuation.read(value.told()) == value


def test_a_loss_lessens_the_value_and_is_sold_whole() -> None:
    lost = Position((UNITS,), growth=D("-50"))
    assert valuation(parts_of(lost, Wanted(whole=True, growth=True), "KES")).total == D(250)


REFUSED: list[tuple[dict[str, Any], type[Exception]]] = [
    ({}, errors.NothingSold),
    ({"whole": True, "units": {FUND: D(1)}}, errors.WholeAndParts),
    ({"units": {PLOT: D(1)}}, errors.NotHeld),
    ({"percents": {FUND: D(1)}}, errors.NotHeld),
    ({"units": {FUND: D(0)}}, errors.NotMoreThanZero),
    ({"units": {FUND: D("-1")}}, errors.NotMoreThanZero),
    ({"units": {FUND: D("0.00001")}}, errors.TooFine),
    ({"units": {FUND: D("30.0001")}}, errors.MoreThanHeld),
    ({"percents": {PLOT: D("60.0001")}}, errors.MoreThanHeld),
    ({"savings": D("210.01")}, errors.MoreThanHeld),
    ({"savings": D("-1")}, errors.NotMoreThanZero),
]


@pytest.mark.parametrize(("wanted", "error"), REFUSED)
def test_what_cannot_be_sold_is_refused_with_a_sentence(wanted: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        parts_of(HELD, Wanted(**wanted), "KES")
    assert str(refused.value).endswith(".")


def test_everything_of_nothing_is_refused() -> None:
    with pytest.raises(errors.NothingHeld):
        parts_of(Position(savings=D(5)), Wanted(whole=True), "KES")
    with pytest.raises(errors.NoGrowth):
        parts_of(Position(savings=D(5)), Wanted(growth=True), "KES")


def test_what_is_held_for_something_else_is_not_sold() -> None:
    guaranteed = Position((UNITS,), savings=D("210"), free={PartKind.SAVINGS: D("110")})
    with pytest.raises(errors.MoreThanFree):
        parts_of(guaranteed, Wanted(savings=D("110.01")), "KES")
    assert parts_of(guaranteed, Wanted(savings=D("110")), "KES")[0].amount == D(110)


def test_an_offer_is_unchanged_while_the_seller_can_hand_over_the_same() -> None:
    half = parts_of(HELD, Wanted(units={FUND: D(15)}, savings=D(100)), "KES")
    assert changed(half, HELD, "KES", whole=False) == []
    fewer = Position((Stake(PartKind.HOLDING, FUND, D(15), D(150)), SHARE), savings=D(100))
    assert changed(half, fewer, "KES", whole=False) == []


def test_an_offer_is_changed_once_units_shares_savings_or_growth_are_others() -> None:
    parts = parts_of(HELD, Wanted(whole=True, savings=D("210"), growth=True), "KES")
    assert changed(parts, Position(), "KES", whole=True) == [(part.kind, part.of) for part in parts]
    dearer = Position((Stake(PartKind.HOLDING, FUND, D(30), D(301)), SHARE), savings=D("210"), growth=D("40"))
    assert changed(parts, dearer, "KES", whole=True) == [(PartKind.HOLDING, FUND)]
    held = Position((UNITS, SHARE), D("210"), D("40"), {PartKind.SAVINGS: D("209")})
    assert changed(parts, held, "KES", whole=True) == [(PartKind.SAVINGS, None)]


def test_who_sold_everything_has_got_nothing_more_since() -> None:
    parts = parts_of(Position((UNITS,)), Wanted(whole=True), "KES")
    assert changed(parts, Position((UNITS, SHARE)), "KES", whole=True) == [(PartKind.ASSET, PLOT)]
    assert changed(parts, Position((UNITS, SHARE)), "KES", whole=False) == []


def test_where_a_buy_out_stands() -> None:
    told = [State.OFFERED, State.CONSENTED]
    assert standing_of(told) is Standing.OFFERED
    assert standing_of([*told, State.CONSENTED]) is Standing.AGREED
    assert standing_of([*told, State.DECLINED]) is Standing.DECLINED
    assert standing_of([*told, State.WITHDRAWN]) is Standing.WITHDRAWN
    done = [*told, State.CONSENTED, State.EFFECTIVE]
    assert standing_of(done) is Standing.EFFECTIVE
    assert standing_of([*done, State.REVERSED]) is Standing.REVERSED


def test_a_part_of_a_worthless_holding_is_a_part() -> None:
    worthless = Position((Stake(PartKind.ASSET, PLOT, D("50"), D(0), D(0)),))
    assert parts_of(worthless, Wanted(percents={PLOT: D("12.5")}), "KES") == (
        Part(PartKind.ASSET, D(0), D(0), PLOT, D("12.5"), D("50"), D(0)),
    )
