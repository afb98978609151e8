"""Telling a group's officers at once what staff did: in the product, and by mail."""

import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.auth.models import UserAccount
from app.core import mail
from app.core.db import enter, session
from app.groups import queries as groups
from app.groups.models import Member
from app.notifications.services import notify, path_to
from app.staff.models import GroupStanding, PlatformAccess
from app.web import filters, i18n

MAY_SEE = "audit.see"


def tell(*, group_id: str, what: str, row_id: str) -> None:
    """Tell officers of a look or of a standing, by the row that it left; the job behind each of them."""
    enter(uuid.UUID(group_id))
    group, officers = groups.group(), groups.holding(MAY_SEE)
    url = path_to("looks.shown", slug=group.slug)
    row: Any = session().get_one(PlatformAccess if what == "look" else GroupStanding, (group.id, uuid.UUID(row_id)))
    title = _TITLES[what if what == "look" else row.status]
    notify(officers, kind="warning", priority="high", title=title, body=row.reason, url=url, key=f"staff:{row_id}")
    name = session().scalar(sa.select(UserAccount.name).where(UserAccount.id == row.user_id)) or ""
    for member, locale in _reached(officers):
        with i18n.speaking(locale=locale, zone=group.time_zone, currency=group.currency):
            data = {"name": member.display_name, "group": group.name, "staff": name, "reason": row.reason, "path": url}
            data |= {"until": filters.moment(row.until)} if what == "look" else {"status": row.status}
        mail.queue(
            key=f"staff:{row_id}:{member.id}",
            to=member.email or "",
            template="staff_look" if what == "look" else "staff_standing",
            data=data,
            locale=locale,
            member_id=member.id,
        )


_TITLES = {
    "look": _("Platform staff look inside this group"),
    "suspended": _("This group was suspended"),
    "active": _("This group can write again"),
}


def _reached(member_ids: list[uuid.UUID]) -> list[tuple[Member, str]]:
    rows = session().execute(
        sa.select(Member, UserAccount.locale)
        .join(UserAccount, UserAccount.id == Member.user_id)
        .where(Member.id.in_(member_ids))
        .order_by(Member.id)
    )
    return [(member, locale) for member, locale in rows if mail.usable(member.email)]
