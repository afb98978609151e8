"""Telling both sides, by notification and mail, and the officers who approve, what became of a buy-out."""

import uuid
from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.auth.models import UserAccount
from app.buyouts.models import BuyOut, BuyOutState
from app.buyouts.queries import consented as consents_of
from app.buyouts.rules import Side, State
from app.buyouts.words import who
from app.core import mail
from app.core.db import session
from app.groups.models import Member
from app.groups.queries import group, holding
from app.ledgers.approvals import APPROVE
from app.notifications.services import notify, path_to
from app.web.filters import money
from app.web.i18n import speaking


def offered(row: BuyOut) -> None:
    """Ask whoever has not said yes with the offer."""
    told = _between(row)
    asked = _members(row) - {row.offered_by}
    _tell(row, asked, "asked", _("A buy-out waits for your consent"), told)
    if row.buyer_id is None and row.offered_by == row.seller_id:
        officers = set(holding("money.record")) - {row.seller_id}
        _notify(row, officers, "asked-group", _("A member offers the group a buy-out"), told)


def consented(row: BuyOut, states: Sequence[BuyOutState]) -> None:
    """Tell the other side; once both have consented, ask those who approve."""
    said, told = states[-1], _between(row)
    _notify(row, _members(row) - {said.recorded_by}, f"consent-{said.side}", _("The other side consented"), told)
    if len(consents_of(states)) == len(Side):
        officers = set(holding(APPROVE)) - _members(row)
        _notify(row, officers, "agreed", _("A buy-out waits for approval"), told)


def approved(row: BuyOut) -> None:
    """Tell both sides that it took effect."""
    _tell(row, _members(row), "effective", _("The buy-out took effect"), _between(row), kind="success")


def ended(row: BuyOut, state: State, *, by: uuid.UUID) -> None:
    """Tell both sides, and who made the offer, that it was declined or withdrawn."""
    title = _("The buy-out was declined") if state is State.DECLINED else _("The buy-out was withdrawn")
    _tell(row, (_members(row) | {row.offered_by}) - {by}, state.value, title, _between(row), kind="warning")


def taken_back(row: BuyOut) -> None:
    """Tell both sides that it was reversed."""
    _tell(row, _members(row), "reversed", _("The buy-out was reversed"), _between(row), kind="warning")


def _members(row: BuyOut) -> set[uuid.UUID]:
    return {row.seller_id} | ({row.buyer_id} if row.buyer_id else set())


def _between(row: BuyOut) -> LazyString:
    people, currency = who([row.seller_id, row.buyer_id]), group().currency
    price = LazyString(money, row.price, currency)
    if row.buyer_id is None:
        return _("%(seller)s sells to the group for %(price)s", seller=people[row.seller_id], price=price)
    told = {"seller": people[row.seller_id], "buyer": people[row.buyer_id], "price": price}
    return _("%(seller)s sells to %(buyer)s for %(price)s", **told)


def _tell(
    row: BuyOut, members: Collection[uuid.UUID], what: str, title: LazyString, body: LazyString, *, kind: str = "info"
) -> None:
    _notify(row, members, what, title, body, kind=kind)
    here, path = group(), _path(row)
    for member, spoken in _people(members):
        if not mail.usable(member.email):
            continue
        locale = spoken or here.locale
        with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
            data = {
                "name": member.display_name,
                "group": here.name,
                "title": str(title),
                "what": str(body),
                "value": money(row.nominal_value, here.currency),
                "path": path,
            }
        key = f"buyout:{row.id}:{what}:{member.id}"
        mail.queue(key=key, to=str(member.email), template="buy_out", data=data, locale=locale, member_id=member.id)


def _notify(
    row: BuyOut, members: Iterable[uuid.UUID], what: str, title: LazyString, body: LazyString, *, kind: str = "info"
) -> None:
    notify(sorted(members), kind=kind, title=title, body=body, url=_path(row), key=f"buyout:{row.id}:{what}")


def _path(row: BuyOut) -> str:
    return path_to("buyouts.buy_out", slug=group().slug, buy_out_id=row.id)


def _people(members: Collection[uuid.UUID]) -> list[tuple[Member, str | None]]:
    wanted = sa.select(Member, UserAccount.locale).outerjoin(UserAccount, UserAccount.id == Member.user_id)
    rows = session().execute(wanted.where(Member.id.in_(members)).order_by(Member.id))
    return [(member, locale) for member, locale in rows]
