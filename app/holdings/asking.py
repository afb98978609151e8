"""What moves money here: done at once, or asked of a second person above the threshold and described to them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.core.rooms import Approvable
from app.groups.queries import names
from app.holdings import earning, investing, queries, reversing, selling
from app.holdings.earning import Income
from app.holdings.investing import Purchase
from app.holdings.models import Investment, InvestmentIncome, InvestmentSale, Valuation
from app.holdings.records import PAGES, Record, entry_of, investment_of, record_of
from app.holdings.rules import RISKS, SALES, TYPES, Gains, InvestmentType, Risk, SaleKind
from app.holdings.selling import Sale, SalePlan
from app.holdings.words import units
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account
from app.ledgers.chart import Account
from app.web.filters import day, money
from app.web.plot import tag

Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]
Told = TypeVar("Told", Purchase, Sale, Income)
_IDS = frozenset({"investment_id", "cash_account_id"})
_NUMBERS = frozenset({"amount", "units", "unit_value", "proceeds"})
ZERO = Decimal(0)
MOST_HOLDERS = 200  # of more of them who decides reads the list of the investment


def ask_investment(told: Purchase, *, by: uuid.UUID) -> Outcome:
    """Invest, or ask for it. Raises as `record_investment` does."""
    known = _known(Investment, told.key)
    amount = known.amount if known else investing.preview_investment(told).size.amount
    return approvals.ask_or_do("holdings.investment", asdict(told), amount=amount, on=told.on, by=by, key=told.key)


def ask_sale(told: Sale, *, by: uuid.UUID) -> Outcome:
    """Sell, or ask for it: by what comes in or, where that is more, by what it cost. Raises as `sell` does.

    Who asks for all of it asks for the units there are now: fewer are not sold later for the same money.
    """
    known = _known(InvestmentSale, told.key)
    plan = known or selling.preview_sale(told)
    amount = max(plan.cost, plan.proceeds)
    found: dict[str, Any] = {"units": plan.units} if told.units is None else {}
    found |= {"cost": plan.cost, "gains": plan.gains, "parts": [] if known else _parts(plan)}
    asked: dict[str, Any] = {"amount": amount, "on": told.on, "by": by, "key": told.key}
    return approvals.ask_or_do(f"holdings.{told.kind}", asdict(told), **asked, found=found)


def _parts(plan: SalePlan) -> list[list[Any]]:
    """Of each of the first holders: what is gained on their units, below zero lost, and whether the treasury has it."""
    first = [*plan.parts.items()][:MOST_HOLDERS]
    return [[who, part.gain, plan.goes_to(who) == Account("treasury")] for who, part in first]


def ask_income(told: Income, *, by: uuid.UUID) -> Outcome:
    """Record income, or ask for it. Raises as `record_income` does."""
    if _known(InvestmentIncome, told.key) is None:
        earning.check_income(told)
    return approvals.ask_or_do("holdings.income", asdict(told), amount=told.amount, on=told.on, by=by, key=told.key)


def ask_reversal(
    kind: str, record_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str, overdraft: bool = False
) -> Outcome:
    """Undo a record, or ask for it: by what recording it asked for. Raises as `reverse_record` does."""
    found = reversing.refuse_undoing(kind, record_id)
    told = {"kind": kind, "record_id": record_id, "reason": reason, "on": on, "overdraft": overdraft}
    return approvals.ask_or_do("holdings.reversal", told, amount=_moved(found), on=on, by=by, key=key)


def _moved(found: Record) -> Decimal:
    if isinstance(found, Valuation):
        return ZERO  # it books nothing
    return max(found.cost, found.proceeds) if isinstance(found, InvestmentSale) else found.amount


def _known(
    table: type[Investment] | type[InvestmentSale] | type[InvestmentIncome], key: str
) -> Any:  # a row of that table
    return session().scalar(sa.select(table).where(table.idempotency_key == key))


def _read(kind: type[Told], payload: Payload) -> Told:
    """What was asked, out of its JSON."""
    values = {item.name: payload[item.name] for item in fields(kind) if payload.get(item.name) is not None}
    for name in values.keys() & _IDS:
        values[name] = uuid.UUID(values[name])
    for name in values.keys() & _NUMBERS:
        values[name] = Decimal(values[name])
    return kind(**values | {"on": date.fromisoformat(payload["on"])})


def _invest(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    return PAGES["investment"](investing.record_investment(_read(Purchase, payload), by=by).id)


def _sell(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    return PAGES["investment_sale"](selling.sell(_read(Sale, payload), by=by).id)


def _earn(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    earned = earning.record_income(_read(Income, payload), by=by)
    return url_for("holdings.investment", investment_id=earned.investment_id)


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    kind, record_id = payload["kind"], uuid.UUID(payload["record_id"])
    told = {"reason": payload["reason"], "on": date.fromisoformat(payload["on"]), "by": by}
    reversing.reverse_record(kind, record_id, overdraft=bool(payload.get("overdraft")), **told)
    return PAGES[kind](record_id)


def _describe_investment(payload: Payload) -> Rows:
    told = _read(Purchase, payload)
    size = investing.size(told)
    return [
        (_("Investment"), told.name),
        (_("Type"), TYPES[InvestmentType(told.type)]),
        (_("Risk"), RISKS[Risk(told.risk)]),
        (_("Amount"), money(size.amount)),
        (_("Units"), units(size.units)),
        (_("Paid out of"), cash_account(told.cash_account_id).name),
        (_("Day"), day(told.on)),
        *([(_("Notes"), told.notes)] if told.notes else []),
    ]


class _Linked(str):
    """A name that leads to a page where it is shown on one; to programs it is the name."""

    __slots__ = ("url",)
    url: str

    def __html__(self) -> str:
        return str(tag("a", str(self), href=self.url))


def _linked(row: Investment) -> str:
    name = _Linked(row.name)
    name.url = PAGES["investment"](row.id)
    return name


def _describe_sale(payload: Payload) -> Rows:
    told = _read(Sale, payload)
    rows: list[tuple[Any, Any]] = [
        (SALES[SaleKind(told.kind)], _linked(queries.investment(told.investment_id))),
        (_("Units"), units(told.units) if told.units else _("All of them")),
    ]
    if told.kind != SaleKind.DEFAULT:
        rows.append((_("Comes in"), money(told.proceeds)))
    if told.cash_account_id:
        rows.append((_("Received in"), cash_account(told.cash_account_id).name))
    rows += [(_("Day"), day(told.on)), *([(_("Notes"), told.notes)] if told.notes else [])]
    return [*rows, *_gained(told, payload)]


def _gained(told: Sale, payload: Payload) -> Rows:
    """What is gained or lost: in all, and by each holder where it is theirs, as it was when it was asked."""
    if payload.get("cost") is None:  # it was asked before this was kept
        return []
    gain = told.proceeds - Decimal(payload["cost"])
    if not gain:
        return []
    rows: list[tuple[Any, Any]] = [(_("Gained") if gain > 0 else _("Lost"), money(abs(gain)))]
    if payload["gains"] == Gains.SURPLUS:
        return [*rows, (_("Whose it is"), _("The surplus of the group"))]
    parts = [(uuid.UUID(who) if who else None, Decimal(part), aside) for who, part, aside in payload["parts"]]
    people = names([who for who, _part, _aside in parts])
    return [*rows, *((people.get(who, "?") if who else _("The group"), _own(*part)) for who, *part in parts)]


def _own(gain: Decimal, aside: bool) -> str:  # noqa: FBT001  # a column of a row
    said = gettext("loses %(loss)s", loss=money(-gain)) if gain < 0 else gettext("gains %(gain)s", gain=money(gain))
    return str(gettext("%(said)s, of the treasury", said=said) if aside else said)


def _describe_income(payload: Payload) -> Rows:
    told = _read(Income, payload)
    return [
        (_("Income of"), queries.investment(told.investment_id).name),
        (_("Amount"), money(told.amount)),
        (_("Received in"), cash_account(told.cash_account_id).name),
        (_("Day"), day(told.on)),
    ]


WORDS = {
    "investment": _("Investment"),
    "investment_sale": _("Sale"),
    "valuation": _("Valuation"),
    "investment_income": _("Income"),
}


def _describe_reversal(payload: Payload) -> Rows:
    found = record_of(payload["kind"], uuid.UUID(payload["record_id"]))
    entry = entry_of(found)
    undone = gettext("Entry %(number)s of %(day)s", number=entry.number, day=day(entry.effective_on)) if entry else "–"
    return [
        (WORDS[payload["kind"]], queries.investment(investment_of(found)).name),
        (_("Undone"), undone),
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]


APPROVABLES = {
    "holdings.investment": Approvable(_("Investment"), _invest, _describe_investment),
    "holdings.sale": Approvable(_("Sale of an investment"), _sell, _describe_sale),
    "holdings.maturity": Approvable(_("Maturity of an investment"), _sell, _describe_sale),
    "holdings.default": Approvable(_("Default of an investment"), _sell, _describe_sale),
    "holdings.income": Approvable(_("Income of an investment"), _earn, _describe_income),
    "holdings.reversal": Approvable(_("Reversal of an investment, its sale or income"), _reverse, _describe_reversal),
}
