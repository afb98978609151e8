"""The group’s own page of what platform staff did with it: suspensions, and looks inside with their reasons."""

from flask import Response

from app.groups.access import needs
from app.staff import inside, queries
from app.staff.blueprint import looks
from app.staff.rules import PAGES
from app.web.pages import page


@looks.get("")
@needs("audit.see")
def shown() -> Response:
    """Every look inside, the latest first, with its reason, its end and what was opened; every suspension."""
    seen, standings = queries.looks(), queries.standings()
    names = queries.people({look.row.user_id for look in seen} | {row.user_id for row in standings})
    opened = inside.pages_seen([look.row.id for look in seen])
    return page("staff/looks.html", looks=seen, standings=standings, names=names, opened=opened, pages=PAGES)
