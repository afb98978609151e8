"""Taking back an asset or its sale: the entry is mirrored, and so is every movement of shares and holdings."""

import uuid
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.assets.errors import AlreadyTakenBack
from app.assets.models import Asset, AssetConversion, AssetSale, AssetShare, AssetsReversal
from app.assets.queries import asset_row, sale_row, taken_back
from app.assets.shares import undo_moves
from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.groups.services.members import lock_group
from app.holdings import moving
from app.holdings.reversing import growth_used, reverse_record
from app.ledgers import lots
from app.ledgers.books import reverse
from app.ledgers.entries import refuse_resting
from app.ledgers.leavers import resting_gone
from app.ledgers.locking import lock_books
from app.ledgers.models import Entry
from app.web.filters import day as written


def reverse_asset(
    asset_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, overdraft: bool = False
) -> AssetsReversal:
    """Undo the making of an asset: its holdings are held again as before, what was paid beside them is back.

    One bought directly goes with the investment it began with. `on` is an open day. Raises NoSuchAsset,
    AlreadyTakenBack, SomethingRestsOnIt, and what the books refuse.
    """
    lock_group()
    lock_books()
    row = asset_row(asset_id)
    refuse_undoing("asset", row.id)
    source, mirrored = ("asset", row.id), _mirror(row.entry_id, on=on, reason=reason, by=by, overdraft=overdraft)
    undo_moves(source, entry_id=mirrored, on=on)
    moving.undo_moves(source, entry_id=mirrored)
    made = _keep("asset", row.id, reason=reason, by=by)
    if row.way == "bought":
        for investment_id in session().scalars(_investments(row.id)):
            reverse_record("investment", investment_id, reason=reason, on=on, by=by, overdraft=overdraft)
    return made


def reverse_sale(
    sale_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, overdraft: bool = False
) -> AssetsReversal:
    """Undo the sale of an asset: its owners own it again. Raises NoSuchAssetSale and as `reverse_asset` does."""
    lock_group()
    lock_books()
    row = sale_row(sale_id)
    refuse_undoing("asset_sale", row.id)
    mirrored = _mirror(row.entry_id, on=on, reason=reason, by=by, overdraft=overdraft)
    undo_moves(("asset_sale", row.id), entry_id=mirrored, on=on)
    return _keep("asset_sale", row.id, reason=reason, by=by)


def refuse_undoing(kind: str, record_id: uuid.UUID) -> None:
    """Raises AlreadyTakenBack, SomethingRestsOnIt: what stands against undoing an asset or an asset_sale."""
    if session().scalar(taken_back(kind).where(AssetsReversal.original_id == record_id)) is not None:
        raise AlreadyTakenBack
    refuse_resting(kind, record_id)


def _mirror(entry_id: uuid.UUID | None, *, on: date, reason: str, by: uuid.UUID, overdraft: bool) -> uuid.UUID | None:
    if entry_id is None:
        return None
    entry = session().scalars(sa.select(Entry).where(Entry.id == entry_id)).one()
    return reverse(entry, by=by, on=on, reason=reason, overdraft=overdraft).id


def _keep(kind: str, record_id: uuid.UUID, *, reason: str, by: uuid.UUID) -> AssetsReversal:
    row = AssetsReversal(id=new_id(), original_kind=kind, original_id=record_id, recorded_by=by)
    row.reason_sealed = seal_for(session().group_id, reason, reason_place(row.id))
    session().add(row)
    session().flush()
    record("reverse", kind, record_id, by=by, after={"reason": reason}, severity="notice")
    return row


def reason_place(row_id: uuid.UUID) -> str:
    """What the reason of a reversal is bound to."""
    return f"assets_reversal|{row_id}|reason"


def _investments(asset_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    return sa.select(AssetConversion.investment_id).where(AssetConversion.asset_id == asset_id)


def resting_on_asset(asset_id: uuid.UUID) -> list[str]:
    """What later records rest on an asset: its sale, shares that passed on, savings that came back and were used."""
    row = asset_row(asset_id)
    sold = session().scalars(
        sa.select(AssetSale).where(AssetSale.asset_id == row.id, AssetSale.id.not_in(taken_back("asset_sale")))
    )
    found = [_("its sale on %(day)s", day=written(sale.sold_on)) for sale in sold]
    found += [_("shares of it that passed on on %(day)s", day=written(on)) for on in _passed_on(row)]
    return found + (lots.resting([row.entry_id]) if row.entry_id else [])


def _passed_on(row: Asset) -> list[date]:
    """The days of movements that stand and are neither its making nor its sale."""
    mirror = sa.orm.aliased(AssetShare)
    query = sa.select(AssetShare.moved_on).where(
        AssetShare.asset_id == row.id,
        AssetShare.reverses_id.is_(None),
        AssetShare.source_kind.not_in(("asset", "asset_sale")),
        ~sa.exists().where(mirror.reverses_id == AssetShare.id),
    )
    return list(session().scalars(query.distinct().order_by(AssetShare.moved_on)))


def resting_on_sale(sale_id: uuid.UUID) -> list[str]:
    """What rests on a sale: uses of the savings and of the growth that it brought, and owners who have left since."""
    row = sale_row(sale_id)
    used = [*lots.resting([row.entry_id]), *growth_used(row.entry_id)] if row.entry_id else []
    sold = sa.select(AssetShare.member_id).where(
        AssetShare.source_kind == "asset_sale", AssetShare.source_id == row.id, AssetShare.reverses_id.is_(None)
    )
    return [*used, *resting_gone([owner for owner in session().scalars(sold) if owner])]


def resting_on_member(member_id: uuid.UUID) -> list[str]:
    """Why a member cannot be said to have left: what they own."""
    rows = session().scalars(
        sa.select(Asset.name)
        .join(AssetShare, AssetShare.asset_id == Asset.id)
        .where(AssetShare.member_id == member_id)
        .group_by(Asset.name)
        .having(sa.or_(sa.func.sum(AssetShare.percent) != 0, sa.func.sum(AssetShare.amount) != 0))
    )
    return [_("a share of “%(name)s” is theirs", name=name) for name in rows]
