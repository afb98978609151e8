"""Two officers at the same moment, with real commits: an investment becomes one asset, and an asset is sold once."""

import uuid
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from app.assets.converting import convert_holdings
from app.assets.errors import AssetGone, NotHeld
from app.assets.models import Asset, AssetSale
from app.assets.queries import owners
from app.assets.selling import Selling, sell_asset
from app.core import clock
from app.core.db import session, transaction
from tests import factories
from tests.assets.conftest import NOW, SOLD, D, Owning, make_owning
from tests.savings.test_at_once import at_once


def test_an_investment_becomes_one_asset_and_is_sold_once(committed: Flask) -> None:
    with clock.held(NOW):
        with committed.app_context():
            people = factories.cast()
            with transaction(group_id=people.group_id):
                owning = make_owning(people)
        raised = at_once(
            committed, [converting(owning, "key1"), converting(owning, "key1"), converting(owning, "key2")]
        )
        assert [type(error) for error in raised] in ([NotHeld], [NotHeld, NotHeld])
        with committed.app_context(), transaction(group_id=people.group_id):
            [asset_id] = session().scalars(sa.select(Asset.id)).all()
        raised = at_once(committed, [selling(owning, asset_id, f"key{n}") for n in range(3)])
        assert [type(error) for error in raised] == [AssetGone, AssetGone]
        with committed.app_context(), transaction(group_id=people.group_id):
            assert len(session().scalars(sa.select(AssetSale.id)).all()) == 1
            assert owners([asset_id]) == []


def converting(owning: Owning, key: str) -> Callable[[], None]:
    def deed() -> None:
        with transaction(group_id=owning.cast.group_id):
            convert_holdings(owning.wanted(500, key=key), by=owning.by)

    return deed


def selling(owning: Owning, asset_id: uuid.UUID, key: str) -> Callable[[], None]:
    told = Selling(asset_id=asset_id, proceeds=D(600), on=SOLD, key=key, cash_account_id=owning.bank)

    def deed() -> None:
        with transaction(group_id=owning.cast.group_id):
            sell_asset(told, by=owning.by)

    return deed
