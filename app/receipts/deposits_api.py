"""Endpoints of clients' deposits."""

import uuid

from flask import g

from app.credits.schemas import ForeseenOut, OverdraftUndoIn, foreseen_out
from app.groups.access import needs
from app.ledgers.cash import open_cash_account
from app.ledgers.undoing import day_of_undoing
from app.receipts import deposits_queries, payments_asking, payments_page
from app.receipts.blueprint import api
from app.receipts.deposits import Moved
from app.receipts.payments_schemas import (
    DepositIn,
    DepositMovementOut,
    DepositMovementWholeOut,
    DepositOut,
    deposit_out,
    movement_out,
    movement_whole_out,
)
from app.rentals.errors import NoSuchLease
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


@api.get("/deposits", endpoint="deposits")
@needs("money.see")
@endpoint("Deposits by lease", covers="receipts.deposits", paged=True)
def deposits_list() -> Listing[DepositOut]:
    """By the codes of the units."""
    return listed(deposits_queries.leases_page(at=keyset.asked(str, uuid.UUID)), deposit_out)


@api.get("/leases/<uuid:lease_id>/deposit")
@needs("group.see")
@endpoint("The deposit of a lease", covers="receipts.deposit")
def deposit(lease_id: uuid.UUID) -> DepositOut:
    """What is agreed and held. Of others only with the right money.see."""
    return deposit_out(_visible(lease_id))


@api.get("/leases/<uuid:lease_id>/deposit-movements")
@needs("group.see")
@endpoint("What became of a deposit", covers="receipts.deposit", paged=True)
def movements(lease_id: uuid.UUID) -> Listing[DepositMovementOut]:
    """The latest first. Of others only with the right money.see."""
    line = _visible(lease_id)
    return listed(deposits_queries.movements_page(line.lease.id, at=keyset.asked(uuid.UUID)), movement_out)


def _visible(lease_id: uuid.UUID) -> deposits_queries.LeaseLine:
    line = deposits_queries.lease_line(lease_id)
    payments_page.own_or_may_see(line.client.id, NoSuchLease)
    return line


@api.post("/leases/<uuid:lease_id>/deposit-movements")
@needs("money.record")
@endpoint("Move a deposit", covers=("receipts.deposit_new", "receipts.deposit_create"), status=201)
def movement_create(lease_id: uuid.UUID, body: DepositIn) -> DepositMovementWholeOut | Waiting:
    """Receive, give back or keep it. Above the group's threshold it waits for a second person."""
    line = deposits_queries.lease_line(lease_id)
    outcome = payments_asking.ask_deposit(_moved(body, line.lease.id), by=g.member.id, overdraft=body.overdraft)
    made = deposits_queries.movement_under(deed_key())
    if outcome.waits or made is None:
        return Waiting(outcome.request_id)
    return movement_whole_out(deposits_queries.movement_view(made.id))


@api.post("/leases/<uuid:lease_id>/deposit-movements/preview")
@needs("money.record")
@endpoint("What moving a deposit would do", covers="receipts.deposit_preview")
def movement_preview(lease_id: uuid.UUID, body: DepositIn) -> ForeseenOut:
    """In sentences; nothing is recorded."""
    line = deposits_queries.lease_line(lease_id)
    place = open_cash_account(body.cash_account, field="cash_account") if body.cash_account else None
    return foreseen_out(payments_page.foresee_deposit(_moved(body, line.lease.id), line, place))


def _moved(body: DepositIn, lease_id: uuid.UUID) -> Moved:
    told = body.model_dump(include={"kind", "on", "method", "reference", "reason"})
    return Moved(lease_id=lease_id, amount=body.amount, cash_account_id=body.cash_account, key=deed_key(), **told)


@api.get("/deposit-movements/<uuid:movement_id>")
@needs("group.see")
@endpoint("A movement of a deposit", covers="receipts.deposit_movement")
def movement(movement_id: uuid.UUID) -> DepositMovementWholeOut:
    """With its words. Of others only with the right money.see."""
    return movement_whole_out(payments_page.visible_movement(movement_id))


@api.post("/deposit-movements/<uuid:movement_id>/reversal")
@needs("money.record")
@endpoint("Take a movement of a deposit back", covers=("receipts.deposit_reversal", "receipts.deposit_reverse"))
def movement_reverse(movement_id: uuid.UUID, body: OverdraftUndoIn) -> DepositMovementWholeOut | Waiting:
    """Rent that it was kept for is owed again. Above the group's threshold it waits for a second person."""
    view = deposits_queries.movement_view(movement_id)
    on = day_of_undoing([view.entry], on_its_day=body.when == "original")
    told = {"reason": body.reason, "on": on, "by": g.member.id, "key": deed_key(), "overdraft": body.overdraft}
    outcome = payments_asking.ask_deposit_reversal(movement_id, **told)
    if outcome.waits:
        return Waiting(outcome.request_id)
    return movement_whole_out(deposits_queries.movement_view(movement_id))
