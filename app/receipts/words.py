"""How receipts are called on pages and papers: their numbers, their state, and the tabs of the room."""

from decimal import Decimal
from typing import Protocol

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.periods import Month
from app.groups.access import may
from app.receipts.models import Receipt
from app.receipts.rules import SKIPS, Skip

# (endpoint, label, permission); the pages of money that came in hang between.
TABS = [
    ("receipts.overview", _("Months"), "money.see"),
    ("receipts.receipts", _("Receipts"), "money.see"),
    ("receipts.payments", _("Payments"), "money.see"),
    ("receipts.outstanding", _("Outstanding"), "money.see"),
    ("credits.credits", _("Credits"), "money.see"),
    ("receipts.deposits", _("Deposits"), "money.see"),
    ("owners.due", _("To owners"), "money.see"),
    ("owners.years", _("Years"), "money.see"),
    ("receipts.tax_choices", _("Choices of tax"), "money.see"),
]


class Numbered(Protocol):
    """A receipt, a reversing one, or a row that names either."""

    @property
    def year(self) -> int: ...
    @property
    def number(self) -> int: ...


def number_of(row: Numbered) -> str:
    """A receipt's number as people read it: "2026-00041"."""
    return f"{row.year}-{row.number:05}"


def month_of(row: Receipt) -> Month:
    """The month that a receipt is for."""
    return Month.parse(row.period)


def state_of(owed: Decimal, paid: Decimal, *, is_reversed: bool = False) -> str:
    """due, partial, paid or reversed."""
    if is_reversed:
        return "reversed"
    return "due" if paid <= 0 else "paid" if paid >= owed else "partial"


def skip_word(reason: str) -> str:
    """Why a unit was skipped."""
    return str(SKIPS[Skip(reason)])


def rent_tabs() -> list[tuple[LazyString, str, bool]]:
    """(label, address, is it this page) of the room's lists, for who may see them."""
    return [(text, url_for(name), name == request.endpoint) for name, text, needed in TABS if may(needed)]
