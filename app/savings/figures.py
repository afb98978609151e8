"""What this room adds to pages it does not know: position, a member's page, the dashboard and statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.db import session
from app.core.periods import Month
from app.core.rooms import Figure, Section
from app.groups.access import may
from app.groups.models import Member
from app.groups.queries import group
from app.groups.settings import setting
from app.ledgers import chart
from app.ledgers.balances import balances_of_kind, natural_balance
from app.savings.models import Contribution, ContributionWindow, Payment, PenaltyPayment
from app.savings.month import SAVERS, Totals, arrears, current_window, due_of, totals_of
from app.savings.queries import held_open
from app.savings.standings import counts
from app.savings.words import window_name
from app.web import charts
from app.web.filters import day, month_short

MONTHS = 12
ZERO = Decimal(0)


def pool() -> Decimal:
    """The savings of all members together."""
    return sum(balances_of_kind("savings").values(), ZERO)


def savers() -> int:
    """How many members save and have not left."""
    wanted = sa.select(sa.func.count()).select_from(Member).where(SAVERS, Member.status != "left")
    return session().scalar(wanted) or 0


def position(member_id: uuid.UUID) -> Section:
    """A member's savings and penalties as on the books, what is due, and how the group wants it paid."""
    saved = natural_balance(chart.Account("savings", member_id))
    owed = natural_balance(chart.Account("penalties_receivable", member_id))
    url = url_for("savings.member", member_id=member_id)
    figures = [
        Figure(_("Contributed"), saved, url=url, counts_in_total=True),
        Figure(_("Penalties owed"), owed, url=url_for("savings.member_penalties", member_id=member_id)),
    ]
    asked = _asked(member_id, url)
    figures += asked
    waiting = sum((line.held.amount for line in held_open(member_id)), ZERO)
    if waiting:
        figures.append(Figure(_("Kept unallocated"), waiting, url=url, note=_("Returned or allocated by an officer")))
    how = how_to_pay(owes=bool(owed or any(figure.value for figure in asked)))
    told: dict[str, Any] = {"template": "savings/_how_to_pay.html", "data": {"how": how}} if how else {}
    return Section(_("Savings"), figures, order=10, **told)


def _asked(member_id: uuid.UUID, url: str) -> list[Figure]:
    due, behind = due_of(member_id), next(iter(arrears(member_id)), None)
    found = []
    if due is not None:
        note = _("by %(day)s", day=day(due.window.ends_at)) if due.missing else _("Nothing more is due")
        found.append(Figure(_("Due for %(window)s", window=window_name(due.window.name)), due.missing, url, note))
    if behind is not None:
        found.append(Figure(_("Contributions overdue"), behind.missing, url=url, note=_since(behind.windows)))
    return found


def how_to_pay(*, owes: bool) -> str:
    """The group's own words on how to pay, for who owes something; empty for everybody else."""
    return str(setting("payment_instructions")) if owes else ""


def _since(windows: int) -> str:
    return str(ngettext("of one window", "of %(num)d windows", windows))


def dashboard() -> Sequence[Section]:
    """The pool, the members, this window and what is behind; members see the group's totals without the lists."""
    opened = current_window()
    found = totals_of([opened])[0] if opened else None
    lists, totals = may("money.see"), found.totals if found else Totals()
    name = window_name(opened.name) if opened else ""
    window_url = url_for("savings.window", window_id=opened.id) if opened and lists else None
    figures = [
        Figure(_("Pool"), pool(), url=url_for("savings.payments") if lists else None, note=_("All members’ savings")),
        Figure(_("Members"), savers(), url=url_for("groups.members") if may("members.see") else None, money=False),
        Figure(_("Paid for %(window)s", window=name), totals.paid, url=window_url, note=_progress(totals)),
        Figure(_("Still due for %(window)s", window=name), totals.missing, url=window_url),
    ]
    if lists:
        behind = arrears()
        note = ngettext("One member behind", "%(num)d members behind", len(behind)) if behind else _("Nobody is behind")
        missing = sum((row.missing for row in behind), ZERO)
        figures.append(Figure(_("Arrears"), missing, url=url_for("savings.arrears"), note=note))
    drawn = Section(_("Last twelve months"), template="savings/_year.html", data={"figure": year_chart()}, order=15)
    return [Section(_("Savings"), figures, order=10), drawn]


def _progress(totals: Totals) -> str:
    return str(_("%(met)s of %(all)s members have paid", met=totals.met, all=totals.met + totals.unmet))


def year() -> list[tuple[Month, Decimal, Decimal]]:
    """The savings that came in during each of the last twelve months: on time, and late."""
    zone = group().time_zone
    day = sa.cast(sa.func.timezone(zone, Contribution.paid_at), sa.Date)
    first = Month.of(clock.today(zone)).plus(1 - MONTHS)
    began = sa.func.date_trunc("month", day)
    query = (
        sa.select(
            sa.cast(began, sa.Date),
            sa.func.coalesce(sa.func.sum(Contribution.amount).filter(Contribution.days_late == 0), 0),
            sa.func.coalesce(sa.func.sum(Contribution.amount).filter(Contribution.days_late > 0), 0),
        )
        .where(counts(), day >= first.first)
        .group_by(began)
    )
    rows = {Month.of(start): (on_time, late) for start, on_time, late in session().execute(query)}
    months = [first.plus(number) for number in range(MONTHS)]
    return [(month, *rows.get(month, (ZERO, ZERO))) for month in months]


def year_chart() -> charts.Figure:
    """The last twelve months drawn as columns."""
    rows = year()
    series = [
        charts.Series(_("On time"), [on_time for _m, on_time, _l in rows], "s1"),
        charts.Series(_("Late"), [late for _m, _o, late in rows], "warn"),
    ]
    title = _("Contributions by month")
    summary = _("What members contributed in each of the last twelve months, on time and late.")
    labels = [month_short(month) for month, _o, _l in rows]
    return charts.columns("year", title, summary, labels, series, currency=group().currency)


def contributions_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What contributions were, for a statement: the window, and the reference of the payment."""
    query = (
        sa.select(Contribution, ContributionWindow.name, Payment.reference)
        .join(ContributionWindow, ContributionWindow.id == Contribution.window_id)
        .join(Payment, Payment.id == Contribution.payment_id)
        .where(Contribution.id.in_(ids))
    )
    return {row.id: (_contribution(row, name), told or "") for row, name, told in session().execute(query)}


def _contribution(row: Contribution, name: str) -> str:
    window = window_name(name)
    if row.days_late:
        return str(_("Contribution for %(window)s, late", window=window))
    return str(_("Contribution for %(window)s", window=window))


def penalty_payments_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What payments of penalties were, for a statement: the reference of the payment."""
    query = (
        sa.select(PenaltyPayment.id, Payment.reference)
        .join(Payment, Payment.id == PenaltyPayment.payment_id)
        .where(PenaltyPayment.id.in_(ids))
    )
    return {row_id: (_("Penalty paid"), told or "") for row_id, told in session().execute(query)}
