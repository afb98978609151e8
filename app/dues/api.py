"""Endpoints of charges, payments and statements of dues."""

import uuid
from datetime import date
from typing import Any

from flask import Response, g

from app.core.periods import Month
from app.dues import charge_page, files, papers, party_page, payment_page, queries, reading
from app.dues.asking import UNDO_CHARGE, UNDO_PAYMENT, UNDO_WRITE_OFF, ask_pay, ask_write_off
from app.dues.blueprint import api
from app.dues.money_schemas import (
    ChargeOut,
    ChargesQuery,
    ChargeWholeOut,
    DaysQuery,
    DuesPaymentIn,
    DuesPaymentOut,
    DuesPaymentWholeOut,
    DuesPlanOut,
    PartyDuesOut,
    SheetOut,
    UndoIn,
    WriteOffIn,
    charge_out,
    charge_whole_out,
    payment_out,
    payment_whole_out,
    sheet_out,
)
from app.dues.paying import Money
from app.dues.queries import Wanted
from app.dues.standing import settlement_row
from app.dues.undo_page import charge_given_up, undo_by_program
from app.groups.access import needs
from app.ledgers.cash import open_cash_account
from app.ledgers.heads import today
from app.registry.queries import named
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


@api.get("/dues-charges", endpoint="dues_charges")
@needs("money.see")
@endpoint("Charges of dues", covers="dues.charges", paged=True)
def charges_list(query: ChargesQuery) -> Listing[ChargeOut]:
    """Of what is open the oldest first, of all the latest first."""
    wanted = Wanted(state=query.state, party_id=query.party, event_id=query.run, today=today())
    return listed(queries.charges_page(wanted, at=keyset.asked(date, uuid.UUID)), charge_out)


