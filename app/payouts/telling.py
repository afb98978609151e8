"""Telling members that they were paid, inside the product and by mail, and that a payment was taken back."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.auth.models import UserAccount
from app.core import mail
from app.core.db import session
from app.groups.models import Member, SavingsGroup
from app.groups.queries import group
from app.notifications.services import notify, path_to
from app.payouts.models import MemberPayment
from app.payouts.words import payout_method
from app.web.filters import day, money
from app.web.i18n import speaking


def tell_paid(payments: Sequence[MemberPayment]) -> None:
    """Tell each member once of each payment: a notification, and a mail where there is an address."""
    here, people = group(), _people(payments)
    for row in payments:
        title = _("You were paid %(amount)s", amount=LazyString(money, row.amount, here.currency))
        body = LazyString(_how, row)
        notify([row.member_id], kind="success", title=title, body=body, url=_path(here, row), key=f"paid:{row.id}")
        member, locale = people[row.member_id]
        if mail.usable(member.email):
            data = _letter(row, member, here, locale or here.locale)
            told: dict[str, Any] = {"data": data, "locale": locale or here.locale, "member_id": member.id}
            mail.queue(key=f"paid:{row.id}", to=str(member.email), template="member_paid", **told)


def tell_taken_back(row: MemberPayment) -> None:
    """Tell the member that it is owed again."""
    here = group()
    title = _("A payment of %(amount)s to you was reversed", amount=LazyString(money, row.amount, here.currency))
    body = _("It is to be paid to you again.")
    notify([row.member_id], kind="warning", title=title, body=body, url=_path(here, row), key=f"unpaid:{row.id}")


def _people(payments: Sequence[MemberPayment]) -> dict[Any, tuple[Member, str | None]]:
    ids = [row.member_id for row in payments]
    wanted = sa.select(Member, UserAccount.locale).outerjoin(UserAccount, UserAccount.id == Member.user_id)
    rows = session().execute(wanted.where(Member.id.in_(ids)))
    return {member.id: (member, locale) for member, locale in rows}


def _how(row: MemberPayment) -> str:
    told = {"method": payout_method(row.method), "day": day(row.paid_on), "reference": row.reference}
    if row.reference:
        return str(_("%(method)s of %(day)s, reference %(reference)s", **told))
    return str(_("%(method)s of %(day)s", **told))


def _path(here: SavingsGroup, row: MemberPayment) -> str:
    return path_to("payouts.payment", slug=here.slug, payment_id=row.id)


def _letter(row: MemberPayment, member: Member, here: SavingsGroup, locale: str) -> dict[str, Any]:
    with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
        return {
            "name": member.display_name,
            "group": here.name,
            "amount": money(row.amount),
            "day": day(row.paid_on),
            "method": payout_method(row.method),
            "reference": row.reference,
            "path": _path(here, row),
        }
