"""What is proved of assets: records and entries agree, shares are whole, and the books say what the shares do."""

import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.assets.models import Asset, AssetSale, AssetShare
from app.assets.queries import taken_back
from app.assets.rules import WHOLE, ZERO
from app.core.db import session
from app.core.rooms import Check
from app.ledgers.models import Account, AccountBalance, Entry, Posting
from app.ledgers.record_checks import entries_alone


def _records(table: type[Asset] | type[AssetSale], name: str, price: sa.ColumnElement[Decimal]) -> Check:
    """Each row's entry names it and moves the property at its price, and is reversed if and only if the row is."""
    own = sa.orm.aliased(Entry)
    kind = table.__tablename__
    moved = (
        sa.select(sa.func.coalesce(sa.func.sum(sa.func.abs(Posting.amount)), 0))
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.entry_id == table.entry_id, Account.kind == "property")
        .scalar_subquery()
    )
    named = sa.func.coalesce(sa.and_(own.source_kind == kind, own.source_id == table.id), sa.false())
    alike = sa.exists().where(Entry.reverses_id == table.entry_id) == table.id.in_(taken_back(kind))
    query = sa.select(table.id, named, moved == price, alike).outerjoin(own, own.id == table.entry_id)
    rows = session().execute(query.where(table.entry_id.is_not(None)).order_by(table.id)).all()
    faults = []
    for row_id, is_named, is_price, is_alike in rows:
        if not (is_named and is_price):
            faults.append(_("%(name)s: %(id)s has no entry of its amount.", name=name, id=row_id))
        elif not is_alike:
            faults.append(_("%(name)s: %(id)s and its entry are not reversed alike.", name=name, id=row_id))
    without = session().scalars(sa.select(table.id).where(table.entry_id.is_(None), price != 0))
    faults += [_("%(name)s: %(id)s has no entry of its amount.", name=name, id=row_id) for row_id in without]
    looked = session().scalar(sa.select(sa.func.count(table.id))) or 0
    return Check(name, looked, [*faults, *entries_alone(table, name)])


def assets() -> Check:
    """Every asset and its entry."""
    return _records(Asset, _("Assets"), Asset.price.expression)


def asset_sales() -> Check:
    """Every sale of an asset and its entry."""
    return _records(AssetSale, _("Sales of assets"), AssetSale.price.expression)


def shares_are_whole() -> Check:
    """The shares of each asset total 100 per cent and its price, or nothing once it was sold or taken back."""
    percent, amount = sa.func.sum(AssetShare.percent), sa.func.sum(AssetShare.amount)
    sold = sa.exists().where(AssetSale.asset_id == Asset.id, AssetSale.id.not_in(taken_back("asset_sale")))
    gone = sa.or_(Asset.id.in_(taken_back("asset")), sold)
    query = (
        sa.select(Asset.id, Asset.price, gone, sa.func.coalesce(percent, 0), sa.func.coalesce(amount, 0))
        .outerjoin(AssetShare, AssetShare.asset_id == Asset.id)
        .group_by(Asset.group_id, Asset.id)
        .order_by(Asset.id)
    )
    rows = session().execute(query).all()
    sentence = _("The shares of asset %(id)s total %(percent)s per cent and %(amount)s.")
    faults = [
        sentence % {"id": asset_id, "percent": has, "amount": worth}
        for asset_id, price, is_gone, has, worth in rows
        if (has, worth) != ((ZERO, ZERO) if is_gone else (WHOLE, price))
    ]
    return Check(_("Shares of assets"), len(rows), faults)


def property_is_owned() -> Check:
    """Each asset stands in the books at what its shares come to; all of them at what everybody's shares do."""
    shares = _sums(AssetShare.asset_id)
    kept = _balances("property")
    faults = _unlike(shares, kept, _("Asset %(id)s stands in the books at %(kept)s, its shares come to %(own)s."))
    owned = sum(_balances("asset_share").values(), ZERO) + sum(_balances("group_asset_share").values(), ZERO)
    if sum(kept.values(), ZERO) != -owned:
        told = {"kept": sum(kept.values(), ZERO), "own": -owned}
        faults.append(_("Property of %(kept)s is owned as %(own)s.", **told))
    return Check(_("Property and who owns it"), len(kept), faults)


def owners_are_as_booked() -> Check:
    """What each member's shares, and the group's, come to is what their account says."""
    shares = {who: -amount for who, amount in _sums(AssetShare.member_id).items()}
    kept = {**_balances("asset_share"), **_balances("group_asset_share")}
    faults = _unlike(shares, kept, _("Shares of %(id)s come to %(own)s, the books say %(kept)s."))
    return Check(_("Owners of assets"), len(kept), faults)


def _unlike(own: dict[Any, Decimal], kept: dict[Any, Decimal], sentence: str) -> list[str]:
    return sorted(
        sentence % {"id": key or _("the group"), "own": abs(own.get(key, ZERO)), "kept": abs(kept.get(key, ZERO))}
        for key in own.keys() | kept.keys()
        if own.get(key, ZERO) != kept.get(key, ZERO)
    )


def _sums(key: Any) -> dict[uuid.UUID | None, Decimal]:
    rows = session().execute(sa.select(key, sa.func.sum(AssetShare.amount)).group_by(key))
    return {row[0]: row[1] for row in rows}


def _balances(kind: str) -> dict[uuid.UUID | None, Decimal]:
    query = sa.select(Account.owner_id, AccountBalance.balance)
    query = query.join(AccountBalance, AccountBalance.account_id == Account.id).where(Account.kind == kind)
    return {row[0]: row[1] for row in session().execute(query)}


CHECKS = (assets, asset_sales, shares_are_whole, property_is_owned, owners_are_as_booked)
