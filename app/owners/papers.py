"""An owner's year as files: the statement with its tax sheet on paper, and both in a workbook."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock, documents
from app.core.exports import Cell, Sheet, xlsx_bytes
from app.core.periods import Month, day_in, zone_named
from app.core.rooms import Attachment
from app.groups.queries import group
from app.owners.proving import Printed, printed
from app.owners.years import OwnerYear, Totals, YearLine
from app.web.filters import day, initials, money, money_plain, month, percent

PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_pdf(year: OwnerYear, disclaimer: str) -> Attachment:
    """The paper. The same year gives the same bytes at the same moment."""
    content = documents.pdf("owner_year", paper(year, disclaimer), clock.now())
    return Attachment(file_name(year, "pdf"), PDF, content)


def as_xlsx(year: OwnerYear) -> Attachment:
    """The workbook: the receipts, and the working of the tax."""
    currency = group().currency
    head = [title for title, _align, _width in _columns(year)]
    sheets = [
        Sheet(_("Receipts"), head, [_typed(line) for line in year.lines], currency),
        Sheet(_("Tax sheet"), [_("What"), _("Amount")], working(year), currency),
    ]
    return Attachment(file_name(year, "xlsx"), XLSX, xlsx_bytes(sheets))


def file_name(year: OwnerYear, ending: str) -> str:
    """What the file is called: plain letters, so that every system takes it."""
    code = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in year.owner.code)
    return f"rents-{code}-{year.year}.{ending}"


def working(year: OwnerYear) -> list[tuple[str, Decimal]]:
    """The tax sheet as rows of words and amounts, in the order in which it is reckoned."""
    rows = [
        (_("Gross rent of receipts issued in the year"), year.all.gross),
        (_("Charges, without tax"), year.all.charges),
        (_("Withheld by clients"), year.all.withheld),
        (_("Received of it so far"), year.all.received),
        (_("Paid out of it so far"), year.all.paid_out),
    ]
    if year.final.gross or year.final.withheld:
        rows.append((_("Of it under the final rate: gross, not in the base below"), year.final.gross))
        rows.append((_("Tax under the final rate, not credited below"), year.final.withheld))
    if year.tax is None:
        return rows
    tax = year.tax
    return [
        *rows,
        (_("Gross that is taxed by the year"), tax.gross),
        (_("Taxable part of it"), tax.taxable),
        (_("Tax: %(rate)s of it less %(less)s", rate=percent(tax.bracket.rate), less=money(tax.bracket.less)), tax.tax),
        (_("Deduction for the family"), -tax.family),
        (_("Withheld already"), -tax.withheld),
        (_("Tax to pay, rounded up"), tax.due),
        *([(_("Withheld beyond the tax"), tax.beyond)] if tax.beyond else []),
    ]


def paper(year: OwnerYear, disclaimer: str) -> dict[str, Any]:
    """Every text of the document, as templates/documents/owner_year.typ wants it."""
    here, owner = group(), year.owner
    facts = [
        (_("Owner"), owner.name),
        (_("Code"), owner.code),
        (_("Made on"), day(clock.now())),
        (_("Currency"), here.currency),
    ]
    return {
        "lang": str(get_locale() or "en"),
        "title": _("Rents of the year"),
        "period": str(year.year),
        "page": _("Page {page} of {pages}"),
        "foot": f"{here.name} · {owner.code}",
        "group": {"name": here.name, "initials": initials(here.name), "lines": []},
        "facts": [{"label": label, "value": value} for label, value in facts],
        "headline": _headline(year),
        "tables": [_receipts(year), _sheet(year)],
        "disclaimer": disclaimer,
        "check": _check(printed(year)),
    }


def _check(paper: Printed) -> dict[str, str]:
    return {
        "title": _("Check this paper"),
        "text": _("Scan the code, or open the address: the page says whether it is genuine and unchanged."),
        "address": paper.address,
        "hash_title": _("Hash"),
        "hash": paper.hash.hex(),
        "qr": documents.qr_svg(paper.address),
    }


def _headline(year: OwnerYear) -> dict[str, str]:
    if year.tax is None:
        note = _("receipts issued in %(year)s", year=year.year)
        return {"label": _("Gross rent"), "value": money(year.all.gross), "note": note}
    note = _("after what was withheld; this is no tax return")
    return {"label": _("Tax to pay"), "value": money(year.tax.due), "note": note}


def _columns(year: OwnerYear) -> list[tuple[str, str, Any]]:  # noqa: ARG001  # one shape for every paper of the room
    return [
        (_("Receipt"), "left", "auto"),
        (_("Issued"), "left", "auto"),
        (_("Unit"), "left", 1),
        (_("Client"), "left", 2),
        (_("Month"), "left", "auto"),
        (_("Gross"), "right", "auto"),
        (_("Charges"), "right", "auto"),
        (_("Rate"), "right", "auto"),
        (_("Withheld"), "right", "auto"),
        (_("Net"), "right", "auto"),
        (_("Received"), "right", "auto"),
    ]


def _receipts(year: OwnerYear) -> dict[str, Any]:
    rows = [{"cells": _told(line), "strong": False} for line in year.lines]
    if rows:
        rows.append({"cells": [_("Total"), "", "", "", "", *_sums(year.all)], "strong": True})
    return {
        "title": _("Receipts issued in the year"),
        "columns": [{"title": title, "align": align, "width": width} for title, align, width in _columns(year)],
        "rows": rows,
        "empty": _("No receipt was issued in this year."),
        "note": _("Receipts that were reversed stand with a minus in the year in which that was done."),
    }


def _sums(all_: Totals) -> list[str]:
    amounts = (all_.gross, all_.charges, None, all_.withheld, all_.net, all_.received)
    return ["" if amount is None else money_plain(amount) for amount in amounts]


def _sheet(year: OwnerYear) -> dict[str, Any]:
    columns = [(_("What"), "left", 3), (_("Amount"), "right", 1)]
    found = working(year)
    results = (2 if year.tax.beyond else 1) if year.tax else 0
    return {
        "title": _("Tax sheet"),
        "columns": [{"title": title, "align": align, "width": width} for title, align, width in columns],
        "rows": [
            {"cells": [what, money_plain(amount)], "strong": place >= len(found) - results}
            for place, (what, amount) in enumerate(found)
        ],
        "empty": "",
        "note": "",
    }


def receipt_number(line: YearLine) -> str:
    """The number of the receipt, or of what took it back."""
    return f"{line.number[0]}-{line.number[1]:05}"


def rate_of(line: YearLine) -> str:
    """The rate that was withheld, and whether it was the final one."""
    if not line.receipt.ras_ir:
        return "–"
    rate = percent(line.receipt.rate)
    return _("%(rate)s, final", rate=rate) if line.receipt.final else rate


def _told(line: YearLine) -> list[str]:
    return [
        receipt_number(line),
        day(line.issued_at),
        line.unit_code,
        line.client.name,
        month(Month.parse(line.receipt.period)),
        money_plain(line.gross),
        money_plain(line.charges),
        rate_of(line),
        money_plain(line.withheld),
        money_plain(line.net),
        money_plain(line.received),
    ]


def _typed(line: YearLine) -> Sequence[Cell]:
    return [
        receipt_number(line),
        day_in(zone_named(group().time_zone), line.issued_at),
        line.unit_code,
        line.client.name,
        line.receipt.period,
        line.gross,
        line.charges,
        rate_of(line),
        line.withheld,
        line.net,
        line.received,
    ]
