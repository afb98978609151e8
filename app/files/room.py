"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import Room, Schedule
from app.files import access, api, checks, personal, services, views
from app.files.blueprint import api as endpoints
from app.files.blueprint import bp

PAGES = (views, api)  # importing them is what counts
bp.add_app_template_global(access.documents_of)
ROOM = Room(
    "files",
    blueprints=(bp,),
    apis=(endpoints,),
    jobs={services.DESTROY: services.destroy},
    job_words={services.DESTROY: lambda **_payload: str(_("A document that was taken away is destroyed"))},
    schedules=(Schedule("sweep_documents", 86_400, services.sweep),),
    checks=checks.CHECKS,
    personal=personal.personal,
    sealed=personal.SEALED,
)
