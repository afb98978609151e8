"""Lists of assets and of their owners, page by page, each page in a fixed number of queries."""

import enum
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.assets.models import Asset, AssetConversion, AssetSale, AssetShare, AssetsReversal
from app.assets.queries import taken_back
from app.assets.rules import ZERO
from app.core.db import session
from app.groups.models import Member
from app.holdings.models import HoldingShare, Investment
from app.ledgers.models import Account, Entry, Posting
from app.web.keyset import Cursor, Slice, slice_of


class State(enum.StrEnum):
    """Where an asset stands."""

    OWNED = "owned"
    SOLD = "sold"
    REVERSED = "reversed"


@dataclass(frozen=True)
class AssetLine:
    """An asset in a list: its state, how many own it, and what the member who asks owns (None: nothing of it)."""

    asset: Asset
    state: State
    owners: int
    percent: Decimal
    amount: Decimal
    sale: AssetSale | None = None


@dataclass(frozen=True)
class OwnerLine:
    """An owner in a list; without a member it is the group itself."""

    member_id: uuid.UUID | None
    identifier: str
    name: str
    percent: Decimal
    amount: Decimal


def assets_page(member_id: uuid.UUID, *, at: Cursor | None = None) -> Slice[AssetLine]:
    """A page of assets, the latest first, with what a member owns of each."""
    return slice_of(
        lambda statement: lines(list(session().scalars(statement)), member_id),
        sa.select(Asset),
        by=(Asset.acquired_on, Asset.id),
        key=lambda line: (line.asset.acquired_on, line.asset.id),
        at=at,
        newest_first=True,
    )


def lines(rows: Sequence[Asset], member_id: uuid.UUID) -> list[AssetLine]:
    """Assets as in a list, in three queries however many they are."""
    ids = [row.id for row in rows]
    gone, sold = set(_gone(ids)), sales_of(ids)
    owned = _owned(ids, member_id)
    nothing = (0, ZERO, ZERO)
    return [
        AssetLine(
            row,
            State.REVERSED if row.id in gone else State.SOLD if row.id in sold else State.OWNED,
            *owned.get(row.id, nothing),
            sale=sold.get(row.id),
        )
        for row in rows
    ]


def _gone(ids: Collection[uuid.UUID]) -> sa.ScalarResult[uuid.UUID]:
    return session().scalars(taken_back("asset").where(AssetsReversal.original_id.in_(ids)))


def sales_of(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, AssetSale]:
    """The sale of each of these assets that stands."""
    rows = session().scalars(
        sa.select(AssetSale).where(AssetSale.asset_id.in_(ids), AssetSale.id.not_in(taken_back("asset_sale")))
    )
    return {row.asset_id: row for row in rows}


def _owned(ids: Collection[uuid.UUID], member_id: uuid.UUID) -> dict[uuid.UUID, tuple[int, Decimal, Decimal]]:
    """Of each asset: how many own it, and the member's own per cent and amount."""
    percent, amount = sa.func.sum(AssetShare.percent), sa.func.sum(AssetShare.amount)
    each = (
        sa.select(
            AssetShare.asset_id.label("asset_id"),
            AssetShare.member_id.label("member_id"),
            percent.label("percent"),
            amount.label("amount"),
        )
        .where(AssetShare.asset_id.in_(ids))
        .group_by(AssetShare.asset_id, AssetShare.member_id)
        .having(sa.or_(percent != 0, amount != 0))
        .subquery()
    )
    own = each.c.member_id == member_id
    query = sa.select(
        each.c.asset_id,
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(each.c.percent).filter(own), 0),
        sa.func.coalesce(sa.func.sum(each.c.amount).filter(own), 0),
    )
    rows = session().execute(query.group_by(each.c.asset_id))
    return {asset_id: (count, Decimal(has), Decimal(worth)) for asset_id, count, has, worth in rows}


def owners_page(asset_id: uuid.UUID, *, sale: AssetSale | None = None, at: Cursor | None = None) -> Slice[OwnerLine]:
    """A page of the members who own an asset, by identifier; of one that was sold, who owned it then."""
    number = sa.collate(sa.func.lower(Member.identifier), "C")
    return slice_of(
        lambda statement: [OwnerLine(*row) for row in session().execute(statement)],
        _ownership(asset_id, sale).join(Member, Member.id == AssetShare.member_id),
        by=(number, Member.id),
        key=lambda line: (line.identifier.lower(), line.member_id),
        at=at,
    )


