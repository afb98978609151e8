"""The pages that draw the path of a member's money: into one asset, or into everything they hold and own."""

import uuid

from flask import Response

from app.assets.blueprint import bp
from app.assets.path_page import shown
from app.groups.access import needs
from app.web.pages import page


@bp.get("/paths/<uuid:member_id>")
@needs("group.see")
def money_path(member_id: uuid.UUID) -> Response:
    """The path of all of a member's money: one's own, for officers of everybody."""
    return page("assets/path.html", **shown(member_id))


@bp.get("/<uuid:asset_id>/paths/<uuid:member_id>")
@needs("group.see")
def asset_path(asset_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """The path of a member's money into one asset."""
    return page("assets/path.html", **shown(member_id, asset_id))
