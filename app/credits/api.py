"""Endpoints of credits and of paying them back."""

import uuid
from datetime import date

from flask import Response, g

from app.credits import queries, refund_page
from app.credits.asking import PayBack, ask_refund, ask_reversal
from app.credits.blueprint import api
from app.credits.exporting import credits_file
from app.credits.schemas import (
    CreditMovementOut,
    CreditOut,
    ForeseenOut,
    RefundIn,
    RefundOut,
    RefundWholeOut,
    UndoIn,
    credit_out,
    foreseen_out,
    movement_out,
    refund_out,
    refund_whole_out,
)
from app.groups.access import needs
from app.ledgers.cash import open_cash_account
from app.ledgers.undoing import day_of_undoing
from app.registry.errors import NoSuchParty
from app.registry.queries import named
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


@api.get("/credits", endpoint="credits")
@needs("money.see")
@endpoint("Who has something over", covers="credits.credits", paged=True)
def credits_list() -> Listing[CreditOut]:
    """By code."""
    return listed(queries.credits_page(at=keyset.asked(str, uuid.UUID)), credit_out)


@api.get("/credits.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="credits.credits_csv", media="text/csv")
def credits_csv() -> Response:
    """Every one of them."""
    return credits_file()


@api.get("/parties/<uuid:party_id>/credit-movements")
@needs("group.see")
@endpoint("What came to a credit and went from it", covers="credits.party", paged=True)
def movements(party_id: uuid.UUID) -> Listing[CreditMovementOut]:
    """The latest first. Of others only with the right money.see."""
    refund_page.own_or_may_see(party_id, NoSuchParty)
    return listed(queries.movements(named(party_id).id, at=keyset.asked(date, int)), movement_out)


@api.post("/parties/<uuid:party_id>/credit-refunds")
@needs("money.record")
@endpoint("Pay a credit back", covers=("credits.refund_new", "credits.refund_create"), status=201)
def refund_create(party_id: uuid.UUID, body: RefundIn) -> RefundWholeOut | Waiting:
    """In part or wholly. Above the group's threshold it waits for a second person."""
    told = body.model_dump(include={"method", "reference", "on"})
    asked = PayBack(named(party_id).id, body.amount, cash_account_id=body.cash_account, key=deed_key(), **told)
    outcome = ask_refund(asked, by=g.member.id, overdraft=body.overdraft)
    made = queries.refund_under(deed_key())
    if outcome.waits or made is None:
        return Waiting(outcome.request_id)
    return refund_whole_out(queries.refund_view(made.id))


@api.post("/parties/<uuid:party_id>/credit-refunds/preview")
@needs("money.record")
@endpoint("What paying a credit back would do", covers="credits.refund_preview")
def refund_preview(party_id: uuid.UUID, body: RefundIn) -> ForeseenOut:
    """In sentences; nothing is recorded."""
    account = open_cash_account(body.cash_account, field="cash_account")
    return foreseen_out(refund_page.foresee(named(party_id).id, body.amount, account=account, on=body.on))


@api.get("/credit-refunds")
@needs("money.see")
@endpoint("Credit that was paid back", covers="credits.refunds", paged=True)
def refunds() -> Listing[RefundOut]:
    """The latest first, those that were reversed among them."""
    return listed(queries.refunds_page(at=keyset.asked(date, uuid.UUID)), refund_out)


@api.get("/credit-refunds/<uuid:refund_id>")
@needs("group.see")
@endpoint("A credit that was paid back", covers="credits.refund")
def refund(refund_id: uuid.UUID) -> RefundWholeOut:
    """With its reference. Of others only with the right money.see."""
    return refund_whole_out(refund_page.visible(refund_id))


@api.post("/credit-refunds/<uuid:refund_id>/reversal")
@needs("money.record")
@endpoint("Take a repayment of credit back", covers=("credits.refund_reversal", "credits.refund_reverse"))
def refund_reverse(refund_id: uuid.UUID, body: UndoIn) -> RefundWholeOut | Waiting:
    """The credit is there again. Above the group's threshold it waits for a second person."""
    view = queries.refund_view(refund_id)
    on = day_of_undoing([view.entry], on_its_day=body.when == "original")
    outcome = ask_reversal(refund_id, reason=body.reason, on=on, by=g.member.id, key=deed_key())
    return Waiting(outcome.request_id) if outcome.waits else refund_whole_out(queries.refund_view(refund_id))
