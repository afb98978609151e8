"""What this room gives to the house."""

from flask import url_for

from app.core.rooms import Room
from app.credits import api, asking, checks, figures, personal, views
from app.credits.blueprint import api as endpoints
from app.credits.blueprint import bp

PAGES = (views, api)  # importing them is what counts
ROOM = Room(
    "credits",
    blueprints=(bp,),
    apis=(endpoints,),
    approvables=asking.APPROVABLES,
    position=figures.position,
    member_panel=figures.position,
    checks=checks.CHECKS,
    events={"credit_use": figures.uses_told, "credit_refund": figures.refunds_told},
    records={"credit_refund": lambda id_: url_for("credits.refund", refund_id=id_)},
    known={"credit_refund": figures.refund_exists},
    personal=personal.personal,
    sealed=personal.SEALED,
)
