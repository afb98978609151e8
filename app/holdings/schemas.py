"""Shapes of what the holdings room answers."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from app.holdings.asking_schemas import Number
from app.holdings.investing import Plan
from app.holdings.models import InvestmentIncome, InvestmentSale, Valuation
from app.holdings.portfolio import HolderLine, Line, Own
from app.holdings.queries import Worth
from app.holdings.rules import ZERO, Gains, InvestmentType, Risk, SaleKind, Status
from app.holdings.selling import SalePlan
from app.holdings.words import part_worth
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Shape


class InvestmentOut(Shape):
    """An investment: what was bought, what is held, and what it was last worth.

    `growth` and `roi` (in per cent) are of what is held, shown only; of one that ended `roi` is what its sales brought.
    """

    id: uuid.UUID
    name: str
    type: InvestmentType
    risk: Risk
    status: Status
    invested_on: Day
    amount: Amount
    unit_value: Number
    units: Number
    percentage: bool
    broker: str | None
    units_held: Number
    cost: AmountOrNothing
    worth: AmountOrNothing
    unit_worth: Number
    valued_on: Day | None
    value_due_since: Day | None
    growth: Balance
    roi: Number | None
    proceeds: AmountOrNothing
    income: AmountOrNothing


class ValuationOut(Shape):
    """What that many units were worth on a day. The evidence is for those who see every member's money."""

    id: uuid.UUID
    valued_on: Day
    units: Number
    value: AmountOrNothing
    evidence: str | None
    reversed: bool


class SaleOut(Shape):
    """Units that ended, what they had cost and what came in."""

    id: uuid.UUID
    investment_id: uuid.UUID
    kind: SaleKind
    sold_on: Day
    units: Number
    cost: AmountOrNothing
    proceeds: AmountOrNothing
    gain: Balance
    gains: Gains
    reversed: bool


class IncomeOut(Shape):
    """What an investment brought in."""

    id: uuid.UUID
    received_on: Day
    amount: Amount
    reversed: bool


class OwnPartOut(Shape):
    """A member's part of an investment."""

    units: Number
    cost: AmountOrNothing
    worth: AmountOrNothing
    growth: Balance


class InvestmentWholeOut(InvestmentOut):
    """An investment with its values, sales and income, and the part of whoever asks.

    Account, notes and the number of its entry are for those who see every member's money.
    """

    account: str | None
    notes: str | None
    entry: int | None
    own_part: OwnPartOut | None
    valuations: list[ValuationOut]
    sales: list[SaleOut]
    incomes: list[IncomeOut]


class HolderOut(Shape):
    """A member who holds a part of an investment."""

    member_id: uuid.UUID
    identifier: str
    member: str
    units: Number
    cost: AmountOrNothing
    worth: AmountOrNothing


class HoldingOut(OwnPartOut):
    """An investment of which a member holds a part."""

    investment_id: uuid.UUID
    investment: str
    invested_on: Day
    status: Status


class SalePartOut(Shape):
    """What a holder gave up in a sale and got; `member_id` is null for the group itself."""

    member_id: uuid.UUID | None
    units: Number
    cost: AmountOrNothing
    growth: Balance


class SaleWholeOut(SaleOut):
    """A sale with the parts that whoever asks may see."""

    notes: str | None
    entry: int | None
    parts: list[SalePartOut]


class PortionOut(Shape):
    """What an investment would take of a member's savings and give."""

    member_id: uuid.UUID
    eligible: Amount
    amount: Amount
    units: Number
    left: AmountOrNothing


class InvestmentPreviewOut(Shape):
    """What an investment would do; nothing is recorded."""

    amount: Amount
    units: Number
    unit_value: Number
    eligible: Amount
    portions: list[PortionOut]


class SalePreviewPartOut(Shape):
    """What a holder would give up and get; the gain goes to `goes_to`. `member_id` is null for the group itself."""

    member_id: uuid.UUID | None
    units: Number
    cost: AmountOrNothing
    gain: Balance
    goes_to: Literal["realised_growth", "treasury", "surplus"]


class SalePreviewOut(Shape):
    """What a sale would do; nothing is recorded."""

    units: Number
    left: Number
    cost: AmountOrNothing
    proceeds: AmountOrNothing
    gain: Balance
    parts: list[SalePreviewPartOut]


def investment_out(line: Line) -> InvestmentOut:
    """An investment in a list, as it is told."""
    return InvestmentOut.model_validate(_line(line))


def _line(line: Line) -> dict[str, Any]:
    row, names = line.investment, ("id", "name", "invested_on", "amount", "unit_value", "units", "percentage", "broker")
    return {name: getattr(row, name) for name in names} | {
        "type": InvestmentType(row.type),
        "risk": Risk(row.risk),
        "status": line.status,
        "units_held": line.worth.units,
        "cost": line.worth.cost,
        "worth": line.worth.current if line.worth.units else ZERO,
        "unit_worth": line.worth.unit_price,
        "valued_on": line.worth.valued_on,
        "value_due_since": line.due_since,
        "growth": line.growth if line.worth.units else ZERO,
        "roi": line.roi,
        "proceeds": line.proceeds,
        "income": line.income,
    }


