"""Shapes of what the exits room answers: the queue, requests, money set aside, simulations, terms."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from app.exits.forecast import Estimate
from app.exits.liquidity import Spent
from app.exits.people import Called
from app.exits.queries import AdjustmentLine, Fulfilled
from app.exits.rules import Entitlement, LiquidityType, RequestKind, State
from app.exits.simulation import WhatIf
from app.exits.standing import Queued
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Moment, Shape

Kind = Literal["exit", "withdrawal"]


class EstimateOut(Shape):
    """When a request may be met, as months like 2027-03: at the pace of the past, and at half of it. No promise.

    `need` is what must come in first. A month is null where nothing can be said.
    """

    need: AmountOrNothing
    month: str | None
    slower: str | None


class StandingOut(Shape):
    """A request as it stands. `place` is null when nothing waits for money; `ahead` is what is payable before it."""

    id: uuid.UUID
    kind: RequestKind
    number: int
    requested_at: Moment
    state: State
    gross: AmountOrNothing
    fulfilled: AmountOrNothing
    deductions: AmountOrNothing
    held: AmountOrNothing
    open: Balance
    payable: AmountOrNothing
    place: int | None
    ahead: AmountOrNothing


class QueuedOut(StandingOut):
    """The same in the queue, with the member and the estimate."""

    member_id: uuid.UUID
    identifier: str
    member: str
    estimate: EstimateOut | None


class TotalsOut(Shape):
    """The queue summed up; `unspent` is set aside and given to nobody yet."""

    requests: int
    open: AmountOrNothing
    payable: AmountOrNothing
    unspent: AmountOrNothing
    basis: str


class EntitlementOut(Shape):
    """What a member who leaves is entitled to; of the growth, `growth_part` counts. Kept back today: `deductions`."""

    savings: Balance
    holdings: Balance
    asset_shares: Balance
    growth: Balance
    growth_percent: str
    growth_part: Balance
    gross: AmountOrNothing
    deductions: AmountOrNothing
    payable: AmountOrNothing


class WithdrawableOut(Shape):
    """What a member may withdraw: savings less what is held and what must stay; `allowed` is the group's rule."""

    allowed: bool
    savings: Balance
    held: AmountOrNothing
    floor: AmountOrNothing
    free: AmountOrNothing


class StateOut(Shape):
    """A state and since when; the reason is null once the member was erased."""

    state: State
    at: Moment
    reason: str | None
    recorded_by: str | None


class AdjustmentOut(Shape):
    """A change of what a request comes to, with its sign."""

    amount: Balance
    at: Moment
    reason: str | None
    recorded_by: str | None
    approved_by: str | None


class FulfilmentOut(Shape):
    """A part that became payable: of which money, what was kept back then, what of it was paid."""

    id: uuid.UUID
    exit_request_id: uuid.UUID
    event_id: uuid.UUID
    amount: Amount
    deductions: AmountOrNothing
    fulfilled_on: Day
    paid: AmountOrNothing
    reversed: bool


class WaitingChangeOut(Shape):
    """An adjustment (`amount`) or the end of a request that waits for a second person."""

    approval_id: uuid.UUID
    kind: str
    amount: Balance | None


class RequestOut(StandingOut):
    """A request with the entitlement that was frozen, and everything that came of it."""

    member_id: uuid.UUID
    member: str
    frozen: AmountOrNothing
    working: dict[str, str]
    estimate: EstimateOut | None
    obstacles: list[str]
    states: list[StateOut]
    adjustments: list[AdjustmentOut]
    waiting: list[WaitingChangeOut]
    fulfilments: list[FulfilmentOut]


class EventOut(Shape):
    """Money set aside: what was given of it, what was taken back unspent, what is left."""

    id: uuid.UUID
    amount: Amount
    type: LiquidityType
    occurred_at: Moment
    cash_account: uuid.UUID
    given: AmountOrNothing
    taken_back: AmountOrNothing
    left: AmountOrNothing


class EventWholeOut(EventOut):
    """The same with its note."""

    note: str | None


class FreeCashOut(Shape):
    """What may be set aside: cash less what is owed and what is earmarked already."""

    cash: Balance
    owed: AmountOrNothing
    earmarked: AmountOrNothing
    free: AmountOrNothing


class GetsOut(Shape):
    """What one request would get, and what would be left of it."""

    exit_request_id: uuid.UUID
    member_id: uuid.UUID
    member: str
    place: int | None
    payable: AmountOrNothing
    gets: AmountOrNothing
    left: AmountOrNothing