@api.get("/dues-charges.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="dues.charges_csv", media="text/csv")
def charges_csv() -> Response:
    """Every one of them, by the state in the address."""
    return files.charges_file(charge_page.wanted())


@api.get("/dues-charges/<uuid:charge_id>")
@needs("group.see")
@endpoint("A charge of dues", covers="dues.charge")
def charge(charge_id: uuid.UUID) -> ChargeWholeOut:
    """With what paid it. Of others only with the right money.see."""
    return charge_whole_out(reading.charge_view(charge_id))


@api.post("/dues-charges/<uuid:charge_id>/reversal")
@needs("money.record")
@endpoint("Take a charge back", covers=("dues.charge_reversal", "dues.charge_reverse"))
def charge_reverse(charge_id: uuid.UUID, body: UndoIn) -> ChargeWholeOut | Waiting:
    """What was paid on it becomes the payer's credit, and penalties on it go with it."""
    waits = undo_by_program(UNDO_CHARGE, charge_id, **body.model_dump(), key=deed_key())
    return waits or charge_whole_out(reading.charge_view(charge_id))


@api.post("/dues-charges/<uuid:charge_id>/write-off")
@needs("money.record")
@endpoint("Give a charge up", covers=("dues.write_off_new", "dues.write_off_create"), status=201)
def charge_write_off(charge_id: uuid.UUID, body: WriteOffIn) -> ChargeWholeOut | Waiting:
    """Wholly or in part. Above the group's threshold it waits for a second person."""
    told: dict[str, Any] = {"amount": body.amount, "reason": body.reason, "on": body.on}
    outcome = ask_write_off(charge_id, **told, by=g.member.id, key=deed_key())
    return Waiting(outcome.request_id) if outcome.waits else charge_whole_out(reading.charge_view(charge_id))


@api.post("/dues-write-offs/<uuid:settlement_id>/reversal")
@needs("money.record")
@endpoint("Ask again for what was written off", covers=("dues.write_off_reversal", "dues.write_off_reverse"))
def write_off_reverse(settlement_id: uuid.UUID, body: UndoIn) -> ChargeWholeOut | Waiting:
    """It is owed again."""
    charge_id = charge_given_up(settlement_row(settlement_id))
    waits = undo_by_program(UNDO_WRITE_OFF, settlement_id, **body.model_dump(), key=deed_key())
    return waits or charge_whole_out(reading.charge_view(charge_id))


@api.get("/dues-payments", endpoint="dues_payments")
@needs("money.see")
@endpoint("Payments of dues", covers="dues.payments", paged=True)
def payments_list() -> Listing[DuesPaymentOut]:
    """The latest first, those that were reversed among them."""
    return listed(queries.payments_page(at=keyset.asked(date, uuid.UUID)), payment_out)


@api.post("/dues-payments")
@needs("money.record")
@endpoint("Record a payment of dues", covers=("dues.payment_new", "dues.payment_create"), status=201)
def payment_create(body: DuesPaymentIn) -> DuesPaymentWholeOut | Waiting:
    """It pays what is owed by the group's rule, the rest is credit. Above the threshold a second person is asked."""
    outcome = ask_pay(_money(body), by=g.member.id, key=deed_key())
    if outcome.waits:
        return Waiting(outcome.request_id)
    return payment_whole_out(reading.payment_view(reading.payment_under(deed_key())))


@api.post("/dues-payments/preview")
@needs("money.record")
@endpoint("What a payment of dues would do", covers="dues.payment_preview")
def payment_preview(body: DuesPaymentIn) -> DuesPlanOut:
    """In sentences; nothing is recorded."""
    named(body.party)
    open_cash_account(body.cash_account, field="cash_account")
    seen = payment_page.foresee(_money(body))
    return DuesPlanOut(sentences=list(seen.sentences), refused=seen.fault)


@api.get("/dues-payments/<uuid:dues_payment_id>")
@needs("group.see")
@endpoint("A payment of dues", covers="dues.payment")
def payment(dues_payment_id: uuid.UUID) -> DuesPaymentWholeOut:
    """With what it pays. Of others only with the right money.see."""
    return payment_whole_out(reading.payment_view(dues_payment_id))


@api.post("/dues-payments/<uuid:dues_payment_id>/reversal")
@needs("money.record")
@endpoint("Take a payment of dues back", covers=("dues.payment_reversal", "dues.payment_reverse"))
def payment_reverse(dues_payment_id: uuid.UUID, body: UndoIn) -> DuesPaymentWholeOut | Waiting:
    """What it paid is owed again. Above the group's threshold it waits for a second person."""
    waits = undo_by_program(UNDO_PAYMENT, dues_payment_id, **body.model_dump(), key=deed_key())
    return waits or payment_whole_out(reading.payment_view(dues_payment_id))


@api.get("/parties/<uuid:party_id>/dues")
@needs("group.see")
@endpoint("What a party owes in dues", covers=("dues.party", "dues.mine"))
def party_dues(party_id: uuid.UUID) -> PartyDuesOut:
    """Of others only with the right money.see."""
    view = reading.party_view(party_id, at=None)
    told = {"owed": view.owed, "overdue": view.overdue, "credit": view.credit}
    return PartyDuesOut(party=party_id, code=view.party.code, name=view.party.name, **told)


@api.get("/parties/<uuid:party_id>/dues-charges")
@needs("group.see")
@endpoint("The charges of a party", covers="dues.party", paged=True)
def party_charges(party_id: uuid.UUID) -> Listing[ChargeOut]:
    """All that it was charged, the latest first. Of others only with the right money.see."""
    view = reading.party_view(party_id, at=keyset.asked(date, uuid.UUID), state="all")
    return listed(view.charges, charge_out)


@api.get("/parties/<uuid:party_id>/dues-statement")
@needs("group.see")
@endpoint("A party's statement of dues", covers="dues.statement")
def statement(party_id: uuid.UUID, query: DaysQuery) -> SheetOut:
    """Of others only with the right money.see."""
    first = query.first or Month(today().year, 1).first
    return sheet_out(party_page.sheet_between(party_id, first, query.last or today()))


@api.get("/parties/<uuid:party_id>/dues-statement.pdf")
@needs("group.see")
@endpoint("The same as a PDF", covers="dues.statement_pdf", media="application/pdf")
def statement_pdf(party_id: uuid.UUID) -> Response:
    """By first and last in the address."""
    return files.given(papers.statement_pdf(party_page.asked_for(party_id)))


@api.get("/parties/<uuid:party_id>/dues-statement.csv")
@needs("group.see")
@endpoint("The same for a spreadsheet", covers="dues.statement_csv", media="text/csv")
def statement_csv(party_id: uuid.UUID) -> Response:
    """By first and last in the address."""
    return files.given(papers.statement_csv(party_page.asked_for(party_id)))


def _money(body: DuesPaymentIn) -> Money:
    return Money(
        party_id=body.party,
        amount=body.amount,
        cash_account_id=body.cash_account,
        method=body.method,
        on=body.on,
        reference=body.reference,
    )
