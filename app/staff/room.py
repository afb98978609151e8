"""What platform staff bring to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Schedule
from app.staff import api, counting, inside_views, looks_views, personal, rate_views, service_views, telling, views
from app.staff.blueprint import api as endpoints
from app.staff.blueprint import bp, looks
from app.staff.commands import staff
from app.staff.demo import demonstrate
from app.staff.queries import on_call
from app.staff.services import TELL

PAGES = (views, inside_views, service_views, rate_views, looks_views)  # importing them is what counts
ENDPOINTS = (api,)  # and these
QUARTER = 900  # seconds

ROOM = Room(
    "staff",
    blueprints=(bp, looks),
    apis=(endpoints,),
    nav=(NavItem(_("Looks inside"), "eye", "looks.shown", "audit.see", order=97),),
    jobs={TELL: telling.tell},
    job_words={TELL: lambda **_payload: _("News of platform staff to officers")},
    schedules=(Schedule("group_figures", QUARTER, counting.count),),
    commands=(staff,),
    demo=demonstrate,
    on_call=on_call,
    personal_of_user=personal.personal,
)
