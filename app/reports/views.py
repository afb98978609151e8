"""The reports, their files, and the public page on which anyone may check a paper."""

from flask import Blueprint, Response, request

from app.groups.access import needs
from app.ledgers.reading import day_of
from app.reports import verification
from app.reports.blueprint import bp
from app.reports.queries import Period, period_of
from app.reports.taking import report_of, taken
from app.web.limits import limiter
from app.web.pages import page

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
    period = _period()
    made = report_of(name, period)
    return page("reports/report.html", "reports/_report.html", name=name, report=made, period=period)


@bp.get("/<name>.<form>")
@needs("books.see", fresh=True)
def download(name: str, form: str) -> Response:
    """A report or the journal as a file."""
    return taken(name, form, _period())


@public.get("/verify/<code>")
@limiter.limit("30 per minute")
def verify(code: str) -> Response:
    """Whether a paper is genuine and unchanged, and nothing else."""
    verdict = verification.verify(code)
    return page("reports/verify.html", verdict=verdict, status=200 if verdict else 404)


def _period() -> Period:
    return period_of(day_of(request.args.get("from", "")), day_of(request.args.get("to", "")))
