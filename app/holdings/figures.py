"""What this room adds to pages it does not know: position, a member's page, the dashboard and statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Figure, Section
from app.groups.access import may
from app.groups.queries import group
from app.holdings import drawing, portfolio
from app.holdings.models import Investment, InvestmentSale
from app.holdings.rules import SALES, ZERO, SaleKind, roi
from app.holdings.words import per_cent
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.web.filters import day, money


def position(member_id: uuid.UUID) -> Section | None:
    """A member's holdings at cost and, apart, at their last value; growth that was realised. None without any."""
    cost, current, valued_on = portfolio.worth_of(member_id)
    growth = natural_balance(chart.Account("realised_growth", member_id))
    if not (cost or current or growth):
        return None
    url = url_for("holdings.member", member_id=member_id)
    figures = [Figure(_("Holdings at cost"), cost, url=url, counts_in_total=True)]
    if valued_on is not None:
        note = _("As of %(day)s, %(roi)s; shown only, not in the total", day=day(valued_on), roi=_return(current, cost))
        figures.append(Figure(_("Holdings at their last value"), current, url=url, note=note))
    told = _("Gained less lost in sales, and share-outs")
    figures.append(Figure(_("Realised growth"), growth, url=url, note=told, counts_in_total=True))
    return Section(_("Investments"), figures, order=20)


def _return(current: Any, cost: Any) -> str:
    return per_cent(roi(current, cost))


def dashboard() -> Sequence[Section]:
    """What the investments cost and are worth, and the values that are due for those who record them."""
    if not portfolio.any_at_all():
        return ()
    held = portfolio.held_lines()
    cost = sum((line.worth.cost for line in held), ZERO)
    current = sum((line.worth.current for line in held), ZERO)
    url = url_for("holdings.index")
    told = {"amount": money(current, group().currency), "roi": _return(current, cost)}
    note = _("Worth %(amount)s at the last values, %(roi)s", **told) if held else _("Nothing is held")
    figures = [Figure(_("Invested, at cost"), cost, url=url, note=note)]
    due = [line for line in held if line.due_since]
    if may("money.record") and due:
        figures.append(Figure(_("Values due"), len(due), url=url, note=_("Officers are asked for them"), money=False))
    sections = [Section(_("Investments"), figures, order=12)]
    if held:
        drawn = {"figure": drawing.types_split(held)}
        sections.append(Section(_("Investments by type"), template="holdings/_invested.html", data=drawn, order=25))
    return sections


def investments_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What investments were, for a statement: their names."""
    rows = session().execute(sa.select(Investment.id, Investment.name).where(Investment.id.in_(ids)))
    return {row_id: (_("Invested in %(name)s", name=name), "") for row_id, name in rows}


def sales_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What sales were, for a statement: what happened, and to which investment."""
    query = sa.select(InvestmentSale.id, InvestmentSale.kind, Investment.name)
    query = query.join(Investment, Investment.id == InvestmentSale.investment_id).where(InvestmentSale.id.in_(ids))
    return {
        row_id: (_("%(what)s of %(name)s", what=SALES[SaleKind(kind)], name=name), "")
        for row_id, kind, name in session().execute(query)
    }
