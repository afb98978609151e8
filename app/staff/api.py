"""Endpoints on which a group reads what platform staff did with it."""

from app.groups.access import needs
from app.staff import inside, queries
from app.staff.blueprint import api
from app.staff.schemas import LookOut, StaffStandingOut, look_out, staff_standing_out
from app.web.api.endpoints import Listing, endpoint, whole


@api.get("/staff-looks")
@needs("audit.see")
@endpoint("Looks inside by platform staff", covers="looks.shown")
def looks() -> Listing[LookOut]:
    """The latest fifty, each with its reason, its end, and what was opened."""
    seen = queries.looks()
    names = queries.people({look.row.user_id for look in seen})
    opened = inside.pages_seen([look.row.id for look in seen])
    return whole(seen, lambda look: look_out(look, opened.get(look.row.id, []), names))


@api.get("/staff-standings")
@needs("audit.see")
@endpoint("When platform staff suspended or revived the group", covers="looks.shown")
def standings() -> Listing[StaffStandingOut]:
    """The latest fifty, with the reasons."""
    rows = queries.standings()
    names = queries.people({row.user_id for row in rows})
    return whole(rows, lambda row: staff_standing_out(row, names))