class WhatIfOut(Shape):
    """What would become of an amount: how many would get something, how many be wholly paid, what nobody could take."""

    amount: AmountOrNothing
    served: int
    wholly: int
    given: AmountOrNothing
    over: AmountOrNothing
    first: list[GetsOut]


def estimate_out(found: Estimate | None) -> EstimateOut | None:
    """An estimate as it is told."""
    if found is None:
        return None
    months = {name: str(value) if value else None for name, value in (("month", found.month), ("slower", found.slower))}
    return EstimateOut(need=found.need, **months)


def _standing(row: Queued) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in StandingOut.model_fields if name not in ("id", "number")}
    return same | {"id": row.request_id, "number": row.sequence}


def standing_out(row: Queued) -> StandingOut:
    """A request as it stands, told to its member."""
    return StandingOut(**_standing(row))


def queued_out(row: Queued, people: Mapping[uuid.UUID, Called], found: Estimate | None) -> QueuedOut:
    """A request in the queue as it is told."""
    who = people[row.member_id]
    told: dict[str, Any] = {"member_id": row.member_id, "identifier": who.identifier, "member": who.name}
    return QueuedOut(**_standing(row), **told, estimate=estimate_out(found))


def entitlement_out(found: Entitlement, deductions: Decimal) -> EntitlementOut:
    """An entitlement as it is told."""
    names = ("savings", "holdings", "asset_shares", "growth", "growth_part", "gross")
    told = {name: getattr(found, name) for name in names} | {"growth_percent": f"{found.growth_percent:f}"}
    return EntitlementOut(**told, deductions=deductions, payable=max(Decimal(0), found.gross - deductions))


def request_out(shown: Mapping[str, Any], found: Estimate | None) -> RequestOut:
    """What the page of a request shows, as it is told."""
    request = shown["request"]
    return RequestOut(
        **_standing(shown["row"]),
        member_id=request.member_id,
        member=shown["member"].display_name,
        frozen=request.gross,
        working=request.working,
        estimate=estimate_out(found),
        obstacles=[str(reason) for reason in shown["obstacles"]],
        states=[StateOut(state=row.state, at=row.at, reason=row.reason, recorded_by=row.by) for row in shown["states"]],
        adjustments=[_adjustment(row) for row in shown["adjustments"]],
        waiting=[WaitingChangeOut.model_validate(vars(row)) for row in shown["waits"]],
        fulfilments=[fulfilment_out(part) for part in shown["fulfilled"]],
    )


def _adjustment(row: AdjustmentLine) -> AdjustmentOut:
    told = {name: getattr(row, name) for name in ("amount", "at", "reason", "approved_by")}
    return AdjustmentOut(**told, recorded_by=row.by)


def fulfilment_out(part: Fulfilled) -> FulfilmentOut:
    """A part that became payable, as it is told."""
    row, names = part.fulfilment, ("id", "event_id", "amount", "deductions", "fulfilled_on")
    told = {name: getattr(row, name) for name in names} | {"exit_request_id": row.request_id}
    return FulfilmentOut(**told, paid=part.paid, reversed=part.reversed)


def _event(line: Spent) -> dict[str, Any]:
    told = {name: getattr(line.event, name) for name in ("id", "amount", "occurred_at")}
    told |= {"type": LiquidityType(line.event.type), "cash_account": line.event.cash_account_id}
    return told | {"given": line.spent, "taken_back": line.taken_back, "left": line.left}


def event_out(line: Spent) -> EventOut:
    """Money set aside as it is told."""
    return EventOut(**_event(line))


def event_whole_out(shown: Mapping[str, Any]) -> EventWholeOut:
    """The same with its note."""
    return EventWholeOut(**_event(shown["line"]), note=shown["note"])


def what_if_out(found: WhatIf, people: Mapping[uuid.UUID, Called]) -> WhatIfOut:
    """A simulation as it is told."""
    first: Sequence[GetsOut] = [
        GetsOut(
            exit_request_id=row.queued.request_id,
            member_id=row.queued.member_id,
            member=people[row.queued.member_id].name,
            place=row.queued.place,
            payable=row.queued.payable,
            gets=row.gets,
            left=row.left,
        )
        for row in found.rows
    ]
    same = {name: getattr(found, name) for name in ("amount", "served", "wholly", "given", "over")}
    return WhatIfOut(**same, first=list(first))
