"""What the proof finds when the books and the records of assets disagree."""

from collections.abc import Callable

import pytest

from app.assets import checks
from app.assets.models import AssetConversion, AssetSale
from app.core.db import session
from app.core.ids import new_id
from app.core.rooms import Check
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from tests.assets.conftest import MADE, SOLD, D, Owning


def faults(check: Callable[[], Check]) -> str:
    session().flush()
    return " ".join(check().faults)


def test_whole_books_have_no_fault(owning: Owning) -> None:
    row = owning.convert(650)
    assert [check().faults for check in checks.CHECKS] == [[]] * len(checks.CHECKS)
    assert [check().looked_at for check in checks.CHECKS] == [1, 0, 1, 1, 3]
    assert session().query(AssetConversion).filter_by(asset_id=row.id).count() == 1


def test_property_that_nobody_owns_is_found(owning: Owning) -> None:
    row = owning.convert(650)
    lines = [debit("property", D(10), row.id), credit("cash", D(10), owning.bank)]
    post(Draft(PostingKind.MANUAL, MADE, lines), by=owning.by)
    assert f"Asset {row.id} stands in the books at 660.0000, its shares come to 650.0000." in faults(
        checks.property_is_owned
    )
    assert "Property of 660.0000 is owned as 650.0000." in faults(checks.property_is_owned)


def test_an_owner_of_whom_the_books_say_something_else_is_found(owning: Owning) -> None:
    owning.convert(650)
    lines = [debit("asset_share", D(5), owning.who["ann"]), credit("savings", D(5), owning.who["ann"])]
    post(Draft(PostingKind.MANUAL, MADE, lines), by=owning.by)
    told = f"Shares of {owning.who['ann']} come to 390.0000, the books say 385.0000."
    assert told in faults(checks.owners_are_as_booked)


def test_an_entry_that_no_asset_has_is_found(owning: Owning) -> None:
    lines = [debit("cash", D(5), owning.bank), credit("treasury", D(5))]
    post(Draft(PostingKind.CONVERSION, MADE, lines, source=("asset", new_id())), by=owning.by)
    assert "says it is a record of “Assets”, and none has it" in faults(checks.assets)


@pytest.mark.parametrize("proceeds", [0, 5])
def test_a_sale_without_its_entry_is_found(owning: Owning, proceeds: int) -> None:
    row = owning.convert(650)
    made = AssetSale(
        asset_id=row.id,
        sold_on=SOLD,
        price=D(650),
        proceeds=D(proceeds),
        gains="members",
        cash_account_id=owning.bank if proceeds else None,
        idempotency_key="x",
    )
    session().add(made)
    session().flush()
    assert f"{made.id} has no entry of its amount" in faults(checks.asset_sales)
    assert f"The shares of asset {row.id} total 100.0000 per cent" in faults(checks.shares_are_whole)
