"""Receipts on paper, one or a thousand in a file: the data of the PDF, in the language that is being spoken."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock, documents
from app.core.periods import Month
from app.core.rooms import Attachment
from app.groups.queries import group
from app.receipts.payments_queries import PaidLine, money_on
from app.receipts.proving import address_of_reversal, addresses_of
from app.receipts.queries import Line, Reversed, View
from app.receipts.words import number_of
from app.registry.models import Unit
from app.web.filters import day, initials, money, money_plain, percent
from app.web.filters import month as month_named

MOST = 1_000  # receipts in one file
MASK = 2  # of their codes: any can be read, and to choose the calmest of a thousand takes longer than to print them
Row = dict[str, Any]


def as_pdf(lines: Sequence[Line], units: Mapping[Any, Unit], *, title: str, name: str) -> Attachment:
    """The PDF of receipts, one to a page. The same receipts give the same bytes on the same day."""
    return _made([*_sheets(lines, units)], title, name)


def view_as_pdf(view: View, unit: Unit) -> Attachment:
    """The PDF of one receipt; of a reversed one, with the receipt that reverses it."""
    sheets = _sheets([view.line], {unit.id: unit})
    if view.undone:
        sheets.append(_reversing(view, view.undone, sheets[0]))
    return _made(sheets, heading(view.line), f"receipt-{number_of(view.receipt)}.pdf")


def _made(sheets: Sequence[Row], title: str, name: str) -> Attachment:
    here = group()
    paper = {
        "lang": str(get_locale() or "en"),
        "title": title,
        "period": "",
        "page": _("Page {page} of {pages}"),
        "foot": f"{here.name} · {title}",
        "group": {"name": here.name, "initials": initials(here.name), "lines": []},
        "sheets": sheets,
    }
    safe = re.sub(r"[^A-Za-z0-9.-]+", "-", name)
    return Attachment(safe, "application/pdf", documents.pdf("receipts", paper, clock.now()))


def heading(line: Line) -> str:
    """What a paper is: only the last of these proves a payment."""
    match line.state:
        case "paid":
            return str(_("Receipt"))
        case "partial":
            told = {"paid": money(line.paid), "owed": money(line.receipt.owed)}
            return str(_("Part payment: %(paid)s of %(owed)s", **told))
        case "reversed":
            return str(_("Reversed"))
    return str(_("Rent due"))


def _sheets(lines: Sequence[Line], units: Mapping[Any, Unit]) -> list[Row]:
    checks = addresses_of([line.receipt for line in lines])
    paid = money_on([line.receipt.id for line in lines])
    return [
        _sheet(line, units[line.receipt.unit_id], paid.get(line.receipt.id, ()), *checks[line.receipt.id])
        for line in lines
    ]


def _sheet(line: Line, unit: Unit, paid: Sequence[PaidLine], address: str, printed: bytes) -> Row:
    row = line.receipt
    return {
        "title": heading(line),
        "number": number_of(row),
        "facts": _pairs(facts(line, unit)),
        "headline": _headline(line, paid),
        "tables": [_reckoning(line), *([_payments(paid)] if paid else [])],
        "note": _note(line),
        "check": _check(address, printed),
    }


def _headline(line: Line, paid: Sequence[PaidLine]) -> Row:
    """What counts now: what is to be paid, what still is, or once it is paid what was paid and when."""
    row, by = line.receipt, _("by %(day)s", day=day(line.receipt.due_on))
    match line.state:
        case "paid":
            last = max((one.on for one in paid), default=None)
            note = _("on %(day)s", day=day(last)) if last else ""
            return {"label": _("Paid"), "value": money(line.paid), "note": note}
        case "partial":
            return {"label": _("Still to be paid"), "value": money(row.owed - line.paid), "note": by}
        case "reversed":
            return {"label": _("Was to be paid"), "value": money(row.owed), "note": by}
    return {"label": _("To be paid"), "value": money(row.owed), "note": by}


def facts(line: Line, unit: Unit) -> list[tuple[str, str]]:
    """What a receipt is about."""
    row = line.receipt
    place = f"{unit.code} · {unit.address}" if unit.address else unit.code
    return [
        (_("Month"), month_named(Month.parse(row.period))),
        (_("Unit"), place),
        (_("Owner"), f"{line.owner.name} ({line.owner.code})"),
        (_("Client"), f"{line.client.name} ({line.client.code})"),
        (_("Issued on"), day(row.issued_at)),
    ]


def reckoning(line: Line) -> list[tuple[str, str]]:
    """How what is to be paid comes about."""
    row = line.receipt
    found = [(_("Rent: %(percent)s of the unit", percent=percent(row.percent)), money_plain(row.amount))]
    if row.ras_ir:
        word = _("Tax withheld for good at %(rate)s") if row.final else _("Tax withheld at %(rate)s")
        found.append((word % {"rate": percent(row.rate)}, money_plain(-row.withheld)))
        found.append((_("Net rent"), money_plain(row.net)))
    if row.charges:
        found.append((_("Charges"), money_plain(row.charges)))
    return found


def _reckoning(line: Line) -> Row:
    rows = [_row([what, amount]) for what, amount in reckoning(line)]
    word = _("In all") if line.state == "paid" else _("To be paid")
    rows.append(_row([word, money_plain(line.receipt.owed)], strong=True))
    return _table(_("What it is for"), [(_("What"), "left", 3), (_("Amount"), "right", 1)], rows)


def _payments(paid: Sequence[PaidLine]) -> Row:
    columns = [(_("Day"), "left", 1), (_("How"), "left", 2), (_("Amount"), "right", 1)]
    rows = [_row([day(one.on), str(one.how), money_plain(one.amount)]) for one in paid]
    return _table(_("What was paid"), columns, rows)


def _note(line: Line) -> str:
    match line.state:
        case "paid":
            return str(_("Paid in full. This receipt proves it."))
        case "partial":
            return str(_("Paid in part. It is no receipt for the whole."))
        case "reversed":
            return str(_("This paper no longer counts: it was reversed."))
    return str(_("Not paid yet. This paper says what is due and proves no payment."))


def _reversing(view: View, undone: Reversed, sheet: Row) -> Row:
    """The receipt that reverses another one, with a number of its own and every amount turned round."""
    row = view.receipt
    about = [(_("Reverses"), number_of(row)), (_("Reversed on"), day(undone.row.reversed_at))]
    about += [(_("Why"), undone.reason)] if undone.reason else []
    return sheet | {
        "title": _("Reversing receipt"),
        "number": number_of(undone.row),
        "facts": [*sheet["facts"], *_pairs(about)],
        "headline": {"label": _("No longer to be paid"), "value": money(-row.owed), "note": ""},
        "tables": [_turned(view.line)],
        "note": _("It takes back the receipt that it names, with its tax."),
        "check": _check(address_of_reversal(undone.row), undone.row.hash),
    }


def _turned(line: Line) -> Row:
    row = line.receipt
    found = [(_("Rent"), -row.amount), (_("Tax withheld"), row.withheld), (_("Charges"), -row.charges)]
    rows = [_row([what, money_plain(amount)]) for what, amount in found if amount]
    rows.append(_row([_("No longer to be paid"), money_plain(-row.owed)], strong=True))
    return _table(_("What it takes back"), [(_("What"), "left", 3), (_("Amount"), "right", 1)], rows)


def _table(title: str, columns: Sequence[tuple[str, str, int]], rows: Sequence[Row]) -> Row:
    heads = [{"title": name, "align": align, "width": width} for name, align, width in columns]
    return {"title": title, "columns": heads, "rows": rows, "empty": "", "note": ""}


def _row(cells: Sequence[str], *, strong: bool = False) -> Row:
    return {"cells": cells, "strong": strong}


def _pairs(found: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in found]


def _check(address: str, printed: bytes) -> Mapping[str, str]:
    return {
        "title": _("Check this paper"),
        "text": _("Scan the code, or open the address: the page says whether it is genuine and unchanged."),
        "address": address,
        "hash_title": _("Hash"),
        "hash": printed.hex(),
        "qr": documents.qr_svg(address, mask=MASK),
    }