def group_owns(asset_id: uuid.UUID, *, sale: AssetSale | None = None) -> tuple[Decimal, Decimal]:
    """The group's own per cent and amount."""
    percent, amount = _parts(sale)
    query = sa.select(sa.func.coalesce(percent, 0), sa.func.coalesce(amount, 0))
    found = session().execute(query.where(AssetShare.member_id.is_(None), *_which(asset_id, sale))).one()
    return Decimal(found[0]), Decimal(found[1])


def _ownership(asset_id: uuid.UUID, sale: AssetSale | None) -> sa.Select[Any]:
    percent, amount = _parts(sale)
    query: Any = (
        sa.select(Member.id, Member.identifier, Member.display_name, percent, amount)
        .select_from(AssetShare)
        .where(*_which(asset_id, sale))
        .group_by(Member.group_id, Member.id)
        .having(sa.or_(percent != 0, amount != 0))
    )
    return query  # type: ignore[no-any-return]  # sums of columns have no type of their own


def _parts(sale: AssetSale | None) -> tuple[sa.ColumnElement[Decimal], sa.ColumnElement[Decimal]]:
    """The sums of shares; of a sale, what its movements took away."""
    sign = 1 if sale is None else -1
    return sign * sa.func.sum(AssetShare.percent), sign * sa.func.sum(AssetShare.amount)


def _which(asset_id: uuid.UUID, sale: AssetSale | None) -> list[sa.ColumnElement[bool]]:
    if sale is None:
        return [AssetShare.asset_id == asset_id]
    return [AssetShare.source_kind == "asset_sale", AssetShare.source_id == sale.id, AssetShare.reverses_id.is_(None)]


@dataclass(frozen=True)
class Origin:
    """An investment that became a part of an asset."""

    investment: Investment
    cost: Decimal
    value: Decimal


def origins(asset_id: uuid.UUID) -> list[Origin]:
    """What an asset was made of, the oldest investment first."""
    rows = session().execute(
        sa.select(Investment, AssetConversion.cost, AssetConversion.value)
        .join(AssetConversion, AssetConversion.investment_id == Investment.id)
        .where(AssetConversion.asset_id == asset_id)
        .order_by(Investment.invested_on, Investment.id)
    )
    return [Origin(*row) for row in rows]


def entry_numbers(ids: Collection[uuid.UUID | None]) -> Mapping[uuid.UUID, int]:
    """The numbers of entries by id."""
    wanted = [entry_id for entry_id in ids if entry_id]
    if not wanted:
        return {}
    rows = session().execute(sa.select(Entry.id, Entry.number).where(Entry.id.in_(wanted)))
    return {entry_id: number for entry_id, number in rows}  # noqa: C416  # dict(rows) is not typed as one


def grown_by(sale: AssetSale | None) -> Mapping[uuid.UUID, Decimal]:
    """What the entry of a sale added to each owner's realised growth; below zero it lessened it."""
    if sale is None or sale.entry_id is None:
        return {}
    rows = session().execute(
        sa.select(Account.owner_id, -Posting.amount)
        .join(Posting, Posting.account_id == Account.id)
        .where(Posting.entry_id == sale.entry_id, Account.kind == "realised_growth")
    )
    return {owner: amount for owner, amount in rows if owner is not None}


def reversals(asset_id: uuid.UUID) -> list[AssetsReversal]:
    """What of an asset was taken back, its sales among it, in the order it was."""
    sold = sa.select(AssetSale.id).where(AssetSale.asset_id == asset_id)
    of_it = sa.or_(AssetsReversal.original_id == asset_id, AssetsReversal.original_id.in_(sold))
    return list(session().scalars(sa.select(AssetsReversal).where(of_it).order_by(AssetsReversal.id)))


def held_whole() -> list[uuid.UUID]:
    """The investments of which units are held, so that they may be converted, the oldest first."""
    rows = session().scalars(
        sa.select(Investment.id)
        .join(HoldingShare, HoldingShare.investment_id == Investment.id)
        .group_by(Investment.group_id, Investment.id)
        .having(sa.func.sum(HoldingShare.units) > 0)
        .order_by(Investment.invested_on, Investment.id)
    )
    return list(rows)


def made_of(investment_id: uuid.UUID) -> list[Asset]:
    """The assets that an investment became, the latest first; those that were taken back are left out."""
    query = sa.select(Asset).join(AssetConversion, AssetConversion.asset_id == Asset.id)
    query = query.where(AssetConversion.investment_id == investment_id, Asset.id.not_in(taken_back("asset")))
    return list(session().scalars(query.order_by(Asset.acquired_on.desc(), Asset.id.desc())))
