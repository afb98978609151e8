"""What this room gives to the house."""

from app.core.rooms import Room, Schedule
from app.files import access, checks, personal, services, views
from app.files.blueprint import bp

PAGES = (views,)  # importing them is what counts
bp.add_app_template_global(access.documents_of)
ROOM = Room(
    "files",
    blueprints=(bp,),
    schedules=(Schedule("sweep_documents", 86_400, services.sweep),),
    checks=checks.CHECKS,
    personal=personal.personal,
    sealed=personal.SEALED,
)
