"""What this room does in the background: telling officers who joined, and tidying up once a day."""

import uuid
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core import clock
from app.core.money import lazily
from app.core.outbox import later
from app.core.rooms import Schedule
from app.groups.policies import policies
from app.groups.queries import group, holding, member, names
from app.groups.settings import setting
from app.notifications.rules import Kind
from app.notifications.services import notify, path_to, tidy
from app.web.filters import day

TIDY = "notifications.tidy"


def joined(member_id: str) -> None:
    """Tell who manages members that somebody accepted the invitation."""
    newcomer = member(uuid.UUID(member_id))
    if not setting("tell_of_new_members"):
        return
    notify(
        [officer for officer in holding("members.manage") if officer != newcomer.id],
        kind=Kind.SUCCESS,
        title=_("%(name)s has joined the group", name=newcomer.display_name),
        url=path_to("groups.member", slug=group().slug, member_id=newcomer.id),
        key=f"joined:{newcomer.id}",
    )


def loosened(version: int, by: str | None) -> None:
    """Tell everyone who approves movements that fewer of them will need a second person, from when, and who said so."""
    told = next(one for one in policies() if one.version == version)
    who = names([uuid.UUID(by)]).get(uuid.UUID(by), "?") if by else "?"
    threshold, from_day = told.group.approval_threshold, LazyString(day, told.effective_on)
    notify(
        holding("money.approve"),
        kind=Kind.WARNING,
        title=_("Fewer movements will need a second person"),
        body=_("%(name)s removed the threshold, from %(day)s on.", name=who, day=from_day)
        if threshold is None
        else _(
            "%(name)s raised the threshold to %(amount)s, from %(day)s on.",
            name=who,
            day=from_day,
            amount=lazily(threshold, group().currency),
        ),
        url=path_to("groups.policy", slug=group().slug),
        priority="high",
        key=f"loosened:{version}",
    )


def sweep() -> None:
    """Delete what nobody needs any more."""
    tidy(clock.now())


def _plan(now: datetime) -> None:
    later(TIDY, key=f"{TIDY}:{now.date().isoformat()}")


DAILY = Schedule(TIDY, every_seconds=24 * 3600, plan=_plan)
