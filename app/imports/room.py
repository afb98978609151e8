"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Schedule
from app.imports import (
    api,
    files,
    line_views,
    lines_api,
    mapping_api,
    mapping_views,
    personal,
    reconcile_views,
    showing,
    statement_import,
    views,
)
from app.imports.asking import APPROVABLES
from app.imports.blueprint import api as endpoints
from app.imports.blueprint import bp
from app.imports.checks import CHECKS
from app.imports.commands import importing

PAGES = (views, line_views, mapping_api, mapping_views, reconcile_views)  # importing them is what counts
ENDPOINTS = (api, lines_api, mapping_api)  # and these
ROOM = Room(
    "imports",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Imports"), "upload", "imports.overview", "imports.run", order=48),),
    jobs={statement_import.JOB: statement_import.confirm_chunk},
    job_words={statement_import.JOB: showing.job_words},
    schedules=(Schedule("forgotten_previews", 3600, files.abandon_left),),
    approvables=APPROVABLES,
    dashboard=showing.dashboard,
    first_steps=showing.first_steps,
    checks=CHECKS,
    commands=(importing,),
    records=showing.RECORDS,
    personal=personal.personal,
    sealed=personal.SEALED,
)
