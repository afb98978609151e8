"""What this room gives to the house."""

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
    schedules=(Schedule("sweep_documents", 86_400, services.sweep),),
    checks=checks.CHECKS,
    personal=personal.personal,
    sealed=personal.SEALED,
)
