"""Endpoints of who leaves or withdraws: the queue, one's own requests, one request, asking, cancelling, adjusting."""

import uuid
from decimal import Decimal

from flask import Response, g

from app.exits import asking, estimating, own_page, queries, queue_page, request_page, requesting
from app.exits.asking_schemas import AdjustmentIn, AmountSearch, ExitIn, ReasonIn, RequestSearch, WithdrawalIn
from app.exits.blueprint import api
from app.exits.errors import EntitlementChanged
from app.exits.people import called
from app.exits.policy import terms
from app.exits.schemas import (
    EntitlementOut,
    QueuedOut,
    RequestOut,
    StandingOut,
    TotalsOut,
    WhatIfOut,
    WithdrawableOut,
    entitlement_out,
    queued_out,
    request_out,
    standing_out,
    what_if_out,
)
from app.exits.simulation import what_if as simulated
from app.groups.access import needs
from app.groups.queries import member as member_with
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed, whole
from app.web.api.once import deed_key


@api.get("/exit-queue", endpoint="queue")
@needs("money.see")
@endpoint("The exit queue", covers=("exits.queue", "exits.queue_csv"), paged=True)
def queue_list() -> Listing[QueuedOut]:
    """The first first: those who leave, then those who withdraw. The estimates are no promise."""
    found = queries.queue_page(keyset.asked(int, int))
    people, soon = called(row.member_id for row in found.rows), estimating.estimates_of(found.rows)
    return listed(found, lambda row: queued_out(row, people, soon.get(row.request_id) if row.place else None))


@api.get("/exit-queue/totals")
@needs("money.see")
@endpoint("The exit queue summed up", covers="exits.queue")
def queue_totals() -> TotalsOut:
    """How many wait for how much, what is set aside for them, and what the estimates rest on."""
    found = queries.queue_totals()
    names = ("requests", "open", "payable", "unspent")
    told = {name: getattr(found, name) for name in names}
    return TotalsOut(**told, basis=estimating.basis_now())


@api.get("/exit-queue/what-if")
@needs("money.see")
@endpoint("What if so much came in", covers="exits.what_if")
def what_if(query: AmountSearch) -> WhatIfOut:
    """Who would get what, the first fifty of them; nothing is recorded."""
    found = simulated(query.amount)
    return what_if_out(found, called(row.queued.member_id for row in found.rows))


@api.get("/exits", endpoint="requests")
@needs("money.see")
@endpoint("All requests", covers="exits.requests", paged=True)
def requests_list(query: RequestSearch) -> Listing[QueuedOut]:
    """The latest first, in one state or in any; without places and estimates."""
    found = queries.requests_page(state=query.state, at=keyset.asked(int))
    people = called(row.member_id for row in found.rows)
    return listed(found, lambda row: queued_out(row, people, None))


@api.get("/members/<uuid:member_id>/exits")
@needs("group.see")
@endpoint("A member's requests", covers="exits.mine")
def member_exits(member_id: uuid.UUID) -> Listing[StandingOut]:
    """Those that wait with their place, then the earlier ones. Of others only with the right money.see."""
    shown = own_page.mine(request_page.whose(member_id))
    return whole([*shown["waiting"], *shown["past"]], standing_out)


@api.get("/members/<uuid:member_id>/entitlement")
@needs("group.see")
@endpoint("What a member would be entitled to", covers="exits.leaving")
def entitlement(member_id: uuid.UUID) -> EntitlementOut:
    """On leaving today, and what would be kept back of it. Of others only with the right money.see."""
    who = request_page.whose(member_id)
    deductions = queries.deductions_of([who]).get(who, Decimal(0))
    return entitlement_out(requesting.entitlement_of(who), deductions)


@api.get("/members/<uuid:member_id>/withdrawable")
@needs("group.see")
@endpoint("What a member may withdraw", covers="exits.withdrawal")
def withdrawable(member_id: uuid.UUID) -> WithdrawableOut:
    """And why. Of others only with the right money.see."""
    found = requesting.withdrawable(request_page.whose(member_id))
    names = ("savings", "held", "floor", "free")
    return WithdrawableOut(allowed=terms().withdrawals, **{name: getattr(found, name) for name in names})


