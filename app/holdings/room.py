"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Schedule
from app.holdings import (
    api,
    asking,
    checks,
    deeds_api,
    figures,
    keeping_views,
    personal,
    recording_views,
    records,
    reversing,
    telling,
    terms_views,
    views,
    words,
)
from app.holdings.blueprint import api as endpoints
from app.holdings.blueprint import bp

PAGES = (views, recording_views, keeping_views, terms_views)  # importing them is what counts
ENDPOINTS = (api, deeds_api)  # and these
DAY = 24 * 3600
for word in (words.investment_type, words.investment_risk, words.sale_kind, words.investment_return):
    bp.add_app_template_global(word)
for written in (words.units, words.per_cent, words.part_worth):
    bp.add_app_template_filter(written)
ROOM = Room(
    "holdings",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Investments"), "trending-up", "holdings.index", "group.see", order=22),),
    jobs={"holdings.tell": telling.tell, "holdings.values": telling.ask_for_values},
    job_words={"holdings.tell": telling.tell_words, "holdings.values": telling.ask_words},
    schedules=(Schedule("holdings_values", DAY, telling.plan_values),),
    approvables=asking.APPROVABLES,
    position=figures.position,
    member_panel=figures.position,
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    records=records.PAGES,
    rests_on={"investment": reversing.resting_on_investment, "investment_sale": reversing.resting_on_sale},
    settings=(NavItem(_("Investment terms"), "trending-up", "holdings.terms", "group.see", order=12),),
    events={"investment": figures.investments_told, "investment_sale": figures.sales_told},
    personal=personal.personal,
    documents={kind: records.documents_need(kind) for kind in ("investment", "investment_sale")},
    sealed=personal.SEALED,
)
