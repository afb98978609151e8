"""Approving: an officer who is neither side says yes, and what was offered passes on, at once and once."""

import uuid
from collections.abc import Collection, Sequence

from app.assets.shares import move_shares
from app.audit.log import record
from app.buyouts import telling
from app.buyouts.booking import holding_moves, lines, share_moves
from app.buyouts.errors import ConsentsMissing, OfferChanged, OfficerWanted, OwnHand, SideApproves
from app.buyouts.holding import position_of
from app.buyouts.leaving import shrink
from app.buyouts.models import BuyOut, BuyOutState
from app.buyouts.offering import refuse_buyer
from app.buyouts.queries import consented, parts_of
from app.buyouts.rules import Part, Side, State, changed
from app.buyouts.saying import open_one, say
from app.buyouts.words import SIDES, thing, things
from app.groups.queries import group, names, permissions_used
from app.holdings.moving import move_holdings
from app.ledgers.approvals import APPROVE, independent
from app.ledgers.books import Draft, Posted, post
from app.ledgers.chart import PostingKind
from app.ledgers.heads import today
from app.payouts.rules import Owed
from app.payouts.services import owe

SOURCE = "buy_out"


def approve(buy_out_id: uuid.UUID, *, by: uuid.UUID) -> BuyOut:
    """Let a buy-out take effect today: rows close the seller's and open the buyer's, at carrying amounts.

    Raises NoSuchBuyOut, Ended, as `refuse_approval`, OfferChanged, CannotBuy, BuyerLeaving, BelowFulfilled (more of the
    seller's exit was paid than would be left of it), and what the books refuse.
    """
    row, states = open_one(buy_out_id)
    hands = refuse_approval(row, states, by=by)
    parts = parts_of([row.id])[row.id]
    refuse_changed(row, parts)
    entry = _post(row, parts, by=by)
    entry_id, source = entry.id if entry else None, (SOURCE, row.id)
    move_holdings(holding_moves(row, parts), source=source, entry_id=entry_id)
    move_shares(share_moves(row, parts), source=source, entry_id=entry_id)
    if entry is not None and row.buyer_id is None and row.price:
        owe([Owed(row.seller_id, row.price, source, entry.id, entry.on)], by=by)
    shrink(row, parts, source=source, by=by)
    say(row, State.EFFECTIVE, by=by, unchecked=by in hands, entry_id=entry_id)
    after = {"price": row.price, "entry": entry.number if entry else None}
    record("approve", "buy_out", row.id, by=by, after=after, about=row.seller_id, severity="notice")
    telling.approved(row)
    return row


def refuse_approval(row: BuyOut, states: Sequence[BuyOutState], *, by: uuid.UUID) -> Collection[uuid.UUID]:
    """Who may not approve though they are no side: whoever had a hand in it. Alone with the right, they may.

    Raises OfficerWanted, ConsentsMissing, SideApproves, OwnHand.
    """
    if APPROVE not in permissions_used(by):
        raise OfficerWanted
    given = consented(states)
    if missing := [str(SIDES[side]) for side in Side if side not in given]:
        raise ConsentsMissing(who=", ".join(missing))
    sides: set[uuid.UUID | None] = {row.seller_id, row.buyer_id}
    if by in sides:
        raise SideApproves
    hands = {row.offered_by, *(said.recorded_by for said in given.values())} - sides
    if by in hands and (others := independent(sides | hands)):
        raise OwnHand(who=", ".join(sorted(names(others).values())))
    return hands


def refuse_changed(row: BuyOut, parts: Sequence[Part]) -> None:
    """Raises OfferChanged, CannotBuy, BuyerLeaving: what was consented to can no longer be done just so."""
    if row.buyer_id is not None:
        refuse_buyer(row.buyer_id, seller_id=row.seller_id)
    found = changed(parts, position_of(row.seller_id), group().currency, whole=row.whole)
    if found:
        known = things(found)
        raise OfferChanged(what=", ".join(thing(key, known) for key in found))


def _post(row: BuyOut, parts: Sequence[Part], *, by: uuid.UUID) -> Posted | None:
    """The entry; none where all that passes on is carried at nothing and nothing is owed."""
    told = lines(row, parts)
    if not told:
        return None
    source, key = (SOURCE, row.id), f"buy_out:{row.id}"
    return post(Draft(PostingKind.BUY_OUT, today(), told, source=source, key=key, subject=row.seller_id), by=by)
