"""What is proved of buy-outs: consents and approval, entries, rows of shares, and what is owed for them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.assets.models import AssetShare
from app.buyouts.approving import SOURCE
from app.buyouts.booking import holding_moves, lines, share_moves
from app.buyouts.models import BuyOut, BuyOutState
from app.buyouts.queries import consented, parts_of, states_of
from app.buyouts.rules import ZERO, Side, State
from app.core.db import session
from app.core.rooms import Check
from app.holdings.models import HoldingShare, Move
from app.ledgers import chart
from app.ledgers.models import Account, Entry, Posting
from app.payouts.models import Payable, PayableEnd

Row = tuple[BuyOut, BuyOutState, BuyOutState | None]  # a buy-out, its approval, its reversal


def _effective() -> list[Row]:
    undone = sa.orm.aliased(BuyOutState)
    back = sa.and_(undone.buy_out_id == BuyOut.id, undone.state == State.REVERSED, undone.group_id == BuyOut.group_id)
    rows = session().execute(
        sa.select(BuyOut, BuyOutState, undone)
        .join(BuyOutState, sa.and_(BuyOutState.buy_out_id == BuyOut.id, BuyOutState.state == State.EFFECTIVE))
        .outerjoin(undone, back)
        .order_by(BuyOut.id)
    )
    return [(row, done, back) for row, done, back in rows]


def consents() -> Check:
    """Both sides consented before each approval, and whoever approved is neither."""
    rows = _effective()
    states = states_of([row.id for row, _done, _back in rows])
    faults = []
    for row, done, _back in rows:
        given = consented(states[row.id])
        if len(given) < len(Side) or any(said.recorded_at > done.recorded_at for said in given.values()):
            faults.append(_("Buy-out %(id)s took effect without the consent of both sides.", id=row.id))
        if done.recorded_by in (row.seller_id, row.buyer_id):
            faults.append(_("Buy-out %(id)s was approved by one of its sides.", id=row.id))
    return Check(_("Consents to buy-outs"), len(rows), faults)


def entries() -> Check:
    """Each buy-out in effect has one entry of just its lines, reversed if and only if it is; no entry is alone."""
    rows, faults = _effective(), []
    parts, posted = parts_of([row.id for row, _done, _back in rows]), _posted()
    for row, done, back in rows:
        told = [(line.account, line.amount) for line in lines(row, parts[row.id])]
        found = posted.pop(done.entry_id, None) if done.entry_id else Booked(row.id, [], back is not None)
        if found is None or Booked(row.id, _sorted(told), back is not None) != found:
            faults.append(_("Buy-out %(id)s and its entry do not say the same.", id=row.id))
    faults += [_("Entry %(id)s is of a buy-out that is not in effect.", id=entry_id) for entry_id in posted]
    return Check(_("Entries of buy-outs"), len(rows), faults)


@dataclass(frozen=True)
class Booked:
    """An entry of a buy-out: its lines, and whether it was reversed."""

    source_id: uuid.UUID | None
    lines: Sequence[Any]
    undone: bool


def _posted() -> dict[uuid.UUID | None, Booked]:
    undone = sa.orm.aliased(Entry)
    query = (
        sa.select(Entry.id, Entry.source_id, Account.kind, Account.owner_id, Posting.amount, undone.id.is_not(None))
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .outerjoin(undone, sa.and_(undone.reverses_id == Entry.id, undone.group_id == Entry.group_id))
        .where(Entry.source_kind == SOURCE, Entry.reverses_id.is_(None))
    )
    found: dict[uuid.UUID | None, Booked] = {}
    for entry_id, source_id, kind, owner, amount, is_undone in session().execute(query):
        booked = found.get(entry_id, Booked(source_id, [], is_undone))
        told = _sorted([*booked.lines, (chart.Account(kind, owner), amount)])
        found[entry_id] = Booked(source_id, told, is_undone)
    return found


def _sorted(told: Iterable[Any]) -> list[Any]:
    return sorted(told, key=str)


def shares() -> Check:
    """What each buy-out moved of investments and assets is what was offered, and nothing once it is reversed."""
    rows, faults = _effective(), []
    parts, units, percents = parts_of([row.id for row, _done, _back in rows]), _units(), _percents()
    for row, _done, back in rows:
        units_told = [
            (one.investment_id, one.member_id, one.units, one.cost) for one in holding_moves(row, parts[row.id])
        ]
        told = [] if back else [*units_told, *share_moves(row, parts[row.id])]
        wanted = _sums((row.id, *one) for one in told)
        found = {key: value for key, value in (units | percents).items() if key[0] == row.id}
        if wanted != found:
            faults.append(_("Buy-out %(id)s did not move what was offered.", id=row.id))
    return Check(_("Shares that buy-outs moved"), len(rows), faults)


def _sums(rows: Iterable[Sequence[Any]]) -> dict[tuple[Any, ...], tuple[Decimal, Decimal]]:
    """(source, thing, owner) with the sums of quantity and amount, where they are not nothing."""
    found: dict[tuple[Any, ...], tuple[Decimal, Decimal]] = {}
    for source_id, of, owner, quantity, amount in rows:
        before = found.get((source_id, of, owner), (ZERO, ZERO))
        found[source_id, of, owner] = before[0] + quantity, before[1] + amount
    return {key: value for key, value in found.items() if any(value)}


def _units() -> dict[tuple[Any, ...], tuple[Decimal, Decimal]]:
    held = (HoldingShare.investment_id, HoldingShare.member_id, HoldingShare.units, HoldingShare.cost)
    query = sa.select(Move.source_id, *held).join(HoldingShare, HoldingShare.move_id == Move.id)
    return _sums(session().execute(query.where(Move.source_kind == SOURCE)))


def _percents() -> dict[tuple[Any, ...], tuple[Decimal, Decimal]]:
    owned = (AssetShare.asset_id, AssetShare.member_id, AssetShare.percent, AssetShare.amount)
    return _sums(session().execute(sa.select(AssetShare.source_id, *owned).where(AssetShare.source_kind == SOURCE)))


def owed() -> Check:
    """What the group bought is owed to the seller at its price, once, and nothing else is owed for buy-outs."""
    wanted = {
        (row.id, row.seller_id, row.price, back is not None)
        for row, _done, back in _effective()
        if row.buyer_id is None and row.price
    }
    ended = sa.exists().where(PayableEnd.payable_id == Payable.id)
    query = sa.select(Payable.source_id, Payable.member_id, Payable.amount, ended).where(Payable.source_kind == SOURCE)
    found = {tuple(row) for row in session().execute(query)}
    unlike = sorted({row[0] for row in wanted ^ found}, key=str)
    faults = [_("What is owed for buy-out %(id)s is not its price.", id=buy_out_id) for buy_out_id in unlike]
    return Check(_("Prices owed for buy-outs"), len(wanted), faults)


CHECKS = (consents, entries, shares, owed)
