"""What the pages of investments show, and what their smaller forms say."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Response, g, make_response, url_for
from flask_babel import gettext as _

from app.core.db import session
from app.core.errors import NotFound
from app.core.exports import Cell, csv_bytes
from app.groups.access import may
from app.groups.queries import member as member_with
from app.groups.queries import names
from app.holdings import drawing, history, portfolio, queries, records
from app.holdings.models import InvestmentSale
from app.holdings.portfolio import Line
from app.holdings.rules import RISKS, TYPES, ZERO, Gains, InvestmentType, Risk
from app.holdings.words import part_worth
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.models import Account, Posting
from app.web import keyset

NEVER = 100_000


def own_or_may_see(member_id: uuid.UUID, refusal: type[NotFound]) -> None:
    """Raises the refusal for what somebody else holds, unless one may see every member's money."""
    if member_id != g.member.id and not may("money.see"):
        raise refusal


def asked(args: Any) -> dict[str, Any]:
    """The type, the risk and the state that an address asks for, as far as they exist."""
    kind, risk, state = args.get("type", ""), args.get("risk", ""), args.get("state", "")
    return {
        "type_": InvestmentType(kind) if kind in set(InvestmentType) else None,
        "risk": Risk(risk) if risk in set(Risk) else None,
        "state": state if state in portfolio.STATES else "",
    }


def listing(args: Any) -> dict[str, Any]:
    """The list of the portfolio, its filters, and where it goes on."""
    wanted = asked(args)
    found = portfolio.portfolio_page(**wanted, at=keyset.asked(date, uuid.UUID))
    kept = {"type": wanted["type_"], "risk": wanted["risk"], "state": wanted["state"]}
    return {"found": found, "pages": found.urls("holdings.index", **kept), "chips": _chips(kept), "kept": kept}


def _chips(kept: dict[str, Any]) -> list[tuple[Any, str, bool]]:
    offered = [("", _("All")), ("held", _("Held")), ("ended", _("Ended"))]
    rest: dict[str, Any] = {name: value for name, value in kept.items() if value}
    return [
        (label, url_for("holdings.index", **rest | {"state": state or None}), kept["state"] == state)
        for state, label in offered
    ]


def overview() -> dict[str, Any]:
    """The figures and the charts of all that is held."""
    held = portfolio.held_lines()
    cost = sum((line.worth.cost for line in held), ZERO)
    current = sum((line.worth.current for line in held), ZERO)
    told = {"held": held, "cost": cost, "current": current, "due": [line for line in held if line.due_since]}
    if not held:
        return told | {"charts": None}
    courses = list(history.courses().values())
    drawn = {
        "grown": drawing.grown(courses),
        "year": drawing.year(courses),
        "types": drawing.types_split(held),
        "risks": drawing.risks_split(held),
        "returns": drawing.returns(held),
    }
    return told | {"charts": drawn}


def whole(investment_id: uuid.UUID) -> dict[str, Any]:
    """An investment with everything of it that the one who asks may see."""
    line = portfolio.line_of(investment_id)
    course = history.courses([line.investment.id]).get(line.investment.id)
    own = portfolio.own_parts(g.member.id, [line.investment])
    drawn = drawing.of_one(course) if course else None
    reversal = queries.reversal_of("investment", line.investment.id)
    told = {"line": line, "own": own[0] if own else None, "charts": drawn, "undone": reversal}
    return told | _history(line) | (_for_officers(line) if may("money.see") else {"found": None})


def _history(line: Line) -> dict[str, Any]:
    found = line.investment.id
    sales, values, income = history.sales_of(found), history.valuations_of(found), history.income_of(found)
    gone = {
        *history.reversed_among("investment_sale", [row.id for row in sales]),
        *history.reversed_among("valuation", [row.id for row in values]),
        *history.reversed_among("investment_income", [row.id for row in income]),
    }
    told = {"sales": sales, "values": values, "income": income, "gone": gone}
    story: list[tuple[date, uuid.UUID, str, Any]] = [
        *((row.sold_on, row.id, "investment_sale", row) for row in sales),
        *((row.valued_on, row.id, "valuation", row) for row in values),
        *((row.received_on, row.id, "investment_income", row) for row in income),
    ]
    return told | {"story": sorted(story, key=lambda one: one[:2], reverse=True)}


