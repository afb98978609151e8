"""Telling people: holders of what was invested and sold, and officers of values that are due."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app.core import clock
from app.core.outbox import later
from app.groups.queries import group, holding
from app.holdings import portfolio, queries
from app.holdings.policy import terms
from app.holdings.records import sale_row
from app.notifications.services import notify, path_to

MANY = 1_000
INVESTED = _("Savings of yours were invested")
ENDED = {
    "sale": _("An investment of yours was sold"),
    "maturity": _("An investment of yours matured"),
    "default": _("An investment of yours was lost"),
}


def tell_words(*, record: str, record_id: str) -> str:
    """What the job is about."""
    found = uuid.UUID(record_id)
    row = queries.investment(found if record == "investment" else sale_row(found).investment_id)
    return str(_("Telling the holders of %(name)s", name=row.name))


def ask_words(*, week: str) -> str:
    """What the job is about."""
    return str(_("Asking for values that are due, week %(week)s", week=week))


def tell(*, record: str, record_id: str) -> None:
    """The job: each holder who can sign in is told once, many in a statement."""
    found = uuid.UUID(record_id)
    if queries.reversal_of(record, found) is not None:
        return
    slug = group().slug
    if record == "investment":
        title, row = INVESTED, queries.investment(found)
        url = path_to("holdings.investment", slug=slug, investment_id=found)
    else:
        sale = sale_row(found)
        title, row = ENDED[sale.kind], queries.investment(sale.investment_id)
        url = path_to("holdings.sale", slug=slug, sale_id=found)
    people = [holder for holder, _units, _cost in queries.lines_of(record, found) if holder]
    _notify(people, title=title, body=row.name, url=url, key=f"holdings:{record_id}")


def _notify(people: Sequence[uuid.UUID], **told: Any) -> None:
    for first in range(0, len(people), MANY):
        notify(people[first : first + MANY], kind="info", **told)


def plan_values(_now: datetime) -> None:
    """The schedule's plan: once a week, ask for the values that are due."""
    own = group()
    if own.status != "active" or terms().months is None:
        return
    year, week, _day = clock.today(own.time_zone).isocalendar()
    later("holdings.values", key=f"holdings.values:{year}-{week:02d}", week=f"{year}-{week:02d}")


def ask_for_values(*, week: str) -> None:
    """The job: whoever records money is told which investments need a new value; nobody when none does."""
    due = [line for line in portfolio.held_lines() if line.due_since]
    if not due:
        return
    names = ", ".join(line.investment.name for line in due)
    url = path_to("holdings.index", slug=group().slug)
    title = _("Investments need a new value")
    notify(holding("money.record"), kind="info", title=title, body=names[:200], url=url, key=f"holdings.values:{week}")
