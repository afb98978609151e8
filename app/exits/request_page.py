"""What the page of one request shows, who may see it, and what its forms say."""

import uuid
from decimal import Decimal
from typing import Any

from flask import g

from app.core.errors import NotFound
from app.exits import asking, cancelling, estimating, queries, working
from app.exits.errors import NoSuchExitRequest
from app.exits.figures import statuses_of
from app.exits.forms import AdjustForm
from app.exits.models import ExitRequest
from app.exits.queries import Fulfilled
from app.exits.rules import ENDED, RequestKind, State
from app.exits.standing import Queued
from app.groups.access import may
from app.groups.queries import member as member_with
from app.ledgers.approvals import Outcome
from app.ledgers.reading import record_url
from app.savings.payment_page import own_or_may_see
from app.web.forms import Form


def visible(request_id: uuid.UUID) -> ExitRequest:
    """A request of one's own, or any with money.see. Raises NoSuchExitRequest."""
    found = queries.request(request_id)
    own_or_may_see(found.member_id, NoSuchExitRequest)
    return found


def cancellable(request_id: uuid.UUID) -> ExitRequest:
    """A request of one's own, or any for who records money. Raises NoSuchExitRequest."""
    found = visible(request_id)
    if found.member_id != g.member.id and not may("money.record"):
        raise NoSuchExitRequest
    return found


def parts(request: ExitRequest) -> dict[str, Any]:
    """Everything on the page of a request."""
    row = queries.standing_of(request)
    ended = row.state in ENDED
    over = ended or (row.kind is RequestKind.WITHDRAWAL and row.state is State.FULFILLED)
    fulfilled, adjusted = queries.fulfilments_of(request.id), queries.adjustments_of(request.id)
    return {
        "request": request,
        "row": row,
        "reads": statuses_of([row])[row.request_id],
        "member": member_with(request.member_id),
        "ended": ended,
        "working": working.working_of(row, request.working),
        "lines": working.request_lines(row),
        "states": queries.states_of(request.id),
        "adjustments": adjusted,
        "waits": asking.waiting_changes(request.id) if not over else [],
        "sources": {found.source: record_url(*found.source) for found in adjusted if found.source},
        "fulfilled": fulfilled,
        "paid": sum((part.paid for part in fulfilled), Decimal(0)),
        "soon": _forecast(row) if row.place and not ended else None,
        "obstacles": queries.obstacles(request.id) if row.state == "fulfilled" else [],
        "may_cancel": not over and _may_cancel(request, row),
        "may_adjust": not over and request.kind == RequestKind.EXIT and may("money.record"),
        "form": Form(),
    }


def _may_cancel(request: ExitRequest, row: Queued) -> bool:
    return may("money.record") or (request.member_id == g.member.id and not row.fulfilled)


def _forecast(row: Queued) -> dict[str, Any]:
    return estimating.told(row.ahead + row.payable)


def cancel(request: ExitRequest, *, reason: str, by: uuid.UUID, key: str) -> Outcome | None:
    """Cancel a request: one's own at once before anything was fulfilled, else by agreement. None when it is done.

    Raises what the verbs raise.
    """
    if may("money.record") and (by != request.member_id or queries.standing_of(request).fulfilled):
        return asking.ask_cancellation(request.id, reason=reason, by=by, key=key)
    cancelling.cancel(request_id=request.id, reason=reason, by=by)
    return None


def adjust(request: ExitRequest, form: AdjustForm, *, by: uuid.UUID) -> Outcome:
    """Change what a request comes to by a valid form, or ask for it. Raises what the verb raises."""
    reason = str(form.reason.data)
    return asking.ask_adjustment(request.id, amount=form.signed, reason=reason, by=by, key=form.key)


def whose(member_id: uuid.UUID) -> uuid.UUID:
    """The member, if whoever asks may see that money. Raises NotFound."""
    own_or_may_see(member_id, NotFound)
    return member_with(member_id).id


def part(request_id: uuid.UUID, fulfilment_id: uuid.UUID) -> Fulfilled:
    """One part of a request that became payable."""
    return next(found for found in queries.fulfilments_of(request_id) if found.fulfilment.id == fulfilment_id)
