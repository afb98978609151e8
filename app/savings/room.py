"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Schedule
from app.savings import (
    api,
    asking,
    checks,
    figures,
    grid_views,
    held_views,
    netting,
    payment_views,
    payments_api,
    penalties_api,
    penalty_views,
    personal,
    records,
    reversing,
    terms_views,
    views,
    windows,
    words,
)
from app.savings.approvables import APPROVABLES
from app.savings.blueprint import api as endpoints
from app.savings.blueprint import bp

PAGES = (views, grid_views, payment_views, penalty_views, held_views, terms_views)  # importing them is what counts
ENDPOINTS = (api, payments_api, penalties_api)  # and these
for word in (words.savings_word, words.method_word, words.type_word, words.reason_word, words.savings_tabs):
    bp.add_app_template_global(word)
bp.add_app_template_filter(words.window_name)
ROOM = Room(
    "savings",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Savings"), "piggy-bank", "savings.overview", "group.see", order=20, tab=True),),
    schedules=(Schedule("open_windows", 3600, windows.due_windows),),
    approvables={**APPROVABLES, **asking.APPROVABLES},
    position=figures.position,
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    rests_on={
        "payment": reversing.resting_on_payment,
        "penalty": reversing.resting_on_penalty,
        "member": records.what_waits,
    },
    first_steps=records.first_steps,
    settings=(NavItem(_("Savings terms"), "sliders-horizontal", "savings.terms", "group.see", order=10),),
    member_panel=figures.position,
    events={"contribution": figures.contributions_told, "penalty_payment": figures.penalty_payments_told},
    records=records.PAGES,
    personal=personal.personal,
    owed_by=netting.owed,
    owed_word=_("Penalties"),
    netted=netting.net,
)
