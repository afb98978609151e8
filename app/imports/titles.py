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
    "code": _("code"),
    "type": _("type"),
    "area": _("area"),
    "asset": _("asset"),
    "address": _("address"),
    "name": _("name"),
    "member": _("member number"),
    "kind": _("kind"),
    "professional": _("pays as a business"),
    "family_count": _("persons in the family"),
    "tax_id": _("tax number"),
    "unit": _("unit"),
    "client": _("client"),
    "rent": _("rent"),
    "charges": _("charges"),
    "deposit": _("deposit"),
    "starts_on": _("from"),
    "ends_on": _("last day"),
    "day_due": _("due on day"),
    "first_amount": _("rent of the first month"),
    "last_amount": _("rent of the last month"),
    "owner": _("owner"),
    "share": _("share"),
    "alternation": _("when it counts"),
    "cycle_length": _("length of the cycle"),
    "cycle_position": _("month of the cycle"),
    "anchor": _("counted from"),
}


def title_of(column: str) -> LazyString | str:
    """What people call one of our columns."""
    return TITLES.get(column, column)
