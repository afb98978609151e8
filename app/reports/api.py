"""Endpoints of reports: as rows and as files. Each file that is taken is written into the audit log."""

from flask import Response, g

from app.groups.access import needs
from app.reports.blueprint import api
from app.reports.files import TYPES
from app.reports.schemas import PeriodIn, ReportNameOut, ReportOut, report_name_out, report_out
from app.reports.taking import JOURNAL, TITLES, report_of, taken
from app.web.api.endpoints import Listing, endpoint, whole


@api.get("")
@needs("books.see")
@endpoint("The reports there are", covers="reports.index")
def index() -> Listing[ReportNameOut]:
    """The journal is to be had as a file only."""
    return whole(TITLES.items(), report_name_out)


@api.get("/<name>")
@needs("books.see")
@endpoint("A report", covers="reports.report")
def report(name: str, query: PeriodIn) -> ReportOut:
    """Its rows as the page shows them; those as of a day look at the last one only."""
    period = query.period()
    return report_out(name, report_of(name, period), period, g.group.currency)


@api.get("/<name>.csv")
@needs("books.see")
@endpoint("A report or the journal as CSV", covers="reports.download", media="text/csv")
def as_csv(name: str, query: PeriodIn) -> Response:
    """A table for a spreadsheet; `journal` is every line of every entry of the period."""
    return taken(name, "csv", query.period())


@api.get("/<name>.xlsx")
@needs("books.see")
@endpoint("A report or the journal as a workbook", covers="reports.download", media=TYPES["xlsx"])
def as_xlsx(name: str, query: PeriodIn) -> Response:
    """With typed cells; `journal` is every line of every entry of the period."""
    return taken(name, "xlsx", query.period())


@api.get("/<name>.json")
@needs("books.see")
@endpoint("A report or the journal as a file of JSON", covers="reports.download", media="application/json")
def as_json(name: str, query: PeriodIn) -> Response:
    """The same table as in the other files; `journal` is every line of every entry of the period."""
    return taken(name, "json", query.period())


@api.get("/journal.beancount")
@needs("books.see")
@endpoint("The whole books as Beancount", covers="reports.download", media="text/plain")
def as_beancount(query: PeriodIn) -> Response:
    """To the end of the last day, so that an independent program can check every entry and every balance."""
    return taken(JOURNAL, "beancount", query.period())
