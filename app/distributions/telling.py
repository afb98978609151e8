"""Telling members of a share-out: each their own part, inside the product and by mail, from the background."""

import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from app.auth import consents
from app.auth.models import UserAccount
from app.core import mail
from app.core.crashpoints import crash
from app.core.db import session
from app.core.outbox import later
from app.core.rooms import Step
from app.distributions.models import ShareOut, ShareOutPart, ShareOutPayment, ShareOutPaymentPart
from app.distributions.rules import RULES, Rule
from app.distributions.standing import payment_row, reversal_of, share_out_row
from app.groups.models import Member, SavingsGroup
from app.groups.queries import group
from app.notifications.services import notify, path_to
from app.web.filters import day, money
from app.web.i18n import speaking

SHARES, PAYMENTS = "distributions.tell_shares", "distributions.tell_payments"
CHUNK = 50  # members told in one transaction


def allotted(row: ShareOut) -> None:
    """Have every member told of their part."""
    if row.members:
        later(SHARES, key=f"{SHARES}:{row.id}", total=row.members, share_out_id=str(row.id))


def to_be_paid(row: ShareOutPayment) -> None:
    """Have every member told of what they will be paid."""
    later(PAYMENTS, key=f"{PAYMENTS}:{row.id}", total=row.members, payment_id=str(row.id))


def tell_shares(*, share_out_id: str, done: int, total: int) -> Step:
    """Tell the next members their part, by a notification and by mail; the handler of a job."""
    row = share_out_row(uuid.UUID(share_out_id))
    if reversal_of("share_out", row.id):
        return Step(progress=total, more=False)
    query = _people(ShareOutPart).where(ShareOutPart.share_out_id == row.id).order_by(ShareOutPart.place)
    found = session().execute(query.offset(done).limit(CHUNK)).all()
    here = group()
    quiet = consents.refused({member.user_id for _part, member, _locale in found if member.user_id}, consents.LETTERS)
    for part, member, locale in found:
        _tell_share(row, part, member, here)
        if mail.usable(member.email) and member.user_id not in quiet:
            _write(row, part, member, here, locale or here.locale)
    crash("distributions.chunk")
    return Step(progress=min(done + CHUNK, total), more=done + CHUNK < total)


def _people(table: type[ShareOutPart] | type[ShareOutPaymentPart]) -> Any:
    query: Any = sa.select(table, Member, UserAccount.locale).join(Member, Member.id == table.member_id)
    return query.outerjoin(UserAccount, UserAccount.id == Member.user_id)


def _tell_share(row: ShareOut, part: ShareOutPart, member: Member, here: SavingsGroup) -> None:
    title = lazy_gettext("Your share is %(amount)s", amount=LazyString(money, part.amount, here.currency))
    body = lazy_gettext(
        "Of the share-out of %(first)s to %(last)s. It is added to your growth.",
        first=LazyString(day, row.first_day),
        last=LazyString(day, row.last_day),
    )
    url = _path(here, row.id)
    notify([member.id], kind="success", title=title, body=body, url=url, key=f"share:{row.id}:{member.id}")


def _write(row: ShareOut, part: ShareOutPart, member: Member, here: SavingsGroup, locale: str) -> None:
    with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
        data = {
            "name": member.display_name,
            "group": here.name,
            "amount": money(part.amount),
            "first": day(row.first_day),
            "last": day(row.last_day),
            "rule": str(RULES[Rule(row.rule)]),
            "own_interest": money(part.own_interest) if part.own_interest else None,
            "shared": money(row.shared),
            "members": row.members,
            "path": _path(here, row.id),
        }
    key, to = f"share:{row.id}:{member.id}", str(member.email)
    mail.queue(key=key, to=to, template="share_out", data=data, locale=locale, member_id=member.id)


def tell_payments(*, payment_id: str, done: int, total: int) -> Step:
    """Tell the next members what they will be paid; the handler of a job. Who pays it tells them again."""
    row = payment_row(uuid.UUID(payment_id))
    if reversal_of("share_out_payment", row.id):
        return Step(progress=total, more=False)
    query = _people(ShareOutPaymentPart).where(ShareOutPaymentPart.payment_id == row.id)
    here = group()
    for part, member, _locale in session().execute(query.order_by(ShareOutPaymentPart.place).offset(done).limit(CHUNK)):
        _tell_payment(row, part, member, here)
    return Step(progress=min(done + CHUNK, total), more=done + CHUNK < total)


def _tell_payment(row: ShareOutPayment, part: ShareOutPaymentPart, member: Member, here: SavingsGroup) -> None:
    owed, kept = (LazyString(money, amount, here.currency) for amount in (part.owed, part.deducted))
    title = lazy_gettext("%(amount)s of the share-out will be paid to you", amount=owed)
    body: Any = ""
    if part.deducted:
        body = lazy_gettext("%(amount)s was kept back for what you owe the group.", amount=kept)
    told: dict[str, Any] = {"url": _path(here, row.share_out_id), "key": f"share-paid:{row.id}:{member.id}"}
    notify([member.id], kind="info", title=title, body=body, **told)


def allotment_taken_back(row: ShareOut) -> None:
    """Tell everybody who had a part that the share-out was reversed."""
    ids = session().scalars(sa.select(ShareOutPart.member_id).where(ShareOutPart.share_out_id == row.id))
    title, body = lazy_gettext("The share-out was reversed"), lazy_gettext("Your part of it is taken back.")
    notify(ids, kind="warning", title=title, body=body, url=_path(group(), row.id), key=f"share-back:{row.id}")


def payment_taken_back(row: ShareOutPayment) -> None:
    """Tell everybody concerned that the payment of the share-out was reversed."""
    ids = session().scalars(sa.select(ShareOutPaymentPart.member_id).where(ShareOutPaymentPart.payment_id == row.id))
    title = lazy_gettext("The payment of the share-out was reversed")
    body = lazy_gettext("What was to be paid to you is back in your growth and your savings.")
    url = _path(group(), row.share_out_id)
    notify(ids, kind="warning", title=title, body=body, url=url, key=f"share-unpaid:{row.id}")


def _path(here: SavingsGroup, share_out_id: uuid.UUID) -> str:
    return path_to("distributions.share_out", slug=here.slug, share_out_id=share_out_id)


def share_words(*, share_out_id: str, **_payload: Any) -> str:
    """What a job is about."""
    return str(
        _("Telling members of the share-out through %(day)s", day=day(share_out_row(uuid.UUID(share_out_id)).last_day))
    )


def payment_words(*, payment_id: str, **_payload: Any) -> str:
    """What a job is about."""
    row = share_out_row(payment_row(uuid.UUID(payment_id)).share_out_id)
    return str(_("Telling members of the payment of the share-out through %(day)s", day=day(row.last_day)))
