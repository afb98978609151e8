"""The reports, their files, and the public page on which anyone may check a paper."""

from flask import Blueprint, Response, abort, g, make_response, request

from app.audit.log import record
from app.core.db import transaction
from app.core.periods import Month
from app.groups.access import group_blueprint, needs
from app.ledgers.heads import today
from app.ledgers.reading import day_of
from app.reports import verification
from app.reports.files import REPORTS, TYPES, File, journal_file, report_file
from app.reports.queries import Period
from app.web.limits import limiter
from app.web.pages import page

bp = group_blueprint("reports", __name__, prefix="/reports")
public = Blueprint("verification", __name__)


@bp.get("/")
@needs("books.see")
def index() -> Response:
    """The reports there are, and the journal to take away."""
    return page("reports/index.html", period=_period())


@bp.get("/<name>")
@needs("books.see")
def report(name: str) -> Response:
    """A report on the screen."""
    if name not in REPORTS:
        abort(404)
    period = _period()
    made = REPORTS[name](period)
    return page("reports/report.html", "reports/_report.html", name=name, report=made, period=period)


@bp.get("/<name>.<form>")
@needs("books.see", fresh=True)
def download(name: str, form: str) -> Response:
    """A report or the journal as a file."""
    if form not in TYPES or (name not in REPORTS and name != "journal") or (form == "beancount" and name != "journal"):
        abort(404)
    return _attached(journal_file(form, _period()) if name == "journal" else report_file(name, form, _period()))


@public.get("/verify/<code>")
@limiter.limit("30 per minute")
def verify(code: str) -> Response:
    """Whether a paper is genuine and unchanged, and nothing else."""
    verdict = verification.verify(code)
    return page("reports/verify.html", verdict=verdict, status=200 if verdict else 404)


def _attached(file: File) -> Response:
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; that it was taken is kept
        record("export", "report", by=g.member.id, after={"file": file.name}, severity="notice")
    response = make_response(file.content)
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _period() -> Period:
    last = day_of(request.args.get("to", "")) or today()
    first = day_of(request.args.get("from", "")) or Month(last.year, 1).first
    return Period(min(first, last), last)
