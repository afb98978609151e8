"""A movement above the group's limit: its officers are told, and whoever runs the service."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from app.core.alerts import Kind, raise_alert
from app.core.db import session
from app.groups.queries import group, holding
from app.ledgers.models import Entry
from app.notifications.services import notify, path_to


def tell_of_large(entries: Sequence[str], kinds: Sequence[str], many: int) -> None:
    """Raise the alert, without an amount, and lead the officers to the entry."""
    first = uuid.UUID(entries[0])
    number = session().scalar(sa.select(Entry.number).where(Entry.id == first))
    group_id = session().group_id
    facts = {"entry": number or 0, "posting": kinds[0], "movements": many}
    raise_alert(Kind.LARGE_MOVEMENT, about=f"group:{group_id}", key=str(first), **facts)
    notify(
        holding("money.approve"),
        kind="warning",
        title=_("A movement above your group’s limit was booked"),
        body=_("Entry %(number)s. If you do not know it, look into it with the other officers.", number=number or "?"),
        url=path_to("ledgers.entry", slug=group().slug, number=number or 0),
        priority="high",
        key=f"large:{first}",
    )
