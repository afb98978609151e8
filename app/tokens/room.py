"""What tokens give to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Schedule
from app.tokens import api, developers, personal, views
from app.tokens.blueprint import api as endpoints
from app.tokens.blueprint import bp
from app.tokens.blueprint import developers as public
from app.tokens.guard import let_in
from app.tokens.services import END, clean_up, end_of_person, shut_out
from app.web.api import document

PAGES = (views, developers, api)  # importing them is what counts

ROOM = Room(
    "tokens",
    blueprints=(bp, public, document.bp),
    apis=(endpoints,),
    api_guard=let_in,
    shut_out=shut_out,
    jobs={END: end_of_person},
    job_words={END: lambda **_payload: _("Tokens of a person who has a new password")},
    schedules=(Schedule("forget_answers", 3600, lambda _now: clean_up()),),
    personal=personal.personal,
    settings=(NavItem(_("Tokens"), "key-round", "tokens.tokens", "tokens.manage", order=60),),
)
