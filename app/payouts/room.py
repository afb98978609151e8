"""What this room gives to the house."""

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.payouts import api, asking, checks, figures, payment_page, payment_views, personal, views, words
from app.payouts.blueprint import api as endpoints
from app.payouts.blueprint import bp

PAGES = (views, payment_views, api)  # importing them is what counts
bp.add_app_template_global(words.payout_method)
bp.add_app_template_global(words.payout_tabs)
ROOM = Room(
    "payouts",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("To pay"), "hand-coins", "payouts.to_pay", "money.see", order=44),),
    approvables=asking.APPROVABLES,
    position=figures.position,
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    member_panel=figures.position,
    events={"member_payment": figures.payments_told},
    records={"member_payment": lambda id_: url_for("payouts.payment", payment_id=id_)},
    documents={"member_payment": payment_page.documents_need},
    known={"member_payment": figures.payment_exists},
    personal=personal.personal,
)
