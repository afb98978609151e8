"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.groups import (
    api,
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

PAGES = (members_views, invitations_views, joining_views, roles_views, settings_views)  # importing them is what counts
ENDPOINTS = (api, roles_api, invitations_api, group_api)  # and these
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
