"""Shapes of reports."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from app.reports.files import TYPES
from app.reports.queries import Period, period_of
from app.reports.tables import Report, Row
from app.reports.taking import JOURNAL
from app.web.api.shapes import Balance, Day, Shape


class PeriodIn(Shape):
    """The days a report speaks of, both inclusive: without them this year until today."""

    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "PeriodIn":
        if self.since and self.until and self.since > self.until:
            raise PydanticCustomError("period", "The first day is after the last one.")
        return self

    def period(self) -> Period:
        """The same for the reports."""
        return period_of(self.since, self.until)


class ReportNameOut(Shape):
    """A report there is, and the forms it can be taken in besides its rows."""

    name: str
    title: str
    forms: list[str]


class ReportRowOut(Shape):
    """A line: one amount for each heading, null where it has none. What is behind it is named where it can be.

    `account_id` is the account, `account_kind` the kind of many accounts, `entry_kind` the kind of entries.
    """

    style: Literal["line", "heading", "total"]
    code: str | None
    label: str
    amounts: list[Balance | None]
    account_id: uuid.UUID | None
    account_kind: str | None
    entry_kind: str | None


class ReportOut(Shape):
    """A report as its page shows it."""

    name: str
    title: str
    since: Day
    until: Day
    currency: str
    headings: list[str]
    rows: list[ReportRowOut]


BEHIND = {  # the page behind a line, the argument that names it, and what that is called here
    "ledgers.account": ("account_id", "account_id"),
    "ledgers.accounts_of": ("kind", "account_kind"),
    "ledgers.entries": ("kind", "entry_kind"),
}


def report_name_out(told: tuple[str, Any]) -> ReportNameOut:
    """A report there is as it is told."""
    name, title = told
    forms = [form for form in TYPES if form != "beancount" or name == JOURNAL]
    return ReportNameOut(name=name, title=str(title), forms=forms)


def report_out(name: str, report: Report, period: Period, currency: str) -> ReportOut:
    """A report as it is told."""
    headings = [str(label) for label in report.head]
    rows = [_row(row, len(headings)) for row in report.rows]
    told = {"name": name, "title": str(report.title), "since": period.first, "until": period.last}
    return ReportOut.model_validate(told | {"currency": currency, "headings": headings, "rows": rows})


def _row(row: Row, width: int) -> ReportRowOut:
    page, arguments = row.link or ("", {})
    told = dict.fromkeys(("account_id", "account_kind", "entry_kind"))
    if page in BEHIND:
        argument, name = BEHIND[page]
        told[name] = arguments[argument]
    amounts: Sequence[Decimal | None] = [*row.amounts, *([None] * (width - len(row.amounts)))]
    told |= {"style": row.style, "code": row.code or None, "label": str(row.label), "amounts": list(amounts)}
    return ReportRowOut.model_validate(told)
