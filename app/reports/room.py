"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.reports import api, views
from app.reports.blueprint import api as endpoints
from app.reports.blueprint import bp
from app.reports.commands import export, proof

PAGES = (views, api)  # importing them is what counts

ROOM = Room(
    "reports",
    blueprints=(bp, views.public),
    apis=(endpoints,),
    nav=(NavItem(_("Reports"), "chart-column", "reports.index", "books.see", order=60),),
    commands=(proof, export),
)
