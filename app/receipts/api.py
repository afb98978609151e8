"""Endpoints of receipts: the list, one of them, its paper, taking it back, logs, and owners' choices of tax."""

import uuid

from flask import Response, g

from app.core.periods import Month
from app.groups.access import needs
from app.ledgers.undoing import day_of_undoing
from app.receipts import queries, receipt_page, tax_options
from app.receipts.asking import ask_reversal
from app.receipts.blueprint import api
from app.receipts.queries import Wanted
from app.receipts.schemas import (
    LoggedOut,
    ReceiptOut,
    ReceiptReversalIn,
    ReceiptsQuery,
    ReceiptWholeOut,
    TaxChoiceIn,
    TaxChoiceOut,
    choice_out,
    logged_out,
    receipt_out,
    receipt_whole_out,
)
from app.registry.picking import party_typed
from app.registry.queries import named, unit_row
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


@api.get("/receipts", endpoint="receipts")
@needs("money.see")
@endpoint("Receipts of rent", covers="receipts.receipts", paged=True)
def receipts_list(query: ReceiptsQuery) -> Listing[ReceiptOut]:
    """By number, the latest first, those that were reversed among them."""
    return listed(queries.receipts_page(query.wanted(), at=keyset.asked(int, int)), receipt_out)


@api.get("/receipts.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="receipts.receipts_csv", media="text/csv")
def receipts_csv(query: ReceiptsQuery) -> Response:
    """In the order of their numbers."""
    return receipt_page.table_of(query.wanted(), "csv")


@api.get("/receipts.xlsx")
@needs("money.see")
@endpoint("The same as a workbook", covers="receipts.receipts_xlsx", media=receipt_page.XLSX)
def receipts_xlsx(query: ReceiptsQuery) -> Response:
    """In the order of their numbers."""
    return receipt_page.table_of(query.wanted(), "xlsx")


@api.get("/receipts/<uuid:receipt_id>")
@needs("group.see")
@endpoint("A receipt of rent", covers="receipts.receipt")
def receipt(receipt_id: uuid.UUID) -> ReceiptWholeOut:
    """With what was paid on it. Of others only with the right money.see."""
    return receipt_whole_out(receipt_page.visible(receipt_id))


@api.get("/receipts/<uuid:receipt_id>.pdf")
@needs("group.see")
@endpoint("A receipt of rent on paper", covers="receipts.receipt_pdf", media="application/pdf")
def receipt_pdf(receipt_id: uuid.UUID) -> Response:
    """With a code by which anyone may check it; of a reversed one with the receipt that reverses it."""
    return receipt_page.paper(receipt_page.visible(receipt_id))


@api.post("/receipts/<uuid:receipt_id>/reversal")
@needs("money.record")
@endpoint("Reverse a receipt of rent", covers=("receipts.reversal", "receipts.reverse"))
def receipt_reverse(receipt_id: uuid.UUID, body: ReceiptReversalIn) -> ReceiptWholeOut | Waiting:
    """With its tax; what was paid becomes the client's credit. Above the group's threshold it waits for approval."""
    view = queries.receipt_view(receipt_id)
    on = day_of_undoing([view.entry], on_its_day=body.when == "original")
    told = {"reason": body.reason, "replaced": body.replaced, "by": g.member.id, "key": deed_key()}
    outcome = ask_reversal(receipt_id, on=on, **told)
    return Waiting(outcome.request_id) if outcome.waits else receipt_whole_out(queries.receipt_view(receipt_id))


@api.get("/units/<uuid:unit_id>/receipt-log")
@needs("money.see")
@endpoint("Every receipt number given out for a unit", covers="receipts.unit_log", paged=True)
def unit_log(unit_id: uuid.UUID) -> Listing[LoggedOut]:
    """Receipts and their reversals, the latest first."""
    found = queries.log_page(Wanted(unit_id=unit_row(unit_id).id), at=keyset.asked(int, int))
    return listed(found, logged_out)


@api.get("/parties/<uuid:owner_id>/receipt-log")
@needs("money.see")
@endpoint("Every receipt number given out for an owner", covers="receipts.owner_log", paged=True)
def owner_log(owner_id: uuid.UUID) -> Listing[LoggedOut]:
    """Receipts and their reversals, the latest first."""
    found = queries.log_page(Wanted(owner_id=named(owner_id).id), at=keyset.asked(int, int))
    return listed(found, logged_out)


@api.get("/tax-choices", endpoint="tax_choices")
@needs("money.see")
@endpoint("What owners chose of tax", covers="receipts.tax_choices", paged=True)
def tax_choices_list() -> Listing[TaxChoiceOut]:
    """Recorded last first."""
    return listed(tax_options.options_page(at=keyset.asked(uuid.UUID)), choice_out)


@api.post("/tax-choices")
@needs("money.record")
@endpoint(
    "Record what an owner chose of tax",
    covers=("receipts.tax_choice_new", "receipts.tax_choice_create"),
    status=201,
)
def tax_choice_create(body: TaxChoiceIn) -> TaxChoiceOut:
    """For the rents of one payer from a month on; receipts that were issued before stay as they are."""
    owner, client = party_typed(body.owner, field="owner"), party_typed(body.client, field="client")
    first = Month.parse(body.starts_on).first
    told = {"owner_id": owner.id, "client_id": client.id, "by": g.member.id}
    row = tax_options.choose(starts_on=first, final=body.final, **told)
    return choice_out(tax_options.choice_of(row))
