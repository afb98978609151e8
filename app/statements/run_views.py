"""The officers' pages of the monthly run: who would get a statement, the button, and how far it is."""

import uuid

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import DomainError
from app.core.periods import BadMonth, Month
from app.groups.access import group_blueprint, needs
from app.statements import queries, runs
from app.statements.errors import NoSuchRun
from app.statements.forms import RunForm
from app.web.pages import go, page

bp = group_blueprint("statement_runs", __name__, prefix="/statements/runs")


@bp.get("")
@needs("statements.send")
def overview() -> Response:
    """The runs so far, and a new one with its preview."""
    return _overview(RunForm(period=str(_wanted())))


@bp.post("")
@needs("statements.send")
def start() -> Response:
    """Send a month's statements to every member who has not got it yet."""
    form = RunForm()
    if not form.validate():
        return _overview(form, status=422)
    try:
        run = runs.start_run(period=form.month, by=g.member, key=form.key)
    except DomainError as error:
        form.refuse(error)
        return _overview(form, status=409)
    known = ("info", _("Nothing is sent twice: this is the run that was there already."))
    return go(url_for("statement_runs.run", run_id=run.id), toast=known if run.key != form.key else None)


@bp.get("/<uuid:run_id>")
@needs("statements.send")
def run(run_id: uuid.UUID) -> Response:
    """How far a run is and what came of it."""
    found = queries.run(run_id)
    if found is None:
        raise NoSuchRun
    return page(
        "statements/run.html",
        fragment="statements/_run.html",
        progress=queries.progress(found),
        month=Month.parse(found.period),
        lost=queries.lost_mails(found.period),
        reach=queries.reach(),
        names=queries.names_of([found]),
    )


def _wanted() -> Month:
    try:
        return Month.parse(request.args.get("period", ""))
    except BadMonth:
        return Month.of(clock.today(g.group.time_zone)).previous


def _overview(form: RunForm, status: int = 200) -> Response:
    found = queries.runs()
    return page(
        "statements/runs.html",
        fragment="statements/_run_form.html",
        status=status,
        form=form,
        reach=queries.reach(),
        runs=[queries.progress(run) for run in found],
        names=queries.names_of(found),
    )
