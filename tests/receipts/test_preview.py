"""What a run would do is summed over all its units, however many, and is what the run then does."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.receipts import preview, receipt_page
from app.receipts.errors import MoreThanAFile
from tests.receipts.world import JANUARY, D, World

Open = Callable[[Any], FlaskClient]


def town(world: World) -> None:
    """Seven units of three owners, let to one company: tax is decided by the whole year of each owner."""
    shop = world.party("SHOP", kind="company")
    owners = [world.party(f"OWN{number}") for number in range(3)]
    for number in range(7):
        unit = world.unit(f"T{number}")
        world.let(unit, shop, f"{4_000 + number}.50", "10")
        world.assign(unit, owners[number % 3], "100" if number else "90")  # the first one leaves a gap


def test_the_sums_are_of_all_units_and_those_of_the_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    town(world)
    monkeypatch.setattr(preview, "CHUNK", 2)
    monkeypatch.setattr(preview, "PAIRS", 1)
    with world.unit_of_work():
        before = preview.preview(JANUARY)
    told = world.run(JANUARY)
    assert before.units == 7
    assert before.sums == told.sums
    assert told.sums.withheld > 0
    with world.unit_of_work():
        after = preview.sums_of(JANUARY)
    assert (after.receipts, after.known, after.skipped, after.amount) == (0, 6, 1, D(0))


def test_of_very_many_units_the_sums_come_afterwards(
    world: World, as_person: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    town(world)
    monkeypatch.setattr(preview.preview, "__kwdefaults__", {"most": 3})
    client, page = as_person(world.cast.treasurer), f"/g/{world.cast.slug}/rent?period=2026-01"
    text = client.get(page).text
    assert "7 units are let in this month" in text
    assert 'hx-trigger="load"' in text
    asked = {"HX-Request": "true", "HX-Target": "sums"}
    text = client.get(f"{page}&sums=all", headers=asked).text
    assert text.lstrip().startswith('<div id="sums"')
    assert "Units that are let" in text
    assert 'hx-trigger="load"' not in text


def test_no_receipt_is_left_out_of_a_file_in_silence(
    world: World, as_person: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    town(world)
    world.run(JANUARY)
    monkeypatch.setattr(receipt_page, "AT_ONCE", 4)
    client, base = as_person(world.cast.treasurer), f"/g/{world.cast.slug}/rent/receipts"
    rows = client.get(f"{base}.csv").text.splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == [f'"2026-{number:05}"' for number in range(1, 7)]
    monkeypatch.setattr(receipt_page, "MOST_IN_A_BOOK", 5)
    refused = client.get(f"{base}.xlsx")
    assert refused.status_code == 409
    assert "These are 6 receipts, and one file holds 5" in refused.text
    assert client.get(f"{base}.xlsx?unit=T1").status_code == 200
    assert MoreThanAFile.code == "more_than_a_file"
