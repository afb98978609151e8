"""What this room gives to the house."""

import uuid

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.oversight import views


def _flag(flag_id: uuid.UUID) -> str:
    return url_for("oversight.flag", flag_id=flag_id)


ROOM = Room(
    "oversight",
    blueprints=(views.bp,),
    nav=(NavItem(_("Audit log"), "shield-check", "oversight.log", "audit.see", order=96),),
    records={"flag": _flag},
)
