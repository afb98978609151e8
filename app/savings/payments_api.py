"""Endpoints of payments and of money that waits: recorded one or many at once, undone, put right, given back."""

import uuid
from datetime import datetime

from flask import g

from app.groups.access import needs
from app.groups.queries import member as member_with
from app.ledgers.approvals import Outcome
from app.ledgers.heads import today
from app.ledgers.undoing import day_of_undoing
from app.savings import batches, held_page, payment_page, queries, receiving
from app.savings.asking import ask_replacement, ask_return, ask_reversal
from app.savings.asking_schemas import HeldAllocationIn, PaymentsIn, ReplacementIn, ReturnIn, UndoIn
from app.savings.blueprint import api
from app.savings.errors import NoSuchPayment
from app.savings.held import allocate_held
from app.savings.payment_schemas import (
    HeldOut,
    PaymentOut,
    PaymentWholeOut,
    PlanOut,
    held_out,
    payment_out,
    payment_whole_out,
    plan_out,
)
from app.savings.policy import terms
from app.savings.recording import paid_under, payments_by_key
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed, whole
from app.web.api.once import deed_key

RECORDS = ("savings.record", "savings.record_create", "savings.grid", "savings.grid_create")
REPLACES = ("savings.payment_replacement", "savings.payment_replace")


@api.get("/payments", endpoint="payments")
@needs("money.see")
@endpoint("Payments of members", covers="savings.payments", paged=True)
def payments_list() -> Listing[PaymentOut]:
    """The latest first, those that were reversed among them."""
    return listed(queries.payments_page(at=keyset.asked(datetime, uuid.UUID)), payment_out)


@api.get("/members/<uuid:member_id>/payments")
@needs("group.see")
@endpoint("A member's payments", covers=("savings.mine", "savings.member"), paged=True)
def member_payments(member_id: uuid.UUID) -> Listing[PaymentOut]:
    """The latest first. Of others only with the right money.see."""
    payment_page.own_or_may_see(member_id, NoSuchPayment)
    found = queries.payments_page(member_id=member_with(member_id).id, at=keyset.asked(datetime, uuid.UUID))
    return listed(found, payment_out)


@api.post("/payments")
@needs("money.record")
@endpoint("Record payments", covers=RECORDS, status=201)
def payments_create(body: PaymentsIn) -> Listing[PaymentOut] | Waiting:
    """All of them or none. When one is above the group's threshold, all wait for a second person."""
    batch = body.batch(deed_key(), terms().zone)
    outcome = batches.ask_batch(batch, by=g.member.id, key=deed_key())
    if outcome.waits:
        return Waiting(outcome.request_id)
    made = paid_under(batch.movements)
    return whole(queries.payments_with([made[told.key].id for told in batch.movements]), payment_out)


@api.post("/payments/preview")
@needs("money.record")
@endpoint("What would become of payments", covers=("savings.record_preview", "savings.grid_check"))
def payments_preview(body: PaymentsIn) -> Listing[PlanOut]:
    """One for each of `payments`, each after the ones before it; nothing is recorded."""
    return whole(batches.foresee(body.batch(deed_key(), terms().zone), by=g.member.id), plan_out)


@api.get("/payments/<uuid:payment_id>")
@needs("group.see")
@endpoint("A payment", covers="savings.payment")
def payment(payment_id: uuid.UUID) -> PaymentWholeOut:
    """With its parts and entries. Of others only with the right money.see."""
    return payment_whole_out(payment_page.visible(payment_id))


@api.post("/payments/<uuid:payment_id>/reversal")
@needs("money.record")
@endpoint("Take a payment back", covers=("savings.payment_reversal", "savings.payment_reverse"))
def payment_reverse(payment_id: uuid.UUID, body: UndoIn) -> PaymentWholeOut | Waiting:
    """With everything that came of it, its late fee too. Above the group's threshold it waits for a second person."""
    view = queries.payment_view(payment_id)
    on = day_of_undoing(view.entries, on_its_day=body.when == "original")
    told = {"on": on, "by": g.member.id, "key": deed_key(), **body.model_dump(include={"reason", "overdraft"})}
    return _payment(ask_reversal("payment", payment_id, **told), payment_id)


@api.post("/payments/<uuid:payment_id>/replacement")
@needs("money.record")
@endpoint("Put a payment right", covers=REPLACES, status=201)
def payment_replace(payment_id: uuid.UUID, body: ReplacementIn) -> PaymentWholeOut | Waiting:
    """It is reversed and recorded as it should have been; the answer is what takes its place."""
    queries.payment_view(payment_id)
    receipt = body.receipt(deed_key(), terms().zone)
    told = {"on": today(), "by": g.member.id, "reason": body.reason, "overdraft": body.overdraft}
    outcome = ask_replacement(payment_id, receipt, **told)
    return _payment(outcome, None)


@api.post("/payments/<uuid:payment_id>/replacement/preview")
@needs("money.record")
@endpoint("What would become of a payment put right", covers="savings.payment_replacement_preview")
def payment_replacement_preview(payment_id: uuid.UUID, body: ReplacementIn) -> PlanOut:
    """Nothing is recorded."""
    receipt = body.receipt(deed_key(), terms().zone)
    return plan_out(receiving.preview(receipt, by=g.member.id, instead_of=payment_id))


@api.get("/held-receipts", endpoint="held")
@needs("money.see")
@endpoint("Money that waits unallocated", covers="savings.held")
def held_list() -> Listing[HeldOut]:
    """The oldest first."""
    return whole(queries.held_open(), held_out)


@api.post("/held-receipts/<uuid:held_id>/return")
@needs("money.record")
@endpoint("Give back money that waits", covers=("savings.held_return", "savings.held_return_create"))
def held_return(held_id: uuid.UUID, body: ReturnIn) -> PaymentWholeOut | Waiting:
    """The answer is the payment that it was a part of. Above the group's threshold it waits for a second person."""
    row = held_page.line(held_id)
    told = {"on": body.on, "overdraft": body.overdraft, "by": g.member.id, "key": deed_key()}
    return _payment(ask_return(held_id, cash_account_id=body.cash_account, **told), row.payment.id)


@api.post("/held-receipts/<uuid:held_id>/allocation")
@needs("money.record")
@endpoint(
    "Make money that waits a payment",
    covers=("savings.held_allocation", "savings.held_allocation_create"),
    status=201,
)
def held_allocate(held_id: uuid.UUID, body: HeldAllocationIn) -> PaymentWholeOut:
    """Of the day it came in, for its window or the one that is named."""
    made = allocate_held(held_id, window_id=body.window, by=g.member.id, key=deed_key())
    return payment_whole_out(queries.payment_view(made.id))


@api.post("/held-receipts/<uuid:held_id>/allocation/preview")
@needs("money.record")
@endpoint("What would become of money that waits", covers="savings.held_allocation_preview")
def held_allocation_preview(held_id: uuid.UUID, body: HeldAllocationIn) -> PlanOut:
    """Nothing is recorded."""
    row = held_page.line(held_id)
    return plan_out(held_page.preview(row, window_id=body.window, by=g.member.id, key=deed_key()))


def _payment(outcome: Outcome, payment_id: uuid.UUID | None) -> PaymentWholeOut | Waiting:
    """The payment asked for, or the one that was made under this deed's key, unless it waits."""
    if outcome.waits:
        return Waiting(outcome.request_id)
    shown = payment_id or payments_by_key([deed_key()])[deed_key()].id
    return payment_whole_out(queries.payment_view(shown))
