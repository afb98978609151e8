"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.groups import (
    api,
    everybody_api,
    everybody_views,
    group_api,
    invitations_api,
    invitations_views,
    joining_views,
    members_views,
    personal,
    records,
    roles_api,
    roles_views,
    settings_views,
)
from app.groups.blueprint import api as endpoints
from app.groups.blueprint import bp, joining

# Importing them is what counts.
PAGES = (members_views, invitations_views, everybody_views, joining_views, roles_views, settings_views)
ENDPOINTS = (api, roles_api, invitations_api, everybody_api, group_api)
ROOM = Room(
    "groups",
    blueprints=(bp, joining),
    apis=(endpoints,),
    nav=(
        NavItem(_("Members"), "users", "groups.members", "members.see", order=30, tab=True),
        NavItem(_("Settings"), "settings", "groups.profile", "group.see", order=98),
    ),
    records=records.PAGES,
    personal=personal.personal,
)
