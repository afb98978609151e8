"""What this room gives to the house."""

from flask import url_for

from app.core.rooms import Room
from app.payouts import checks, payment_views, personal, words
from app.payouts.blueprint import bp

PAGES = (payment_views,)  # importing them is what counts
bp.add_app_template_global(words.payout_method)
ROOM = Room(
    "payouts",
    blueprints=(bp,),
    checks=checks.CHECKS,
    records={"member_payment": lambda id_: url_for("payouts.payment", payment_id=id_)},
    personal=personal.personal,
)
