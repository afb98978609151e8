"""Appending what is said about a buy-out: consents, by oneself or on paper, and the ends that are no approval."""

import uuid

from app.audit.log import record
from app.buyouts import telling
from app.buyouts.errors import (
    ConsentedAlready,
    ConsentsThemselves,
    Ended,
    NotYours,
    OfficerWanted,
    OtherSide,
)
from app.buyouts.models import BuyOut, BuyOutState
from app.buyouts.newcomers import let_go
from app.buyouts.queries import buy_out_row, consented, standing, states_of, words_place
from app.buyouts.rules import Side, Standing, State
from app.buyouts.words import STANDINGS
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.groups.models import Member
from app.groups.queries import member, permissions_used
from app.groups.rules import ENTERS
from app.groups.services.members import lock_group

OPEN = (Standing.OFFERED, Standing.AGREED)


def say(
    row: BuyOut,
    state: State,
    *,
    by: uuid.UUID,
    side: Side | None = None,
    member_id: uuid.UUID | None = None,
    written: bool = False,
    unchecked: bool = False,
    words: str | None = None,
    entry_id: uuid.UUID | None = None,
) -> BuyOutState:
    """Append what was said. `member_id` is whose word it is, who wrote it down unless it is a consent."""
    said = BuyOutState(
        id=new_id(),
        buy_out_id=row.id,
        state=state.value,
        side=side.value if side else None,
        member_id=member_id if side else by,
        written=written,
        unchecked=unchecked,
        entry_id=entry_id,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    said.words_sealed = seal_for(session().group_id, words, words_place(said.id)) if words else None
    session().add(said)
    session().flush()
    return said


def open_one(buy_out_id: uuid.UUID) -> tuple[BuyOut, list[BuyOutState]]:
    """A buy-out that nobody has ended, with what was said, under the group's lock. Raises NoSuchBuyOut, Ended."""
    lock_group()
    row = buy_out_row(buy_out_id)
    states = states_of([row.id])[row.id]
    stands = standing(states)
    if stands not in OPEN:
        raise Ended(standing=STANDINGS[stands])
    return row, states


def side_of(row: BuyOut, member_id: uuid.UUID) -> Side | None:
    """On which side a member speaks: an officer who is not the seller speaks for the group that buys."""
    if member_id == row.seller_id:
        return Side.SELLER
    if row.buyer_id is None:
        return Side.BUYER if "money.record" in permissions_used(member_id) else None
    return Side.BUYER if member_id == row.buyer_id else None


def consent(buy_out_id: uuid.UUID, *, by: uuid.UUID) -> BuyOutState:
    """Say yes: for oneself, or as an officer for the group that buys.

    Raises NoSuchBuyOut, Ended, NotYours, ConsentedAlready.
    """
    row, states = open_one(buy_out_id)
    side = side_of(row, by)
    if side is None:
        raise NotYours
    person = by if side is Side.SELLER or row.buyer_id is not None else None
    return _consent(row, states, side, person=person, by=by)


def consent_on_paper(buy_out_id: uuid.UUID, side: Side, *, words: str, by: uuid.UUID) -> BuyOutState:
    """Record the written consent of somebody who cannot sign in; `words` say where the paper is.

    Raises NoSuchBuyOut, Ended, OfficerWanted, OtherSide, ConsentsThemselves, ConsentedAlready.
    """
    row, states = open_one(buy_out_id)
    if "money.record" not in permissions_used(by):
        raise OfficerWanted
    if by in (row.seller_id, row.buyer_id):
        raise OtherSide
    person = row.seller_id if side is Side.SELLER else row.buyer_id
    if person is None:
        raise ConsentedAlready if side in consented(states) else NotYours
    who = member(person)
    if signs_in(who):
        raise ConsentsThemselves(name=who.display_name)
    return _consent(row, states, side, person=person, by=by, words=words)


def signs_in(who: Member) -> bool:
    """Whether somebody can sign in, and so consents with their own hand."""
    return who.user_id is not None and who.status in ENTERS


def _consent(
    row: BuyOut,
    states: list[BuyOutState],
    side: Side,
    *,
    person: uuid.UUID | None,
    by: uuid.UUID,
    words: str | None = None,
) -> BuyOutState:
    if side in consented(states):
        raise ConsentedAlready
    written = person is not None and person != by
    said = say(row, State.CONSENTED, side=side, member_id=person, by=by, written=written, words=words)
    record("accept", "buy_out", row.id, by=by, after={"side": side.value, "written": written}, about=row.seller_id)
    telling.consented(row, [*states, said])
    return said


def decline(buy_out_id: uuid.UUID, *, reason: str | None, by: uuid.UUID) -> BuyOutState:
    """Say no: the side that was asked, or an officer who does not approve. Raises NoSuchBuyOut, Ended, NotYours."""
    row, _states = open_one(buy_out_id)
    officer = by != row.seller_id and permissions_used(by) & {"money.record", "money.approve"}
    if not (officer or by == row.buyer_id or (by == row.seller_id and by != row.offered_by)):
        raise NotYours
    return _end(row, State.DECLINED, "reject", reason=reason, by=by)


def withdraw(buy_out_id: uuid.UUID, *, reason: str | None, by: uuid.UUID) -> BuyOutState:
    """Take an offer back: who made it, or who sells. Raises NoSuchBuyOut, Ended, NotYours."""
    row, _states = open_one(buy_out_id)
    if by not in (row.offered_by, row.seller_id):
        raise NotYours
    return _end(row, State.WITHDRAWN, "withdraw", reason=reason, by=by)


def _end(row: BuyOut, state: State, action: str, *, reason: str | None, by: uuid.UUID) -> BuyOutState:
    said = say(row, state, by=by, words=reason)
    let_go(row)
    record(action, "buy_out", row.id, by=by, after={"reason": reason} if reason else None, about=row.seller_id)
    telling.ended(row, state, by=by)
    return said
