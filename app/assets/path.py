"""The path of a member's money: what was paid in, the holdings it became, the assets these became, what came back."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.assets import rules
from app.assets.lists import sales_of
from app.assets.models import Asset, AssetConversion, AssetSale, AssetShare
from app.assets.planning import in_order
from app.assets.queries import taken_back
from app.assets.rules import ZERO, Holder
from app.core.db import session
from app.core.money import quantum
from app.groups.queries import group
from app.holdings.models import HoldingShare, Investment, Move
from app.ledgers import lots
from app.ledgers.models import Account, Entry, Posting


@dataclass(frozen=True)
class PaidIn:
    """Savings that came in by an entry; `used` of it went into what the path shows."""

    entry: Entry
    used: Decimal


@dataclass(frozen=True)
class Leg:
    """A part of what came in, into a holding or, as a top-up, straight into an asset."""

    source: Entry
    target: uuid.UUID
    amount: Decimal
    on: date


@dataclass(frozen=True)
class Held:
    """A member's part of an investment: what was put in, and what is still held."""

    investment: Investment
    on: date
    units: Decimal
    cost: Decimal
    units_left: Decimal
    cost_left: Decimal


@dataclass(frozen=True)
class Turned:
    """Holdings that became a part of an asset: what they had cost, and what they were taken at."""

    investment_id: uuid.UUID
    asset_id: uuid.UUID
    units: Decimal
    cost: Decimal
    value: Decimal


@dataclass(frozen=True)
class Passed:
    """A share that came or went later, by another record than the making or the sale of the asset."""

    asset_id: uuid.UUID
    on: date
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Got:
    """What a sale brought a member: back in savings, and beyond it."""

    sale: AssetSale
    savings: Decimal
    growth: Decimal


@dataclass(frozen=True)
class Owns:
    """An asset on the path: the share it began with, what is owned now, and what its sale brought."""

    asset: Asset
    percent: Decimal
    amount: Decimal
    top_up: Decimal
    percent_now: Decimal
    amount_now: Decimal
    got: Got | None = None


@dataclass(frozen=True)
class Path:
    """Everything in the order of days: what came in, its legs, the holdings, what they became, and what moved later."""

    paid_in: Sequence[PaidIn] = ()
    legs: Sequence[Leg] = ()
    held: Sequence[Held] = ()
    turned: Sequence[Turned] = ()
    owned: Sequence[Owns] = ()
    passed: Sequence[Passed] = ()

    def name_of(self, target: uuid.UUID) -> str:
        """The name of a holding or an asset on the path."""
        names = {one.investment.id: one.investment.name for one in self.held}
        return (names | {one.asset.id: one.asset.name for one in self.owned})[target]


def path_of(member_id: uuid.UUID, asset_id: uuid.UUID | None = None) -> Path:
    """The path of a member's money into one asset or, without one, into everything they hold and own."""
    moves = _moves(member_id)
    shares = _shares(member_id, asset_id)
    assets = {row.id: row for row in session().scalars(_rows(Asset, {share.asset_id for share in shares}))}
    turned = _turned(member_id, moves, assets)
    wanted = {move.investment_id for move in moves} if asset_id is None else {one.investment_id for one in turned}
    held = _held([move for move in moves if move.investment_id in wanted])
    targets = {one.investment.entry_id: one.investment.id for one in held}
    targets |= {row.entry_id: row.id for row in assets.values() if row.entry_id}
    legs = [
        Leg(use.lot, targets[use.entry.id], use.amount, use.entry.effective_on)
        for use in lots.uses_of(member_id)
        if use.entry.id in targets
    ]
    return Path(_paid_in(legs), legs, held, turned, _owned(member_id, assets, shares, legs), _passed(shares))


def _rows(table: Any, ids: Collection[uuid.UUID]) -> sa.Select[Any]:
    return sa.select(table).where(table.id.in_(ids))


def _paid_in(legs: Sequence[Leg]) -> list[PaidIn]:
    used: dict[uuid.UUID, PaidIn] = {}
    for leg in legs:
        before = used.get(leg.source.id)
        used[leg.source.id] = PaidIn(leg.source, (before.used if before else ZERO) + leg.amount)
    return sorted(used.values(), key=lambda one: (one.entry.effective_on, one.entry.number))


def _moves(member_id: uuid.UUID) -> Sequence[Any]:
    """What moved of a member's units and stands: neither undone nor undoing, in the order of days."""
    undone = sa.orm.aliased(Move)
    query = (
        sa.select(
            HoldingShare.investment_id,
            Move.source_kind,
            Move.source_id,
            Move.moved_on,
            HoldingShare.units,
            HoldingShare.cost,
        )
        .join(Move, Move.id == HoldingShare.move_id)
        .where(HoldingShare.member_id == member_id, Move.undoes_id.is_(None))
        .where(~sa.exists().where(undone.undoes_id == Move.id))
        .order_by(Move.moved_on, Move.recorded_at, Move.id)
    )
    return session().execute(query).all()


