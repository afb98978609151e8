"""The overview of a group."""

from flask import Response

from app.groups.access import group_blueprint, needs
from app.home.overview import overview as everything
from app.ledgers.words import entry_kind
from app.web.pages import page

bp = group_blueprint("overview", __name__)


@bp.get("/")
@needs("group.see")
def overview() -> Response:
    """Where the group stands today."""
    return page("home/overview.html", told=everything(), kind_name=entry_kind)
