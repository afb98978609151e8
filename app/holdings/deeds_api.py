"""Endpoints that record: investments, sales, values, income, states, and taking each of them back."""

import uuid

from flask import g

from app.groups.access import needs
from app.holdings import investing, keeping_page, pages, records, selling, states, valuing
from app.holdings.asking import ask_income, ask_investment, ask_reversal, ask_sale
from app.holdings.asking_schemas import IncomeIn, InvestmentIn, SaleIn, StateIn, UndoIn, ValuationIn
from app.holdings.blueprint import api
from app.holdings.records import investment_of, record_of
from app.holdings.rules import Status
from app.holdings.schemas import (
    InvestmentPreviewOut,
    InvestmentWholeOut,
    SalePreviewOut,
    SaleWholeOut,
    investment_preview_out,
    investment_whole_out,
    sale_preview_out,
    sale_whole_out,
)
from app.ledgers.undoing import day_of_undoing
from app.web.api.endpoints import Waiting, endpoint
from app.web.api.once import deed_key

UNDO = ("holdings.reversal_new", "holdings.reversal_create")


@api.post("/investments")
@needs("money.record")
@endpoint("Invest", covers=("holdings.investment_new", "holdings.investment_create"), status=201)
def investment_create(body: InvestmentIn) -> InvestmentWholeOut | Waiting:
    """Savings of those who have them become parts of it. Above the group's threshold it waits for a second person."""
    key = deed_key()
    outcome = ask_investment(body.purchase(key), by=g.member.id)
    if outcome.waits:
        return Waiting(outcome.request_id)
    return _investment(records.investment_made(key).id)


@api.post("/investments/preview")
@needs("money.record")
@endpoint("What an investment would take of each member", covers="holdings.investment_preview")
def investment_preview(body: InvestmentIn) -> InvestmentPreviewOut:
    """Nothing is recorded."""
    return investment_preview_out(investing.preview_investment(body.purchase(deed_key())))


@api.post("/investments/<uuid:investment_id>/sales")
@needs("money.record")
@endpoint("Record a sale, maturity or default", covers=("holdings.sale_new", "holdings.sale_create"), status=201)
def sale_create(investment_id: uuid.UUID, body: SaleIn) -> SaleWholeOut | Waiting:
    """Cost goes back to savings, the gain to each holder or the surplus. Above the threshold it waits."""
    key = deed_key()
    outcome = ask_sale(body.sale(investment_id, key), by=g.member.id)
    if outcome.waits:
        return Waiting(outcome.request_id)
    return sale_whole_out(pages.sale_page(records.sale_made(key)))


@api.post("/investments/<uuid:investment_id>/sales/preview")
@needs("money.record")
@endpoint("What a sale would give to each holder", covers="holdings.sale_preview")
def sale_preview(investment_id: uuid.UUID, body: SaleIn) -> SalePreviewOut:
    """Nothing is recorded."""
    return sale_preview_out(selling.preview_sale(body.sale(investment_id, deed_key())))


@api.post("/investments/<uuid:investment_id>/valuations")
@needs("money.record")
@endpoint("Record a value", covers=("holdings.value_new", "holdings.value_create"), status=201)
def valuation_create(investment_id: uuid.UUID, body: ValuationIn) -> InvestmentWholeOut:
    """It changes the growth that is shown, books nothing and leaves every part as it is."""
    valuing.revalue(body.revaluation(investment_id, deed_key()), by=g.member.id)
    return _investment(investment_id)


@api.post("/investments/<uuid:investment_id>/income")
@needs("money.record")
@endpoint("Record income", covers=("holdings.income_new", "holdings.income_create"), status=201)
def income_create(investment_id: uuid.UUID, body: IncomeIn) -> InvestmentWholeOut | Waiting:
    """A dividend, coupon or interest; it is the surplus of the group. Above the threshold it waits."""
    outcome = ask_income(body.income(investment_id, deed_key()), by=g.member.id)
    return Waiting(outcome.request_id) if outcome.waits else _investment(investment_id)


@api.post("/investments/<uuid:investment_id>/state")
@needs("money.record")
@endpoint("Suspend it, or make it active again", covers=("holdings.suspension_new", "holdings.suspension_create"))
def state_change(investment_id: uuid.UUID, body: StateIn) -> InvestmentWholeOut:
    """While it is suspended it is neither sold nor converted, and no value of it is asked for."""
    states.set_state(investment_id, Status(body.state), reason=body.reason, by=g.member.id)
    return _investment(investment_id)


@api.post("/investments/<uuid:investment_id>/reversal")
@needs("money.record")
@endpoint("Take an investment back", covers=UNDO)
def investment_reverse(investment_id: uuid.UUID, body: UndoIn) -> InvestmentWholeOut | Waiting:
    """Refused with the list where something rests on it. Above the threshold it waits."""
    return _undo("investment", investment_id, body)


@api.post("/investment-sales/<uuid:sale_id>/reversal")
@needs("money.record")
@endpoint("Take a sale back", covers=UNDO)
def sale_reverse(sale_id: uuid.UUID, body: UndoIn) -> InvestmentWholeOut | Waiting:
    """Refused with the list where something rests on it. Above the threshold it waits."""
    return _undo("investment_sale", sale_id, body)


@api.post("/valuations/<uuid:valuation_id>/reversal")
@needs("money.record")
@endpoint("Take a value back", covers=UNDO)
def valuation_reverse(valuation_id: uuid.UUID, body: UndoIn) -> InvestmentWholeOut | Waiting:
    """What was known before holds again."""
    return _undo("valuation", valuation_id, body)


@api.post("/investment-income/<uuid:income_id>/reversal")
@needs("money.record")
@endpoint("Take income back", covers=UNDO)
def income_reverse(income_id: uuid.UUID, body: UndoIn) -> InvestmentWholeOut | Waiting:
    """Above the threshold it waits for a second person."""
    return _undo("investment_income", income_id, body)


def _undo(kind: str, record_id: uuid.UUID, body: UndoIn) -> InvestmentWholeOut | Waiting:
    found = record_of(kind, record_id)
    on = day_of_undoing(keeping_page.entries_of(kind, record_id), on_its_day=body.when == "original")
    told = body.model_dump(include={"reason", "overdraft"})
    outcome = ask_reversal(kind, record_id, on=on, by=g.member.id, key=deed_key(), **told)
    return Waiting(outcome.request_id) if outcome.waits else _investment(investment_of(found))


def _investment(investment_id: uuid.UUID) -> InvestmentWholeOut:
    return investment_whole_out(pages.whole(investment_id))
