"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Schedule, Verifier
from app.statements import api, personal, run_views, runs, services, views
from app.statements.commands import statements

ROOM = Room(
    "statements",
    blueprints=(views.bp, run_views.bp),
    apis=(api.api,),
    nav=(
        NavItem(_("My position"), "wallet", "statements.my_position", "group.see", order=12, tab=True),
        NavItem(_("Statements"), "send", "statement_runs.overview", "statements.send", order=45),
    ),
    commands=(statements,),
    jobs={runs.JOB: runs.send_chunk},
    job_words={runs.JOB: runs.run_words},
    schedules=(Schedule("monthly_statements", 3600, runs.plan_monthly),),
    attachments={"statement": services.attachment},
    personal=personal.personal,
    verifiers={services.KIND: Verifier(_("Statement"), services.holds)},
)
