"""What this room gives to the house."""

from flask import url_for
from flask_babel import lazy_gettext as _

from app.buyouts import (
    api,
    asking,
    checks,
    figures,
    personal,
    reversing,
    saying_views,
    views,
    words,
)
from app.buyouts.blueprint import api as endpoints
from app.buyouts.blueprint import bp
from app.core.rooms import NavItem, Room

PAGES = (views, saying_views)  # importing them is what counts
ENDPOINTS = (api,)  # and these
for word in (words.buy_out_state, words.buy_out_side, words.buy_out_part, words.buy_out_tabs):
    bp.add_app_template_global(word)
bp.add_app_template_filter(words.buy_out_units)
bp.add_app_template_filter(words.buy_out_side)
ROOM = Room(
    "buyouts",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Buy-outs"), "handshake", "buyouts.mine", "group.see", order=37),),
    approvables=asking.APPROVABLES,
    position=figures.position,
    member_panel=figures.member_panel,
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    rests_on={"buy_out": reversing.resting},
    events={"buy_out": figures.told},
    records={"buy_out": lambda id_: url_for("buyouts.buy_out", buy_out_id=id_)},
    known={"buy_out": figures.exists},
    personal=personal.personal,
    sealed=personal.SEALED,
)
