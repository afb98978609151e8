"""What this room adds to pages it does not know: position, a member's page, the dashboard and statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.assets.models import Asset, AssetConversion, AssetSale
from app.assets.queries import shares_of, taken_back
from app.assets.rules import ZERO
from app.core.db import session
from app.core.rooms import Figure, Section
from app.ledgers.balances import balances
from app.web.filters import percent

MOST = 12  # of more assets the rest stands in one line


def position(member_id: uuid.UUID) -> Section | None:
    """A member's share of each asset at its recorded value, the oldest first; None for who owns nothing."""
    owned = shares_of(member_id)
    if not owned:
        return None
    figures = [
        Figure(
            own.asset.name,
            own.amount,
            url=url_for("assets.asset_path", asset_id=own.asset.id, member_id=member_id),
            note=_("%(share)s of it", share=percent(own.percent)),
            counts_in_total=True,
        )
        for own in owned[:MOST]
    ]
    if rest := owned[MOST:]:
        total = sum((own.amount for own in rest), ZERO)
        label = ngettext("One more asset", "%(num)d more assets", len(rest))
        figures.append(Figure(label, total, url=url_for("assets.assets"), counts_in_total=True))
    return Section(_("Assets"), figures, order=30)


def dashboard() -> Sequence[Section]:
    """What the group's assets come to at their recorded value, and how many they are; nothing without any."""
    standing = [row.natural for row in balances(kinds=["property"]) if row.natural]
    gifts = _owned_gifts()
    if not standing and not gifts:
        return []
    count = len(standing) + gifts
    note = ngettext("One asset, at the recorded value", "%(num)d assets, at the recorded value", count)
    return [Section(_("Assets"), [Figure(_("Assets"), sum(standing, ZERO), url_for("assets.assets"), note)], order=30)]


def _owned_gifts() -> int:
    sold = sa.select(AssetSale.asset_id).where(AssetSale.id.not_in(taken_back("asset_sale")))
    gifts = sa.select(sa.func.count()).select_from(Asset).where(Asset.price == Decimal(0))
    return session().scalar(gifts.where(Asset.id.not_in(taken_back("asset")), Asset.id.not_in(sold))) or 0


def assets_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What the making of an asset did to a member's savings, for a statement: all owners paid, or all were paid."""
    taken = sa.func.coalesce(sa.func.sum(AssetConversion.value), 0)
    query = (
        sa.select(Asset.id, Asset.name, taken > Asset.price)
        .outerjoin(AssetConversion, AssetConversion.asset_id == Asset.id)
        .where(Asset.id.in_(ids))
        .group_by(Asset.group_id, Asset.id)
    )
    paid, left = _("Own part of “%(name)s” beyond the holdings"), _("Left over from “%(name)s”")
    return {
        asset_id: ((left if too_much else paid) % {"name": name}, "")
        for asset_id, name, too_much in session().execute(query)
    }


def sales_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What the sale of an asset did to a member's savings, for a statement."""
    query = sa.select(AssetSale.id, Asset.name).join(Asset, Asset.id == AssetSale.asset_id)
    rows = session().execute(query.where(AssetSale.id.in_(ids)))
    return {sale_id: (_("“%(name)s” sold: own part back", name=name), "") for sale_id, name in rows}
