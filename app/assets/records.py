"""Where the records of this room are shown, and whether there is one."""

import uuid
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from flask import url_for

from app.assets.models import Asset, AssetSale
from app.assets.queries import asset_row, taken_back
from app.core.db import session
from app.ledgers.pairs import pairs


def _of_sale(sale_id: uuid.UUID) -> str:
    asset_id = session().scalar(sa.select(AssetSale.asset_id).where(AssetSale.id == sale_id))
    return url_for("assets.asset", asset_id=asset_id or sale_id)


PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "asset": lambda id_: url_for("assets.asset", asset_id=id_),
    "asset_sale": _of_sale,
    "money_path": lambda id_: url_for("assets.money_path", member_id=id_),
}


def asset_exists(asset_id: uuid.UUID) -> bool:
    """Whether the group has, or had, this asset."""
    return session().scalar(sa.select(Asset.id).where(Asset.id == asset_id)) is not None


def who_reads_documents(asset_id: uuid.UUID) -> str:
    """The permission that reading an asset's documents needs: its owners are the members. Raises NoSuchAsset."""
    asset_row(asset_id)
    return "group.see"


def asset_labels() -> Mapping[uuid.UUID, str]:
    """The names of the assets that were not taken back, by id; units of the register point at them."""
    standing = sa.select(Asset.id, Asset.name).where(Asset.id.not_in(taken_back("asset")))
    return pairs(standing.order_by(sa.func.lower(Asset.name)))
