"""What the front rooms give to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.home import api, demo_commands, overview_views, views
from app.home.blueprint import api as endpoints

ENDPOINTS = (api,)  # importing it is what counts
ROOM = Room(
    "home",
    blueprints=(views.bp, overview_views.bp),
    apis=(endpoints,),
    nav=(NavItem(_("Overview"), "layout-dashboard", "overview.overview", "group.see", order=0, tab=True),),
    commands=(demo_commands.demo,),
)
