"""Endpoints of clients' payments and of what they owe."""

import uuid
from datetime import date

from flask import Response, g

from app.core.errors import DomainError
from app.credits.schemas import ForeseenOut, OverdraftUndoIn, foreseen_out
from app.groups.access import needs
from app.ledgers.cash import open_cash_account
from app.ledgers.undoing import day_of_undoing
from app.receipts import outstanding, payments_asking, payments_exporting, payments_page, payments_queries
from app.receipts.blueprint import api
from app.receipts.paying import Arrived
from app.receipts.payments_schemas import (
    ClientPaymentIn,
    ClientPaymentOut,
    ClientPaymentWholeOut,
    OpenReceiptOut,
    OwingOut,
    open_out,
    owing_out,
    payment_out,
    payment_whole_out,
)
from app.registry.errors import NoSuchParty
from app.registry.queries import named
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed, whole
from app.web.api.once import deed_key


@api.get("/client-payments", endpoint="client_payments")
@needs("money.see")
@endpoint("Payments of clients", covers="receipts.payments", paged=True)
def payments_list() -> Listing[ClientPaymentOut]:
    """The latest first, those that were reversed among them."""
    return listed(payments_queries.payments_page(at=keyset.asked(date, uuid.UUID)), payment_out)


@api.get("/client-payments.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="receipts.payments_csv", media="text/csv")
def payments_csv() -> Response:
    """Every one of them."""
    return payments_exporting.payments_file()


@api.post("/client-payments")
@needs("money.record")
@endpoint("Take a client's payment", covers=("receipts.payment_new", "receipts.payment_create"), status=201)
def payment_create(body: ClientPaymentIn) -> ClientPaymentWholeOut | Waiting:
    """It pays the oldest month first; the rest is credit. Above the group's threshold it waits for a second person."""
    try:
        outcome = payments_asking.ask_pay(_arrived(body), by=g.member.id, overdraft=body.overdraft)
    except DomainError as error:
        error.field = error.field or ("client" if isinstance(error, NoSuchParty) else None)
        raise
    made = payments_queries.payment_under(deed_key())
    if outcome.waits or made is None:
        return Waiting(outcome.request_id)
    return payment_whole_out(payments_queries.payment_view(made.id))


@api.post("/client-payments/preview")
@needs("money.record")
@endpoint("What a client's payment would pay", covers="receipts.payment_preview")
def payment_preview(body: ClientPaymentIn) -> ForeseenOut:
    """In sentences; nothing is recorded."""
    account = open_cash_account(body.cash_account, field="cash_account")
    return foreseen_out(payments_page.foresee(_arrived(body), account))


def _arrived(body: ClientPaymentIn) -> Arrived:
    told = body.model_dump(include={"method", "reference", "on"})
    return Arrived(named(body.client).id, body.amount, cash_account_id=body.cash_account, key=deed_key(), **told)


@api.get("/client-payments/<uuid:payment_id>")
@needs("group.see")
@endpoint("A payment of a client", covers="receipts.payment")
def payment(payment_id: uuid.UUID) -> ClientPaymentWholeOut:
    """With what it paid. Of others only with the right money.see."""
    return payment_whole_out(payments_page.visible(payment_id))


@api.post("/client-payments/<uuid:payment_id>/reversal")
@needs("money.record")
@endpoint("Take a client's payment back", covers=("receipts.payment_reversal", "receipts.payment_reverse"))
def payment_reverse(payment_id: uuid.UUID, body: OverdraftUndoIn) -> ClientPaymentWholeOut | Waiting:
    """What it paid is owed again. Above the group's threshold it waits for a second person."""
    view = payments_queries.payment_view(payment_id)
    on = day_of_undoing([view.entry], on_its_day=body.when == "original")
    told = {"reason": body.reason, "on": on, "by": g.member.id, "key": deed_key(), "overdraft": body.overdraft}
    outcome = payments_asking.ask_reversal(payment_id, **told)
    if outcome.waits:
        return Waiting(outcome.request_id)
    return payment_whole_out(payments_queries.payment_view(payment_id))


@api.get("/rent-outstanding", endpoint="rent_outstanding")
@needs("money.see")
@endpoint("What clients owe, by age", covers="receipts.outstanding", paged=True)
def outstanding_list() -> Listing[OwingOut]:
    """By the clients' codes."""
    return listed(outstanding.outstanding_page(at=keyset.asked(str, uuid.UUID)), owing_out)


@api.get("/rent-outstanding.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="receipts.outstanding_csv", media="text/csv")
def outstanding_csv() -> Response:
    """Every one of them."""
    return payments_exporting.outstanding_file()


@api.get("/parties/<uuid:party_id>/open-receipts")
@needs("group.see")
@endpoint("What a client has not paid", covers="receipts.client")
def open_receipts(party_id: uuid.UUID) -> Listing[OpenReceiptOut]:
    """The oldest month first. Of others only with the right money.see."""
    payments_page.own_or_may_see(party_id, NoSuchParty)
    return whole(payments_queries.open_receipts([named(party_id).id]), open_out)


@api.get("/parties/<uuid:party_id>/client-payments")
@needs("group.see")
@endpoint("What a client paid", covers="receipts.client", paged=True)
def payments_of_client(party_id: uuid.UUID) -> Listing[ClientPaymentOut]:
    """The latest first. Of others only with the right money.see."""
    payments_page.own_or_may_see(party_id, NoSuchParty)
    found = payments_queries.payments_page(client_id=named(party_id).id, at=keyset.asked(date, uuid.UUID))
    return listed(found, payment_out)
