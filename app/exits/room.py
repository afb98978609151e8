"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Schedule
from app.exits import (
    api,
    asking,
    checks,
    closing,
    figures,
    fulfilling,
    liquidity_api,
    liquidity_views,
    personal,
    queue_views,
    records,
    request_views,
    reversing,
    scheduling,
    telling,
    terms_views,
    views,
    words,
)
from app.exits.blueprint import api as endpoints
from app.exits.blueprint import bp
from app.exits.offering import FULFIL

PAGES = (views, queue_views, request_views, liquidity_views, terms_views)  # importing them is what counts
ENDPOINTS = (api, liquidity_api)  # and these
for word in (words.exit_tabs, words.exit_kind, words.liquidity_word, words.exit_estimate, words.exit_slower):
    bp.add_app_template_global(word)
ROOM = Room(
    "exits",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(
        NavItem(_("Exit queue"), "hourglass", "exits.queue", "money.see", order=38),
        NavItem(_("Leave or withdraw"), "log-out", "exits.mine", "group.see", order=39),
    ),
    jobs={FULFIL: fulfilling.fulfil, **telling.JOBS},
    job_words={FULFIL: fulfilling.job_words, **telling.JOB_WORDS},
    schedules=(Schedule("exits", scheduling.EVERY, scheduling.plan),),
    listeners=(scheduling.on_event,),
    approvables=asking.APPROVABLES,
    checks=checks.CHECKS,
    rests_on=reversing.RESTS_ON,
    paid={"exit_fulfilment": closing.on_paid},
    personal=personal.personal,
    sealed=personal.SEALED,
    settings=(NavItem(_("Leaving"), "log-out", "exits.terms", "group.see", order=40),),
    position=figures.position,
    member_panel=figures.position,
    dashboard=figures.dashboard,
    events={"exit_fulfilment": figures.fulfilments_told, "exit_state": figures.endings_told},
    records=records.PAGES,
)
