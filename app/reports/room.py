"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.reports.commands import export, proof
from app.reports.views import bp, public

ROOM = Room(
    "reports",
    blueprints=(bp, public),
    nav=(NavItem(_("Reports"), "chart-column", "reports.index", "books.see", order=60),),
    commands=(proof, export),
)
