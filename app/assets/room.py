"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.assets import asking, checks, reversing, views
from app.assets.blueprint import bp
from app.core.rooms import NavItem, Room

PAGES = (views,)  # importing them is what counts
ROOM = Room(
    "assets",
    blueprints=(bp,),
    nav=(NavItem(_("Assets"), "building-2", "assets.assets", "group.see", order=26),),
    approvables=asking.APPROVABLES,
    checks=checks.CHECKS,
    rests_on={
        "asset": reversing.resting_on_asset,
        "asset_sale": reversing.resting_on_sale,
        "member": reversing.resting_on_member,
    },
)
