"""The pages that draw the path of a member's money: into one asset, or into everything they hold and own."""

import uuid

from flask import Response, g

from app.assets import flow
from app.assets.blueprint import bp
from app.assets.models import Asset
from app.assets.path import Path, path_of
from app.assets.path_page import read_by, steps, whose
from app.assets.queries import asset_row
from app.groups.access import needs
from app.groups.models import Member
from app.ledgers.words import entry_kind
from app.web.pages import page


@bp.get("/paths/<uuid:member_id>")
@needs("group.see")
def money_path(member_id: uuid.UUID) -> Response:
    """The path of all of a member's money: one's own, for officers of everybody."""
    member = whose(member_id)
    read_by(g.member, member.id)
    path = path_of(member.id)
    return _shown(member, path, None)


@bp.get("/<uuid:asset_id>/paths/<uuid:member_id>")
@needs("group.see")
def asset_path(asset_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """The path of a member's money into one asset."""
    asset, member = asset_row(asset_id), whose(member_id)
    read_by(g.member, member.id)
    path = path_of(member.id, asset.id)
    return _shown(member, path, asset)


def _shown(member: Member, path: Path, asset: Asset | None) -> Response:
    picture, word = flow.drawn(path), entry_kind
    return page(
        "assets/path.html", member=member, path=path, into=asset, steps=steps(path), figure=picture, kind_name=word
    )
