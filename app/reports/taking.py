"""Reports and their files as they are asked for by a page or a program; what is taken away is written down."""

from collections.abc import Mapping

from flask import Response, g, make_response
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.audit.log import record
from app.core.db import transaction
from app.reports.errors import NoSuchReport
from app.reports.files import REPORTS, TYPES, journal_file, report_file
from app.reports.queries import Period
from app.reports.tables import Report

JOURNAL = "journal"
TITLES: Mapping[str, LazyString] = {
    "trial-balance": _("Trial balance"),
    "income-statement": _("Income statement"),
    "balance-sheet": _("Balance sheet"),
    "cash-flow": _("Cash flow"),
    JOURNAL: _("Journal"),
}


def report_of(name: str, period: Period) -> Report:
    """The report with this name. Raises NoSuchReport."""
    if name not in REPORTS:
        raise NoSuchReport
    return REPORTS[name](period)


def taken(name: str, form: str, period: Period) -> Response:
    """A report or the journal as a file to download. Raises NoSuchReport."""
    known = name == JOURNAL or (name in REPORTS and form != "beancount")
    if form not in TYPES or not known:
        raise NoSuchReport
    file = journal_file(form, period) if name == JOURNAL else report_file(name, form, period)
    with transaction(user_id=g.member.user_id, group_id=g.group.id):  # a GET rolls back; that it was taken is kept
        record("export", "report", by=g.member.id, after={"file": file.name}, severity="notice")
    response = make_response(file.content)
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
