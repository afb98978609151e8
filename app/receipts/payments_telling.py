"""Telling clients who are members that their payment arrived, or was taken back."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.groups.queries import group
from app.notifications.services import notify, path_to
from app.receipts.payment_models import ClientPayment
from app.registry.queries import PartyNamed
from app.web.filters import day, money


def tell_paid(row: ClientPayment, client: PartyNamed) -> None:
    """Tell the client once, when they are a member."""
    title = _("Your rent payment of %(amount)s arrived", amount=LazyString(money, row.amount, group().currency))
    body = _("Paid on %(day)s.", day=LazyString(day, row.paid_on))
    _tell(row, client, {"kind": "success", "title": title, "body": body, "key": f"rent_paid:{row.id}"})


def tell_taken_back(row: ClientPayment, client: PartyNamed) -> None:
    """Tell the client that it is owed again."""
    amount = LazyString(money, row.amount, group().currency)
    title = _("Your rent payment of %(amount)s was reversed", amount=amount)
    body = _("What it paid is owed again.")
    _tell(row, client, {"kind": "warning", "title": title, "body": body, "key": f"rent_unpaid:{row.id}"})


def _tell(row: ClientPayment, client: PartyNamed, told: dict[str, Any]) -> None:
    if client.member_id:
        url = path_to("receipts.payment", slug=group().slug, payment_id=row.id)
        notify([client.member_id], url=url, **told)