def investment_whole_out(told: Mapping[str, Any]) -> InvestmentWholeOut:
    """What the page of an investment shows, as it is told."""
    own, gone, evidence, entry = told["own"], told["gone"], told.get("evidence", {}), told.get("entry")
    more = {
        "account": told.get("account"),
        "notes": told.get("notes"),
        "entry": entry.number if entry else None,
        "own_part": _own(own) if own else None,
        "valuations": [_valuation(row, evidence.get(row.id), row.id in gone) for row in told["values"]],
        "sales": [_sale(row, row.id in gone) for row in told["sales"]],
        "incomes": [_income(row, row.id in gone) for row in told["income"]],
    }
    return InvestmentWholeOut.model_validate(_line(told["line"]) | more)


def _own(own: Own) -> OwnPartOut:
    return OwnPartOut(units=own.holding.units, cost=own.holding.cost, worth=own.worth, growth=own.growth)


def _valuation(row: Valuation, evidence: str | None, gone: bool) -> ValuationOut:  # noqa: FBT001  # a row
    told = {name: getattr(row, name) for name in ("id", "valued_on", "units", "value")}
    return ValuationOut.model_validate(told | {"evidence": evidence, "reversed": gone})


def _sale_told(row: InvestmentSale, gone: bool) -> dict[str, Any]:  # noqa: FBT001  # a row
    names = ("id", "investment_id", "sold_on", "units", "cost", "proceeds")
    told = {name: getattr(row, name) for name in names}
    kinds = {"kind": SaleKind(row.kind), "gains": Gains(row.gains)}
    return told | kinds | {"gain": row.proceeds - row.cost, "reversed": gone}


def _sale(row: InvestmentSale, gone: bool) -> SaleOut:  # noqa: FBT001  # a row
    return SaleOut.model_validate(_sale_told(row, gone))


def _income(row: InvestmentIncome, gone: bool) -> IncomeOut:  # noqa: FBT001  # a row
    return IncomeOut(id=row.id, received_on=row.received_on, amount=row.amount, reversed=gone)


def sale_whole_out(told: Mapping[str, Any]) -> SaleWholeOut:
    """What the page of a sale shows, as it is told."""
    parts = [
        SalePartOut(member_id=holder, units=units, cost=cost, growth=growth)
        for holder, units, cost, growth in told["parts"]
    ]
    entry = told["entry"]
    more = {"notes": told["notes"], "entry": entry.number if entry else None, "parts": parts}
    return SaleWholeOut.model_validate(_sale_told(told["row"], told["undone"] is not None) | more)


def holder_out(line: HolderLine, found: Worth) -> HolderOut:
    """A holder of an investment that stands as `found`, as it is told."""
    held = line.holding
    who = {"member_id": held.member_id, "identifier": line.identifier, "member": line.name}
    told = {"units": held.units, "cost": held.cost, "worth": part_worth(held, found)}
    return HolderOut.model_validate(who | told)


def holding_out(own: Own) -> HoldingOut:
    """A member's part of an investment, as it is told."""
    row = own.line.investment
    about = {"investment_id": row.id, "investment": row.name, "invested_on": row.invested_on, "status": own.line.status}
    return HoldingOut.model_validate(dict(_own(own)) | about)


def investment_preview_out(plan: Plan) -> InvestmentPreviewOut:
    """What an investment would do, as it is told."""
    portions = [
        PortionOut(member_id=who, eligible=plan.eligible[who], amount=part.cost, units=part.units, left=plan.left(who))
        for who, part in plan.portions.items()
    ]
    size = {"amount": plan.size.amount, "units": plan.size.units, "unit_value": plan.size.unit_value}
    return InvestmentPreviewOut.model_validate(size | {"eligible": plan.eligible_total, "portions": portions})


def sale_preview_out(plan: SalePlan) -> SalePreviewOut:
    """What a sale would do, as it is told."""
    parts = [
        SalePreviewPartOut.model_validate(
            {"member_id": who, "units": part.units, "cost": part.cost, "gain": part.gain, "goes_to": _to(plan, who)}
        )
        for who, part in plan.parts.items()
    ]
    sums: dict[str, Decimal] = {"units": plan.units, "left": plan.left, "cost": plan.cost, "gain": plan.gain}
    return SalePreviewOut.model_validate({**sums, "proceeds": plan.proceeds, "parts": parts})


def _to(plan: SalePlan, who: uuid.UUID | None) -> str:
    goes = plan.goes_to(who)
    return goes.kind if goes else "surplus"
