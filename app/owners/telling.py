"""Telling owners that they were paid what was received for them, inside the product and by mail."""

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core import mail
from app.groups.models import SavingsGroup
from app.groups.queries import group
from app.ledgers.methods import METHODS, Method
from app.notifications.services import notify, path_to
from app.owners.models import OwnerPayout, OwnerPayoutRun
from app.owners.received import Due
from app.registry.queries import PartyNamed, emails_of
from app.web.filters import day, money
from app.web.i18n import speaking


def tell_paid_out(run: OwnerPayoutRun, rows: Sequence[OwnerPayout], found: Sequence[Due]) -> None:
    """Tell each owner once: who is a member here, and whoever has an address by mail."""
    here, letters = group(), emails_of([one.owner.id for one in found])
    for row, one in zip(rows, found, strict=True):
        if one.owner.member_id:
            title = _("You were paid %(amount)s of your rents", amount=LazyString(money, row.amount, here.currency))
            notify([one.owner.member_id], kind="success", title=title, url=_path(here, row), key=f"rents:{row.id}")
        to, member_id = letters.get(one.owner.id, ("", None))
        if mail.usable(to):
            data = _letter(run, row, one.owner, here)
            told: dict[str, Any] = {"data": data, "locale": here.locale, "member_id": member_id}
            mail.queue(key=f"rents:{row.id}", to=to, template="owner_paid", **told)


def tell_taken_back(row: OwnerPayout, owner: PartyNamed) -> None:
    """Tell an owner who is a member that it is to be paid again."""
    if owner.member_id:
        here = group()
        amount = LazyString(money, row.amount, here.currency)
        title = _("A payment of %(amount)s of your rents was reversed", amount=amount)
        body = _("It is to be paid to you again.")
        url = _path(here, row)
        notify([owner.member_id], kind="warning", title=title, body=body, url=url, key=f"rents_back:{row.id}")


def _path(here: SavingsGroup, row: OwnerPayout) -> str:
    return path_to("owners.payout", slug=here.slug, payout_id=row.id)


def _letter(run: OwnerPayoutRun, row: OwnerPayout, owner: PartyNamed, here: SavingsGroup) -> dict[str, Any]:
    with speaking(locale=here.locale, zone=here.time_zone, currency=here.currency):
        return {
            "name": owner.name,
            "group": here.name,
            "amount": money(row.amount),
            "day": day(run.paid_on),
            "method": str(METHODS[Method(run.method)]),
        }