@api.post("/exits")
@needs("group.see")
@endpoint("Ask to leave", covers="exits.leave", status=201)
def exit_create(body: ExitIn) -> RequestOut:
    """The entitlement is frozen and the place taken."""
    return _leave(g.member.id, body)


@api.post("/members/<uuid:member_id>/exits")
@needs("money.record")
@endpoint("Ask to leave for a member", covers=("exits.leave_for", "exits.leaving_for", "exits.request_new"), status=201)
def exit_create_for(member_id: uuid.UUID, body: ExitIn) -> RequestOut:
    """Somebody who has no sign-in, or asked in person."""
    return _leave(member_with(member_id).id, body)


@api.post("/withdrawals")
@needs("group.see")
@endpoint("Ask for a withdrawal", covers="exits.withdraw", status=201)
def withdrawal_create(body: WithdrawalIn) -> RequestOut:
    """Of a part of the savings, where the group's rules allow it; paid after those who leave."""
    return _withdraw(g.member.id, body)


@api.post("/members/<uuid:member_id>/withdrawals")
@needs("money.record")
@endpoint("Ask for a withdrawal for a member", covers=("exits.withdraw_for", "exits.withdrawal_for"), status=201)
def withdrawal_create_for(member_id: uuid.UUID, body: WithdrawalIn) -> RequestOut:
    """Somebody who has no sign-in, or asked in person."""
    return _withdraw(member_with(member_id).id, body)


@api.get("/exits/<uuid:exit_request_id>")
@needs("group.see")
@endpoint("A request", covers="exits.request")
def exit_request(exit_request_id: uuid.UUID) -> RequestOut:
    """With its working, states, adjustments and fulfilments. Of others only with the right money.see."""
    return _told(request_page.visible(exit_request_id).id)


@api.post("/exits/<uuid:exit_request_id>/cancellation")
@needs("group.see")
@endpoint("Cancel a request", covers=("exits.cancellation", "exits.cancel"))
def exit_cancel(exit_request_id: uuid.UUID, body: ReasonIn) -> RequestOut | Waiting:
    """One's own at once before anything was fulfilled; later, or for others, an officer asks and another approves."""
    found = request_page.cancellable(exit_request_id)
    outcome = request_page.cancel(found, reason=body.reason, by=g.member.id, key=deed_key())
    return Waiting(outcome.request_id) if outcome and outcome.waits else _told(found.id)


@api.post("/exits/<uuid:exit_request_id>/adjustments")
@needs("money.record")
@endpoint("Adjust a request", covers=("exits.adjustment", "exits.adjust"), status=201)
def exit_adjust(exit_request_id: uuid.UUID, body: AdjustmentIn) -> RequestOut | Waiting:
    """What was frozen stays; the adjustment stands beside it once a second person approved."""
    found, told = queries.request(exit_request_id), {"reason": body.reason, "by": g.member.id, "key": deed_key()}
    outcome = asking.ask_adjustment(found.id, amount=body.amount, **told)
    return Waiting(outcome.request_id) if outcome.waits else _told(found.id)


@api.get("/exit-queue/file")
@needs("money.see")
@endpoint("The exit queue as CSV", covers="exits.queue_csv", media="text/csv")
def queue_csv() -> Response:
    """In its order."""
    return queue_page.as_csv()


def _leave(member_id: uuid.UUID, body: ExitIn) -> RequestOut:
    made = requesting.request_exit(member_id=member_id, by=g.member.id, key=deed_key())
    if body.gross is not None and body.gross != made.gross:
        raise EntitlementChanged(field="gross")
    return _told(made.id)


def _withdraw(member_id: uuid.UUID, body: WithdrawalIn) -> RequestOut:
    told = {"amount": body.amount, "by": g.member.id, "key": deed_key()}
    return _told(requesting.request_withdrawal(member_id=member_id, **told).id)


def _told(request_id: uuid.UUID) -> RequestOut:
    shown = request_page.parts(queries.request(request_id))
    row = shown["row"]
    soon = estimating.estimates_of([row]) if row.place and not shown["ended"] else {}
    return request_out(shown, soon.get(row.request_id))
