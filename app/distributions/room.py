"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.distributions import (
    api,
    asking,
    checks,
    figures,
    fund_views,
    funds_api,
    payment_views,
    personal,
    records,
    reversing,
    telling,
    terms_views,
    views,
    words,
)
from app.distributions.blueprint import api as endpoints
from app.distributions.blueprint import bp

PAGES = (views, payment_views, fund_views, terms_views)  # importing them is what counts
ENDPOINTS = (api, funds_api)  # and these
for word in (words.rule_word, words.rule_meanings, words.base_word, words.purpose_word, words.distribution_tabs):
    bp.add_app_template_global(word)
bp.add_app_template_filter(words.span_of)
ROOM = Room(
    "distributions",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Share-outs"), "coins", "distributions.share_outs", "group.see", order=34),),
    jobs={telling.SHARES: telling.tell_shares, telling.PAYMENTS: telling.tell_payments},
    job_words={telling.SHARES: telling.share_words, telling.PAYMENTS: telling.payment_words},
    approvables=asking.APPROVABLES,
    position=figures.position,
    member_panel=figures.position,
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    rests_on={
        "share_out": reversing.resting_on_share_out,
        "share_out_payment": reversing.resting_on_payment,
    },
    settings=(NavItem(_("Share-outs"), "coins", "distributions.terms", "group.see", order=16),),
    events={"share_out": figures.share_outs_told, "share_out_payment": figures.payments_told},
    records=records.PAGES,
    known={"fund": records.is_fund},
    personal=personal.personal,
    sealed=personal.SEALED,
)
