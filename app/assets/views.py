"""The pages of assets: the list, and one with its owners."""

import uuid

from flask import Response

from app.assets import queries
from app.assets.blueprint import bp
from app.groups.access import needs
from app.web.pages import page


@bp.get("")
@needs("group.see")
def assets() -> Response:
    """All assets, the latest first."""
    return page("assets/assets.html")


@bp.get("/<uuid:asset_id>")
@needs("group.see")
def asset(asset_id: uuid.UUID) -> Response:
    """One asset."""
    return page("assets/asset.html", row=queries.asset_row(asset_id))
