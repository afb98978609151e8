"""What people call our columns, for sentences about files."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

TITLES: Mapping[str, LazyString] = {
    "identifier": _("member number"),
    "display_name": _("name"),
    "email": _("e-mail address"),
    "phone": _("phone"),
    "joined_on": _("joined on"),
    "roles": _("roles"),
    "opening_savings": _("savings so far"),
    "paid_at": _("day of payment"),
    "amount": _("amount"),
    "reference": _("reference"),
    "window": _("month it is for"),
    "account": _("account"),
    "receipt": _("receipt number"),
    "at": _("day or time"),
    "details": _("details"),
    "status": _("status"),
    "paid_in": _("paid in"),
    "withdrawn": _("paid out"),
    "balance": _("balance"),
    "other_party": _("other party"),
    "account_ref": _("account of the payer"),
    "entry": _("booking"),
    "value_day": _("value day"),
    "payer": _("who paid"),
    "mark": _("credit or debit"),
}


def title_of(column: str) -> LazyString | str:
    """What people call one of our columns."""
    return TITLES.get(column, column)
