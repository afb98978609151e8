"""What this room gives to the house."""

from typing import Any

from flask import g, url_for

from app.core.rooms import Room
from app.groups.services.invitations import JOINED
from app.groups.services.policies import LOOSENED
from app.notifications import api, jobs, personal, queries, views
from app.notifications.blueprint import api as endpoints
from app.notifications.blueprint import bp

PAGES = (views, api)  # importing them is what counts


def _frame() -> dict[str, Any]:
    return {"unread": queries.unread(g.member.id), "notifications_url": url_for("notifications.mine")}


ROOM = Room(
    "notifications",
    blueprints=(bp,),
    apis=(endpoints,),
    jobs={JOINED: jobs.joined, LOOSENED: jobs.loosened, jobs.TIDY: jobs.sweep},
    schedules=(jobs.DAILY,),
    frame=_frame,
    personal=personal.personal,
)
