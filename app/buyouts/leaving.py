"""A seller who waits in the exit queue: what is sold comes off what they wait for, and comes back when undone."""

import uuid
from collections.abc import Sequence
from decimal import Decimal

from app.buyouts.models import BuyOut
from app.buyouts.rules import ZERO, Part, PartKind, amounts
from app.exits import services as exits
from app.exits.queries import request
from app.exits.requesting import open_of
from app.exits.rules import Entitlement, RequestKind
from app.exits.standing import Queued
from app.groups.queries import member


def exit_of(member_id: uuid.UUID) -> Queued | None:
    """The open exit of a member, if they are leaving."""
    return next((one for one in open_of(member_id) if one.kind is RequestKind.EXIT), None)


def asked_since(member_id: uuid.UUID, record_id: uuid.UUID) -> bool:
    """Whether a member's open exit is later than a record: ids are in the order in which they were made."""
    waiting = exit_of(member_id)
    return waiting is not None and waiting.request_id > record_id


def comes_off(parts: Sequence[Part], waiting: Queued) -> Decimal:
    """By how much an exit shrinks: what the parts counted in it; of realised growth what the policy gave then."""
    sums = amounts(parts)
    sold = sum((sums.get(kind, ZERO) for kind in (PartKind.HOLDING, PartKind.ASSET, PartKind.SAVINGS)), ZERO)
    if sums.get(PartKind.GROWTH):
        sold += Entitlement.stored(request(waiting.request_id).working).growth_part
    return min(max(sold, ZERO), waiting.gross)


def shrink(row: BuyOut, parts: Sequence[Part], *, source: tuple[str, uuid.UUID], by: uuid.UUID) -> None:
    """Take what is sold off the seller's exit, if there is one. Raises BelowFulfilled."""
    if (waiting := exit_of(row.seller_id)) is not None:
        exits.reduce(member_id=row.seller_id, amount=comes_off(parts, waiting), source=source, by=by)


def give_back(row: BuyOut, *, source: tuple[str, uuid.UUID], by: uuid.UUID) -> None:
    """Put it back on the exit while that is still open; one that was cancelled is over."""
    if member(row.seller_id).leaving_since is not None:
        exits.undo_reduction(source=source, by=by)
