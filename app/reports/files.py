"""Reports and the journal as files to download."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app.core.exports import Cell, Sheet, csv_bytes, json_bytes, xlsx_bytes
from app.groups.queries import group
from app.reports import journal, queries
from app.reports.queries import Period
from app.reports.tables import Label, Report

REPORTS: Mapping[str, Callable[[Period], Report]] = {
    "trial-balance": queries.trial_balance,
    "income-statement": queries.income_statement,
    "balance-sheet": queries.balance_sheet,
    "cash-flow": queries.cash_flow,
}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "beancount": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class File:
    """A file with its name and media type."""

    name: str
    media_type: str
    content: bytes


def report_file(name: str, form: str, period: Period) -> File:
    """A report as csv, xlsx or json. Raises KeyError for another name or form."""
    report = REPORTS[name](period)
    head: list[Label] = [_("Code"), _("Account"), *report.head]
    rows: list[list[Cell]] = [[row.code, row.label, *_padded(row.amounts, len(report.head))] for row in report.rows]
    return _file(name, form, period, Sheet(str(report.title), head, rows, group().currency))


def journal_file(form: str, period: Period) -> File:
    """The journal as csv, xlsx or json, or the whole books as beancount. Raises KeyError for another form."""
    if form == "beancount":
        text = journal.beancount_text(period.last).encode()
        return File(f"{group().slug}-{period.last}.beancount", TYPES[form], text)
    return _file(
        "journal", form, period, Sheet(str(_("Journal")), journal.HEAD, [*journal.journal(period)], group().currency)
    )


def _file(name: str, form: str, period: Period, sheet: Sheet) -> File:
    writers: dict[str, Callable[[], bytes]] = {
        "csv": lambda: csv_bytes(sheet.header, sheet.rows),
        "xlsx": lambda: xlsx_bytes([sheet]),
        "json": lambda: json_bytes(
            {
                "group": group().name,
                "report": sheet.name,
                "currency": sheet.currency,
                "from": period.first,
                "to": period.last,
                "rows": [dict(zip(map(str, sheet.header), row, strict=True)) for row in sheet.rows],
            }
        ),
    }
    content = writers[form]()
    return File(f"{group().slug}-{name}-{period.first}-{period.last}.{form}", TYPES[form], content)


def _padded(amounts: Sequence[Cell], width: int) -> list[Cell]:
    return [*amounts, *([None] * (width - len(amounts)))]
