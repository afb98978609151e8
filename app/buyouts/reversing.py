"""Taking a buy-out back where nothing rests on it: entry and rows are mirrored, and the price is owed no more."""

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.assets.models import AssetShare
from app.assets.shares import undo_moves as undo_shares
from app.audit.log import record
from app.buyouts import telling
from app.buyouts.approving import SOURCE
from app.buyouts.errors import AlreadyReversed, NotEffective
from app.buyouts.leaving import asked_since, give_back
from app.buyouts.models import BuyOut, BuyOutState
from app.buyouts.queries import buy_out_row, parts_of, states_of
from app.buyouts.rules import Key, PartKind, State
from app.buyouts.saying import say
from app.buyouts.words import thing, things
from app.core.db import session
from app.groups.models import Member
from app.groups.services.members import lock_group
from app.holdings.models import HoldingShare, Move
from app.holdings.moving import undo_moves as undo_holdings
from app.holdings.reversing import growth_used
from app.ledgers import lots
from app.ledgers.books import reverse
from app.ledgers.entries import refuse_resting
from app.ledgers.models import Entry
from app.payouts.queries import resting_on
from app.payouts.services import no_longer_owed


def reverse_buy_out(buy_out_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> BuyOutState:
    """Give back what passed on, as if it had not. `on` is an open day.

    Raises NoSuchBuyOut, NotEffective, AlreadyReversed, SomethingRestsOnIt with the list, PeriodClosed, NotEnough.
    """
    lock_group()
    row, done = refuse_reversal(buy_out_id)
    source, entry = (SOURCE, row.id), _entry(done)
    mirrored = reverse(entry, by=by, on=on, reason=reason, subject=row.seller_id) if entry else None
    entry_id = mirrored.id if mirrored else None
    undo_holdings(source, entry_id=entry_id)
    undo_shares(source, entry_id=entry_id)
    no_longer_owed(source, by=by)
    give_back(row, source=source, by=by)
    said = say(row, State.REVERSED, by=by, words=reason, entry_id=entry_id)
    record("reverse", "buy_out", row.id, by=by, after={"reason": reason}, about=row.seller_id, severity="notice")
    telling.taken_back(row)
    return said


def refuse_reversal(buy_out_id: uuid.UUID) -> tuple[BuyOut, BuyOutState]:
    """The buy-out and its approval, when nothing stands against undoing it.

    Raises NoSuchBuyOut, NotEffective, AlreadyReversed, SomethingRestsOnIt.
    """
    row = buy_out_row(buy_out_id)
    states = {State(said.state): said for said in states_of([row.id])[row.id]}
    if State.REVERSED in states:
        raise AlreadyReversed
    if State.EFFECTIVE not in states:
        raise NotEffective
    refuse_resting(SOURCE, row.id)
    return row, states[State.EFFECTIVE]


def entry_of(buy_out_id: uuid.UUID) -> Entry | None:
    """What undoing a buy-out mirrors; none of one that moved no amount. Raises as `refuse_reversal` does."""
    return _entry(refuse_reversal(buy_out_id)[1])


def _entry(done: BuyOutState) -> Entry | None:
    return session().scalar(sa.select(Entry).where(Entry.id == done.entry_id)) if done.entry_id else None


def resting(buy_out_id: uuid.UUID) -> list[str]:
    """What rests on a buy-out: its price paid, what was bought passed on, savings or growth used, who leaves since."""
    row = buy_out_row(buy_out_id)
    done = next((said for said in states_of([row.id])[row.id] if said.state == State.EFFECTIVE), None)
    if done is None:
        return []
    found = resting_on((SOURCE, row.id))
    if done.entry_id is not None:
        found += [*lots.resting([done.entry_id]), *growth_used(done.entry_id)]
    return [*found, *_passed_on(row), *_left(row, done)]


def _passed_on(row: BuyOut) -> Sequence[str]:
    keys = [(part.kind, part.of) for part in parts_of([row.id])[row.id]]
    gone: list[Key] = [key for key in keys if key[1] is not None and _lessened(row, key)]
    known = things(gone)
    return [_("some of “%(name)s” was sold or passed on since", name=thing(key, known)) for key in gone]


def _lessened(row: BuyOut, key: Key) -> bool:
    """Whether the buyer gave up any of it since, by a record that stands."""
    kind, of = key
    query = _units_given(row, of) if kind is PartKind.HOLDING else _share_given(row, of)
    table = HoldingShare if kind is PartKind.HOLDING else AssetShare
    mine = table.member_id == row.buyer_id if row.buyer_id else table.member_id.is_(None)
    return session().scalar(query.where(mine).limit(1)) is not None


def _units_given(row: BuyOut, of: uuid.UUID | None) -> sa.Select[uuid.UUID]:
    undone, own = sa.orm.aliased(Move), sa.orm.aliased(Move)
    moved = sa.select(sa.func.max(own.recorded_at)).where(own.source_kind == SOURCE, own.source_id == row.id)
    return (
        sa.select(Move.id)
        .join(HoldingShare, HoldingShare.move_id == Move.id)
        .where(Move.investment_id == of, Move.recorded_at > moved.scalar_subquery(), Move.undoes_id.is_(None))
        .where(sa.or_(HoldingShare.units < 0, HoldingShare.cost < 0))
        .where(~sa.exists().where(undone.undoes_id == Move.id))
    )


def _share_given(row: BuyOut, of: uuid.UUID | None) -> sa.Select[uuid.UUID]:
    undone, own = sa.orm.aliased(AssetShare), sa.orm.aliased(AssetShare)
    moved = sa.select(sa.func.max(own.recorded_at)).where(own.source_kind == SOURCE, own.source_id == row.id)
    return (
        sa.select(AssetShare.id)
        .where(AssetShare.asset_id == of, AssetShare.reverses_id.is_(None))
        .where(AssetShare.recorded_at > moved.scalar_subquery(), sa.or_(AssetShare.percent < 0, AssetShare.amount < 0))
        .where(~sa.exists().where(undone.reverses_id == AssetShare.id))
    )


def _left(row: BuyOut, done: BuyOutState) -> Sequence[str]:
    """Whoever asked to leave since was promised what they had then, and who left has nothing more."""
    sides = [row.seller_id, *([row.buyer_id] if row.buyer_id else [])]
    people = session().scalars(sa.select(Member).where(Member.id.in_(sides)).order_by(Member.display_name))
    found = []
    for who in people:
        if who.status == "left":
            found.append(_("%(name)s has left the group", name=who.display_name))
        elif asked_since(who.id, done.id):
            found.append(_("%(name)s has asked to leave since", name=who.display_name))
    return found
