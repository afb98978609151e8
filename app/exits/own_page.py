"""What the pages of somebody who leaves or withdraws show, and what their forms say."""

import uuid
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.core.errors import DomainError
from app.exits import estimating, queries, requesting, working
from app.exits.ahead import ahead_of
from app.exits.errors import EntitlementChanged, WithdrawalsOff
from app.exits.figures import paid_so_far, statuses_of
from app.exits.forms import LeaveForm, WithdrawForm
from app.exits.models import ExitRequest
from app.exits.policy import terms
from app.exits.rules import Entitlement, RequestKind
from app.exits.standing import Queued
from app.groups.models import Member
from app.groups.queries import member as member_with


def mine(member_id: uuid.UUID) -> dict[str, Any]:
    """A member's open requests with their places, those before them, and what they may ask for."""
    waiting = queries.places_of(member_id)
    leaves = next((row for row in waiting if row.kind == RequestKind.EXIT), None)
    past = [queries.standing_of(row) for row in queries.requests_of(member_id) if _ended(row, waiting)]
    return {
        "member": member_with(member_id),
        "waiting": waiting,
        "leaves": leaves,
        "estimates": [(row, estimating.estimates_of([row])[row.request_id]) for row in waiting],
        "paid": paid_so_far(waiting),
        "basis": estimating.basis_now() if waiting else "",
        "past": past,
        "statuses": statuses_of([*waiting, *past]),
        "policy": terms(),
    }


def _ended(row: ExitRequest, waiting: list[Queued]) -> bool:
    return row.id not in {open_.request_id for open_ in waiting}


def leaving(member_id: uuid.UUID) -> dict[str, Any]:
    """The entitlement with its working, what it means to leave, and the place that one would get."""
    member, found = member_with(member_id), queries.entitlement_of(member_id)
    deductions = queries.deductions_of([member_id]).get(member_id, Decimal(0))
    owed = queries.owed_of(member_id) if deductions else []
    lines = working.entitlement_lines(found) + working.today_lines(found.gross, deductions, owed)
    payable = max(Decimal(0), found.gross - deductions)
    return {
        "member": member,
        "lines": lines,
        "meaning": working.meaning(terms(), withdraws=bool(requesting.open_of(member_id))),
        "mark": working.mark_of(found),
        "refusal": _refusal(member, leaves=True),
        **_place(RequestKind.EXIT, payable),
    }


def withdrawing(member_id: uuid.UUID) -> dict[str, Any]:
    """How much can be withdrawn and why, and the place that one would get."""
    member, found = member_with(member_id), queries.withdrawable(member_id)
    refusal = "" if terms().withdrawals else str(WithdrawalsOff())
    if not refusal and found.free <= 0:
        refusal = _("There is nothing to withdraw now. The lines below say why.")
    return {
        "member": member,
        "lines": working.withdrawable_lines(found),
        "free": found.free,
        "refusal": refusal or _refusal(member, leaves=False),
        **_place(RequestKind.WITHDRAWAL, found.free),
    }


def _refusal(member: Member, *, leaves: bool) -> str:
    """Why a request would be refused, so that nobody reads to the end for nothing; empty when it would not be."""
    try:
        requesting.refuse_leaving(member)
        if leaves:
            requesting.refuse_last_leader(member)
    except DomainError as error:
        return str(error)
    return ""


def _place(kind: RequestKind, amount: Decimal) -> dict[str, Any]:
    """The place that a request of now would get. An exit goes before every withdrawal."""
    ahead = ahead_of(kind)
    return {"place": ahead.requests + 1, "ahead": ahead.payable, **estimating.told(ahead.payable + amount)}


def leave(form: LeaveForm, member_id: uuid.UUID, *, by: uuid.UUID) -> uuid.UUID:
    """Ask to leave by a valid form; returns the request's id. Raises EntitlementChanged, and what the verb raises."""
    made = requesting.request_exit(member_id=member_id, by=by, key=form.key)
    frozen = Entitlement.stored(made.working)
    if form.seen.data and working.mark_of(frozen) != form.seen.data:
        raise EntitlementChanged
    return made.id


def withdraw(form: WithdrawForm, member_id: uuid.UUID, *, by: uuid.UUID) -> uuid.UUID:
    """Ask for a withdrawal by a valid form; returns the request's id. Raises what the verb raises."""
    amount = form.amount.amount or Decimal(0)
    return requesting.request_withdrawal(member_id=member_id, amount=amount, by=by, key=form.key).id
