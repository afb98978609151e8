"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.assets import (
    api,
    asking,
    checks,
    figures,
    lists,
    making_views,
    path_views,
    personal,
    records,
    reversing,
    views,
    words,
)
from app.assets.blueprint import api as endpoints
from app.assets.blueprint import bp
from app.assets.models import AssetsReversal
from app.core.rooms import NavItem, Room, Sealed

PAGES = (views, making_views, path_views)  # importing them is what counts
ENDPOINTS = (api,)  # and this
bp.add_app_template_global(words.way_word)
bp.add_app_template_global(lists.made_of, "assets_made_of")
ROOM = Room(
    "assets",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Assets"), "building-2", "assets.assets", "group.see", order=26),),
    approvables=asking.APPROVABLES,
    position=figures.position,
    member_panel=figures.position,
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    rests_on={
        "asset": reversing.resting_on_asset,
        "asset_sale": reversing.resting_on_sale,
        "member": reversing.resting_on_member,
    },
    events={"asset": figures.assets_told, "asset_sale": figures.sales_told},
    records=records.PAGES,
    known={"asset": records.asset_exists},
    personal=personal.personal,
    sealed=(Sealed(AssetsReversal, "reason_sealed", reversing.reason_place),),
    documents={"asset": records.who_reads_documents},
    labels={"asset": records.asset_labels},
)
