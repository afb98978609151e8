"""What this room gives to the house."""

import uuid

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.oversight import api, views
from app.oversight.blueprint import api as endpoints
from app.oversight.blueprint import bp

PAGES = (views, api)  # importing them is what counts


def _flag(flag_id: uuid.UUID) -> str:
    return url_for("oversight.flag", flag_id=flag_id)


ROOM = Room(
    "oversight",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Audit log"), "shield-check", "oversight.log", "audit.see", order=96),),
    records={"flag": _flag},
)
