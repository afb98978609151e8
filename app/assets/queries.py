"""Reads of assets: who owns what of them, and each question that a page asks."""

import uuid
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa

from app.assets.errors import NoSuchAsset, NoSuchAssetSale
from app.assets.models import Asset, AssetSale, AssetShare, AssetsReversal
from app.core.db import session
from app.core.rows import row_with
from app.groups.models import Member


class Owned(NamedTuple):
    """What an owner has of an asset: per cent, and the part of its recorded value. No member: the group itself."""

    asset_id: uuid.UUID
    member_id: uuid.UUID | None
    percent: Decimal
    amount: Decimal


class OwnShare(NamedTuple):
    """An asset, and what a member owns of it."""

    asset: Asset
    percent: Decimal
    amount: Decimal


def asset_row(asset_id: uuid.UUID) -> Asset:
    """The asset with this id. Raises NoSuchAsset."""
    return row_with(Asset, asset_id, NoSuchAsset)


def sale_row(sale_id: uuid.UUID) -> AssetSale:
    """The sale with this id. Raises NoSuchAssetSale."""
    return row_with(AssetSale, sale_id, NoSuchAssetSale)


_PERCENT, _AMOUNT = sa.func.sum(AssetShare.percent), sa.func.sum(AssetShare.amount)
_OWNS = sa.or_(_PERCENT != 0, _AMOUNT != 0)


def owners(asset_ids: Collection[uuid.UUID], on: date | None = None) -> list[Owned]:
    """Who owns how much of these assets, now or at the end of a day: members by identifier, then the group."""
    query = (
        sa.select(AssetShare.asset_id, AssetShare.member_id, _PERCENT, _AMOUNT)
        .outerjoin(Member, Member.id == AssetShare.member_id)
        .where(AssetShare.asset_id.in_(asset_ids))
        .group_by(AssetShare.asset_id, AssetShare.member_id, Member.identifier)
        .having(_OWNS)
        .order_by(AssetShare.asset_id, sa.collate(sa.func.lower(Member.identifier), "C").nulls_last())
    )
    if on is not None:
        query = query.where(AssetShare.moved_on <= on)
    return [Owned(*row) for row in session().execute(query)]


def shares_of(member_id: uuid.UUID, on: date | None = None) -> list[OwnShare]:
    """What a member owns, now or at the end of a day, the oldest asset first."""
    query = (
        sa.select(Asset, _PERCENT, _AMOUNT)
        .join(AssetShare, AssetShare.asset_id == Asset.id)
        .where(AssetShare.member_id == member_id)
        .group_by(Asset.group_id, Asset.id)
        .having(_OWNS)
        .order_by(Asset.acquired_on, Asset.id)
    )
    if on is not None:
        query = query.where(AssetShare.moved_on <= on)
    return [OwnShare(*row) for row in session().execute(query)]


def taken_back(kind: str) -> sa.Select[uuid.UUID]:
    """The ids of the records of a kind (asset, asset_sale) that were reversed."""
    return sa.select(AssetsReversal.original_id).where(AssetsReversal.original_kind == kind)


def made_under(key: str) -> uuid.UUID:
    """The id of the asset that a deed made. Raises NoSuchAsset."""
    found = session().scalar(sa.select(Asset.id).where(Asset.idempotency_key == key))
    if found is None:
        raise NoSuchAsset
    return found
