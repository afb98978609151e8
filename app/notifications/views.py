"""The bell's page: what one was told, and marking it read; everyone does that for oneself."""

import uuid
from datetime import datetime
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.notifications import queries, services
from app.notifications.blueprint import bp
from app.notifications.rules import ICONS, is_inside
from app.web import keyset
from app.web.pages import go, page


@bp.get("")
@needs("group.see")
def mine() -> Response:
    """What the member was told, the latest first."""
    only = request.args.get("show") == "unread"
    found = queries.notifications_page(g.member.id, only_unread=only, at=keyset.asked(datetime, uuid.UUID))
    pages = found.urls("notifications.mine", show="unread" if only else None)
    count = queries.unread(g.member.id)
    shown: dict[str, Any] = {"found": found, "pages": pages, "only": only, "count": count, "icons": ICONS}
    return page("notifications/mine.html", "notifications/_mine.html", **shown)


@bp.post("/<uuid:notification_id>/reading")
@needs("group.see")
def read(notification_id: uuid.UUID) -> Response:
    """Mark one as read and lead to what it is about."""
    found = queries.notification(notification_id, member_id=g.member.id)
    services.mark_read(found)
    return go(found.url if found.url and is_inside(found.url) else url_for("notifications.mine"))


@bp.post("/reading")
@needs("group.see")
def read_all() -> Response:
    """Mark everything as read."""
    services.mark_all_read(g.member.id)
    return go(url_for("notifications.mine"), toast=_("Everything is marked as read"))
