"""Endpoints of figures of dues: arrears by age, what was collected, budgets against what was spent."""

import uuid

from flask import Response, g
from pydantic import Field

from app.dues import figure_page, figuring
from app.dues.blueprint import api
from app.dues.budgeting import set_budget
from app.groups.access import needs
from app.ledgers.heads import today
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed, whole
from app.web.api.shapes import AmountOrNothing, Balance, Shape, Short


class ArrearsOut(Shape):
    """What a party owes in dues by age in days past due, and its credit."""

    party: uuid.UUID
    code: str
    name: str
    charges: int
    current: AmountOrNothing
    days_30: AmountOrNothing
    days_60: AmountOrNothing
    days_90: AmountOrNothing
    older: AmountOrNothing
    total: AmountOrNothing
    credit: AmountOrNothing


class YearQuery(Shape):
    """A year, this one where none is told."""

    year: int | None = Field(default=None, ge=1900, le=2200)


class CollectedOut(Shape):
    """What was levied for a month and what of it was paid, without penalties; `rate` in per cent."""

    month: Short
    levied: AmountOrNothing
    paid: AmountOrNothing
    paid_in_time: AmountOrNothing
    written_off: AmountOrNothing
    open: AmountOrNothing
    rate: Balance | None


class BudgetOut(Shape):
    """An account of expenses in a year: budgeted, of that up to this month, spent, left, levied for it and paid."""

    account: uuid.UUID
    code: str
    name: str
    budget: AmountOrNothing
    budget_so_far: AmountOrNothing
    spent: Balance
    left: Balance
    levied: AmountOrNothing
    paid: AmountOrNothing


class BudgetIn(Shape):
    """What is budgeted for an account in a year; nought takes it away."""

    account: uuid.UUID
    year: int = Field(ge=1900, le=2200)
    amount: AmountOrNothing


@api.get("/dues-arrears", endpoint="dues_arrears")
@needs("money.see")
@endpoint("Arrears of dues by age", covers="dues.arrears", paged=True)
def arrears() -> Listing[ArrearsOut]:
    """The parties that owe something, by code."""
    return listed(figuring.arrears_page(at=keyset.asked(str, uuid.UUID)), _arrears)


@api.get("/dues-arrears.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="dues.arrears_csv", media="text/csv")
def arrears_csv() -> Response:
    """All of it."""
    return figure_page.arrears_file()


@api.get("/dues-collection")
@needs("money.see")
@endpoint("What was collected of dues", covers="dues.collection")
def collection(query: YearQuery) -> Listing[CollectedOut]:
    """The twelve months of a year, by the first day of each run's period."""
    return whole(figuring.collection_of(query.year or today().year), _collected)


@api.get("/dues-budgets", endpoint="dues_budgets")
@needs("money.see")
@endpoint("Budgets against what was spent", covers="dues.budgets")
def budgets(query: YearQuery) -> Listing[BudgetOut]:
    """Of a year, by account."""
    return whole(figuring.budgets_of(query.year or today().year), _budget)


@api.put("/dues-budgets")
@needs("settings.manage")
@endpoint("Set a budget", covers=("dues.budget_new", "dues.budget_set"))
def budget_set(body: BudgetIn) -> Listing[BudgetOut]:
    """In place of what was said before; the year's budgets are answered."""
    set_budget(year=body.year, account_id=body.account, amount=body.amount, by=g.member.id)
    return whole(figuring.budgets_of(body.year), _budget)


def _arrears(row: figuring.Owing) -> ArrearsOut:
    who = {"party": row.party.id, "code": row.party.code, "name": row.party.name, "charges": row.charges}
    return ArrearsOut.model_validate(who | dict(row.ages) | {"total": row.total, "credit": row.credit})


def _collected(row: figuring.Collected) -> CollectedOut:
    told = {"levied": row.levied, "paid": row.paid, "paid_in_time": row.in_time, "written_off": row.written_off}
    return CollectedOut.model_validate(told | {"month": str(row.month), "open": row.open, "rate": row.rate})


def _budget(row: figuring.BudgetLine) -> BudgetOut:
    names = ("budget", "spent", "left", "levied", "paid")
    told = {name: getattr(row, name) for name in names}
    who = {"account": row.account.id, "code": row.account.code, "name": row.account.name}
    return BudgetOut.model_validate(told | who | {"budget_so_far": row.so_far})