def _held(moves: Sequence[Any]) -> list[Held]:
    ids = {move.investment_id for move in moves}
    rows = session().scalars(_rows(Investment, ids).order_by(Investment.invested_on, Investment.id))
    found = []
    for row in rows:
        own = [move for move in moves if move.investment_id == row.id]
        come = [move for move in own if move.units > 0]
        found.append(
            Held(
                row,
                own[0].moved_on,
                sum((move.units for move in come), ZERO),
                sum((move.cost for move in come), ZERO),
                sum((move.units for move in own), ZERO),
                sum((move.cost for move in own), ZERO),
            )
        )
    return found


def _turned(member_id: uuid.UUID, moves: Sequence[Any], assets: Mapping[uuid.UUID, Asset]) -> list[Turned]:
    became = [move for move in moves if move.source_kind == "asset" and move.source_id in assets]
    if not became:
        return []
    rows = session().scalars(sa.select(AssetConversion).where(AssetConversion.asset_id.in_(list(assets))))
    agreed = {(row.asset_id, row.investment_id): row for row in rows}
    return [
        Turned(
            move.investment_id,
            move.source_id,
            -move.units,
            -move.cost,
            _value(agreed[move.source_id, move.investment_id], member_id, -move.cost),
        )
        for move in became
    ]


def _value(agreed: AssetConversion, member_id: uuid.UUID, cost: Decimal) -> Decimal:
    """What one holder's part was taken at. At cost it needs no look at the others; else it is split as it was then."""
    if agreed.value == agreed.cost:
        return cost
    rows = session().execute(
        sa.select(HoldingShare.investment_id, HoldingShare.member_id, -HoldingShare.units, -HoldingShare.cost)
        .join(Move, Move.id == HoldingShare.move_id)
        .where(Move.source_kind == "asset", Move.source_id == agreed.asset_id, Move.undoes_id.is_(None))
        .where(HoldingShare.investment_id == agreed.investment_id)
    )
    everybody = in_order([Holder(*row) for row in rows])
    parts = rules.values_of(everybody, {agreed.investment_id: agreed.value}, quantum(group().currency))
    return parts[member_id]


def _shares(member_id: uuid.UUID, asset_id: uuid.UUID | None) -> Sequence[AssetShare]:
    """The movements of a member's shares that stand, the assets that were taken back left out."""
    mirror = sa.orm.aliased(AssetShare)
    query = sa.select(AssetShare).where(
        AssetShare.member_id == member_id,
        AssetShare.reverses_id.is_(None),
        ~sa.exists().where(mirror.reverses_id == AssetShare.id),
        AssetShare.asset_id.not_in(taken_back("asset")),
    )
    if asset_id is not None:
        query = query.where(AssetShare.asset_id == asset_id)
    return session().scalars(query.order_by(AssetShare.moved_on, AssetShare.id)).all()


def _owned(
    member_id: uuid.UUID, assets: Mapping[uuid.UUID, Asset], shares: Sequence[AssetShare], legs: Sequence[Leg]
) -> list[Owns]:
    got = _got(member_id, sales_of(list(assets)))
    found = []
    for row in sorted(assets.values(), key=lambda row: (row.acquired_on, row.id)):
        own = [share for share in shares if share.asset_id == row.id]
        first = [share for share in own if share.source_kind == "asset"]
        found.append(
            Owns(
                row,
                sum((share.percent for share in first), ZERO),
                sum((share.amount for share in first), ZERO),
                sum((leg.amount for leg in legs if leg.target == row.id), ZERO),
                sum((share.percent for share in own), ZERO),
                sum((share.amount for share in own), ZERO),
                got.get(row.id),
            )
        )
    return found


def _passed(shares: Sequence[AssetShare]) -> list[Passed]:
    later = [share for share in shares if share.source_kind not in ("asset", "asset_sale")]
    return [Passed(share.asset_id, share.moved_on, share.percent, share.amount) for share in later]


def _got(member_id: uuid.UUID, sales: Mapping[uuid.UUID, AssetSale]) -> dict[uuid.UUID, Got]:
    entries = [sale.entry_id for sale in sales.values() if sale.entry_id]
    rows = session().execute(
        sa.select(Posting.entry_id, Account.kind, -sa.func.sum(Posting.amount))
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.entry_id.in_(entries), Account.owner_id == member_id)
        .group_by(Posting.entry_id, Account.kind)
    )
    brought = {(entry_id, kind): Decimal(amount) for entry_id, kind, amount in rows}
    return {
        asset_id: Got(
            sale,
            *(brought.get((sale.entry_id, kind), ZERO) for kind in ("savings", "realised_growth")),  # type: ignore[arg-type]  # what has no entry brought nothing
        )
        for asset_id, sale in sales.items()
    }
