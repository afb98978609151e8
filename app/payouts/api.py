"""Endpoints of what is owed to members and of paying it."""

import uuid
from datetime import date

from flask import Response, g

from app.core.errors import DomainError
from app.groups.access import needs
from app.groups.queries import member as member_with
from app.ledgers.cash import open_cash_account
from app.ledgers.undoing import day_of_undoing
from app.payouts import exporting, pay_page, payment_page, queries
from app.payouts.asking import ask_pay, ask_reversal
from app.payouts.blueprint import api
from app.payouts.errors import NoSuchPayable
from app.payouts.rules import PayOne
from app.payouts.schemas import (
    MemberPaymentOut,
    MemberPaymentWholeOut,
    PayableOut,
    PayIn,
    PayPlanOut,
    TakeBackIn,
    parts_in,
    payable_out,
    payment_out,
    payment_whole_out,
    plan_out,
)
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed, whole
from app.web.api.once import deed_key


@api.get("/payables", endpoint="payables")
@needs("money.see")
@endpoint("What is still to be paid to members", covers="payouts.to_pay", paged=True)
def payables_list() -> Listing[PayableOut]:
    """The oldest first."""
    return listed(queries.to_pay_page(at=keyset.asked(date, uuid.UUID)), payable_out)


@api.get("/payables.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="payouts.to_pay_csv", media="text/csv")
def payables_csv() -> Response:
    """Every one of them."""
    return exporting.to_pay_file()


@api.get("/members/<uuid:member_id>/payables")
@needs("group.see")
@endpoint("What is still to be paid to a member", covers=("payouts.mine", "payouts.member"))
def member_payables(member_id: uuid.UUID) -> Listing[PayableOut]:
    """The oldest first. Of others only with the right money.see."""
    payment_page.own_or_may_see(member_id, NoSuchPayable)
    return whole(queries.lines(queries.open_payables(member_with(member_id).id)), payable_out)


@api.get("/members/<uuid:member_id>/member-payments")
@needs("group.see")
@endpoint("What was paid to a member", covers=("payouts.mine", "payouts.member"), paged=True)
def payments_of_member(member_id: uuid.UUID) -> Listing[MemberPaymentOut]:
    """The latest first. Of others only with the right money.see."""
    payment_page.own_or_may_see(member_id, NoSuchPayable)
    found = queries.payments_page(member_id=member_with(member_id).id, at=keyset.asked(date, uuid.UUID))
    return listed(found, payment_out)


@api.get("/member-payments", endpoint="member_payments")
@needs("money.see")
@endpoint("Payments to members", covers="payouts.payments", paged=True)
def payments_list() -> Listing[MemberPaymentOut]:
    """The latest first, those that were reversed among them."""
    return listed(queries.payments_page(at=keyset.asked(date, uuid.UUID)), payment_out)


@api.get("/member-payments.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="payouts.payments_csv", media="text/csv")
def payments_csv() -> Response:
    """Every one of them."""
    return exporting.paid_file()


@api.post("/member-payments")
@needs("money.record")
@endpoint("Pay members", covers=("payouts.pay_new", "payouts.pay_create"), status=201)
def payments_create(body: PayIn) -> Listing[MemberPaymentOut] | Waiting:
    """All of it or nothing, one payment for each member. Above the group's threshold it waits for a second person."""
    told = body.model_dump(include={"method", "reference", "on", "overdraft"})
    try:
        parts = _parts(body)
        outcome = ask_pay(parts, cash_account_id=body.cash_account, by=g.member.id, key=deed_key(), **told)
    except DomainError as error:
        error.field = "payments" if error.field == "amount" else error.field
        raise
    if outcome.waits:
        return Waiting(outcome.request_id)
    return whole(queries.payments_with([row.id for row in queries.payments_under(deed_key())]), payment_out)


@api.post("/member-payments/preview")
@needs("money.record")
@endpoint("What paying members would do", covers="payouts.pay_preview")
def payments_preview(body: PayIn) -> PayPlanOut:
    """In sentences; nothing is recorded."""
    account = open_cash_account(body.cash_account, field="cash_account")
    picked = pay_page.chosen([one.payable for one in body.payments])
    return plan_out(pay_page.foresee(_parts(body), picked, account=account, on=body.on))


@api.get("/member-payments/<uuid:payment_id>")
@needs("group.see")
@endpoint("A payment to a member", covers="payouts.payment")
def payment(payment_id: uuid.UUID) -> MemberPaymentWholeOut:
    """With what it was for. Of others only with the right money.see."""
    return payment_whole_out(payment_page.visible(payment_id))


@api.post("/member-payments/<uuid:payment_id>/reversal")
@needs("money.record")
@endpoint("Take a payment to a member back", covers=("payouts.reversal", "payouts.reverse"))
def payment_reverse(payment_id: uuid.UUID, body: TakeBackIn) -> MemberPaymentWholeOut | Waiting:
    """What it paid is owed again. Above the group's threshold it waits for a second person."""
    view = queries.payment_view(payment_id)
    on = day_of_undoing([view.entry], on_its_day=body.when == "original")
    outcome = ask_reversal(payment_id, reason=body.reason, on=on, by=g.member.id, key=deed_key())
    return Waiting(outcome.request_id) if outcome.waits else payment_whole_out(queries.payment_view(payment_id))


def _parts(body: PayIn) -> list[PayOne]:
    lines = pay_page.chosen([one.payable for one in body.payments]).lines
    return parts_in(body, {line.standing.payable.id: line for line in lines})
