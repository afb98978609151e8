"""What the front rooms give to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.home import demo_commands, overview_views, views

ROOM = Room(
    "home",
    blueprints=(views.bp, overview_views.bp),
    nav=(NavItem(_("Overview"), "layout-dashboard", "overview.overview", "group.see", order=0, tab=True),),
    commands=(demo_commands.demo,),
)
