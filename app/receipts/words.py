"""How receipts are called on pages and papers: their numbers, their state, and the tabs of the room."""

from decimal import Decimal

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.groups.access import may
from app.receipts.models import Receipt, ReceiptReversal
from app.receipts.rules import SKIPS, Skip

# (endpoint, label, permission); the pages of money that came in hang between.
TABS = [
    ("receipts.overview", _("Months"), "money.see"),
    ("receipts.receipts", _("Receipts"), "money.see"),
]


def number_of(row: Receipt | ReceiptReversal) -> str:
    """A receipt's number as people read it: "2026-00041"."""
    return f"{row.year}-{row.number:05}"


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
