"""What hooks gives to the house."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.hooks import api, personal, views
from app.hooks.blueprint import api as endpoints
from app.hooks.blueprint import bp
from app.hooks.deliveries import JOB, on_event
from app.hooks.sending import send

PAGES = (views, api)  # importing them is what counts

ROOM = Room(
    "hooks",
    blueprints=(bp,),
    apis=(endpoints,),
    jobs={JOB: send},
    job_words={JOB: lambda **_payload: gettext("Telling another program")},
    listeners=(on_event,),
    personal=personal.personal,
    sealed=personal.SEALED,
    settings=(NavItem(_("Other programs"), "link", "hooks.hooks", "tokens.manage", order=61),),
)