def _for_officers(line: Line) -> dict[str, Any]:
    row = line.investment
    found = portfolio.holders_page(row.id, at=keyset.asked(str, uuid.UUID))
    undone = queries.reversal_of("investment", row.id)
    return {
        "found": found,
        "pages": found.urls("holdings.investment", investment_id=row.id),
        "group_part": next((one for one in queries.holders([row.id]) if one.member_id is None), None),
        "account": records.account_number(row),
        "notes": records.notes(row),
        "evidence": {value.id: records.evidence(value) for value in history.valuations_of(row.id)},
        "reason": records.reason_of(undone) if undone else None,
        "entry": records.entry_of(row),
        "people": names([row.recorded_by]),
    }


def sale_parts(row: InvestmentSale) -> list[tuple[uuid.UUID | None, Decimal, Decimal, Decimal]]:
    """(holder, units, cost, gain in realised growth) of a sale, in the order in which it was split."""
    grown = _growth(row)
    return [
        (holder, -units, -cost, grown.get(holder, ZERO) if holder else ZERO)
        for holder, units, cost in queries.lines_of("investment_sale", row.id)
    ]


def _growth(row: InvestmentSale) -> dict[uuid.UUID, Decimal]:
    rows = session().execute(
        sa.select(Account.owner_id, -Posting.amount)
        .join(Posting, Posting.account_id == Account.id)
        .where(Posting.entry_id == row.entry_id, Account.kind == "realised_growth")
    )
    return {owner: amount for owner, amount in rows if owner is not None}


def sale_page(row: InvestmentSale) -> dict[str, Any]:
    """A sale: of officers each holder's part, of a member the own one."""
    parts = every = sale_parts(row)
    if not may("money.see"):
        parts = [part for part in parts if part[0] == g.member.id]
    grown = sum((growth for _who, _units, _cost, growth in every), ZERO)
    undone = queries.reversal_of("investment_sale", row.id)
    return {
        "row": row,
        "investment": queries.investment(row.investment_id),
        "parts": parts,
        "kept": row.proceeds - row.cost - grown if row.gains == Gains.MEMBERS else ZERO,
        "people": names([part[0] for part in parts]),
        "undone": undone,
        "reason": records.reason_of(undone) if undone and may("money.see") else None,
        "notes": records.sale_notes(row) if may("money.see") else None,
        "entry": records.entry_of(row),
    }


def own_holdings(member_id: uuid.UUID) -> dict[str, Any]:
    """What a member holds, with what it cost, what it was last worth, and what was realised before."""
    cost, current, valued_on = portfolio.worth_of(member_id)
    found = portfolio.own_page(member_id, at=keyset.asked(date, uuid.UUID))
    return {
        "member": member_with(member_id),
        "found": found,
        "pages": found.urls("holdings.member", member_id=member_id),
        "cost": cost,
        "current": current,
        "valued_on": valued_on,
        "growth": natural_balance(chart.Account("realised_growth", member_id)),
    }


def portfolio_csv() -> Response:
    """Every investment of which something is held, as a table for a spreadsheet."""
    head = [_("Name"), _("Type"), _("Risk"), _("Day"), _("Units"), _("Cost"), _("Worth"), _("Valued on"), _("Return %")]
    rows: list[list[Cell]] = [
        [
            line.investment.name,
            TYPES[InvestmentType(line.investment.type)],
            RISKS[Risk(line.investment.risk)],
            line.investment.invested_on,
            line.worth.units,
            line.worth.cost,
            line.worth.current,
            line.worth.valued_on,
            line.roi,
        ]
        for line in portfolio.held_lines()
    ]
    return _csv("investments", head, rows)


def holders_csv(investment_id: uuid.UUID) -> Response:
    """Every member who holds an investment, as a table for a spreadsheet."""
    line = portfolio.line_of(investment_id)
    found, told = line.worth, portfolio.holders_page(investment_id, size=NEVER)
    head = [_("Number"), _("Member"), _("Units"), _("Cost"), _("Worth")]
    rows: list[list[Cell]] = [
        [one.identifier, one.name, one.holding.units, one.holding.cost, part_worth(one.holding, found)]
        for one in told.rows
    ]
    return _csv("holders", head, rows)


def _csv(name: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    response = make_response(csv_bytes(head, rows))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
