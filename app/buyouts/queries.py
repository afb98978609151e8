"""Reads of buy-outs: one with all that was said, and their list."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.buyouts.errors import NoSuchBuyOut
from app.buyouts.models import BuyOut, BuyOutPart, BuyOutState
from app.buyouts.rules import ENDS, Part, PartKind, Side, Standing, State, standing_of
from app.buyouts.valuing import Valuation
from app.buyouts.words import things, who
from app.core.db import session
from app.core.keys import open_for
from app.core.rows import row_with
from app.groups.models import Member
from app.ledgers.models import Entry
from app.web.keyset import Cursor, Slice, slice_of

ENDED = tuple(state.value for state in ENDS)


def buy_out_row(buy_out_id: uuid.UUID) -> BuyOut:
    """A buy-out. Raises NoSuchBuyOut."""
    return row_with(BuyOut, buy_out_id, NoSuchBuyOut)


def states_of(buy_out_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[BuyOutState]]:
    """What was said about buy-outs, in the order it was said."""
    found: dict[uuid.UUID, list[BuyOutState]] = {buy_out_id: [] for buy_out_id in buy_out_ids}
    query = sa.select(BuyOutState).where(BuyOutState.buy_out_id.in_(buy_out_ids))
    for row in session().scalars(query.order_by(BuyOutState.recorded_at, BuyOutState.id)):
        found[row.buy_out_id].append(row)
    return found


def standing(states: Iterable[BuyOutState]) -> Standing:
    """Where a buy-out stands."""
    return standing_of([State(row.state) for row in states])


def consented(states: Iterable[BuyOutState]) -> dict[Side, BuyOutState]:
    """The consents that were given, by side."""
    return {Side(row.side): row for row in states if row.side is not None}


def parts_of(buy_out_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Part]]:
    """What is sold in buy-outs, as it was offered."""
    found: dict[uuid.UUID, list[Part]] = {buy_out_id: [] for buy_out_id in buy_out_ids}
    query = sa.select(BuyOutPart).where(BuyOutPart.buy_out_id.in_(buy_out_ids))
    for row in session().scalars(query.order_by(BuyOutPart.buy_out_id, BuyOutPart.position)):
        of = row.investment_id or row.asset_id
        told = (row.amount, row.value, of, row.quantity, row.held, row.recorded)
        found[row.buy_out_id].append(Part(PartKind(row.kind), *told))
    return found


def reference_of(row: BuyOut) -> str | None:
    """How the price went between two persons, opened."""
    return open_for(session().group_id, row.reference_sealed, reference_place(row.id)) if row.reference_sealed else None


def words_of(row: BuyOutState) -> str | None:
    """What was written about a state, opened."""
    return open_for(session().group_id, row.words_sealed, words_place(row.id)) if row.words_sealed else None


def reference_place(row_id: uuid.UUID) -> str:
    """What a sealed reference is bound to."""
    return f"buy_out|{row_id}"


def words_place(row_id: uuid.UUID) -> str:
    """What sealed words about a state are bound to."""
    return f"buy_out_state|{row_id}"


@dataclass(frozen=True)
class Told:
    """Something that was said: whose word it is, who wrote it down, and what was written with it."""

    row: BuyOutState
    member: str
    recorder: str
    words: str | None


@dataclass(frozen=True)
class View:
    """Everything that the page of a buy-out shows. `held`, the value of all the seller had, is None where hidden."""

    buy_out: BuyOut
    seller: Member
    buyer: Member | None
    standing: Standing
    parts: Sequence[Part]
    names: dict[uuid.UUID, str]  # of what is sold
    sold: Valuation
    held: Valuation | None
    told: Sequence[Told]
    consents: dict[Side, BuyOutState]
    reference: str | None
    entry: Entry | None

    @property
    def sides(self) -> set[uuid.UUID]:
        """Who sells and who buys, where that is a member."""
        return {self.buy_out.seller_id} | ({self.buy_out.buyer_id} if self.buy_out.buyer_id else set())

    def of_what_is_sold(self) -> "View":
        """The same without what else the seller had: no business of who buys."""
        return replace(self, held=None, parts=[replace(part, held=None) for part in self.parts])


def view(buy_out_id: uuid.UUID) -> View:
    """A buy-out with its parts, its values and its story. Raises NoSuchBuyOut."""
    row = buy_out_row(buy_out_id)
    states, parts = states_of([row.id])[row.id], parts_of([row.id])[row.id]
    wanted = [row.seller_id, *([row.buyer_id] if row.buyer_id else [])]
    people = {found.id: found for found in session().scalars(sa.select(Member).where(Member.id.in_(wanted)))}
    sold, held = Valuation.read(row.inputs["sold"]), Valuation.read(row.inputs["held"])
    named = [(PartKind.ASSET, value.asset_id) for value in held.assets]
    return View(
        buy_out=row,
        seller=people[row.seller_id],
        buyer=people[row.buyer_id] if row.buyer_id else None,
        standing=standing(states),
        parts=parts,
        names=things([*((part.kind, part.of) for part in parts), *named]),
        sold=sold,
        held=held,
        told=_told(states),
        consents=consented(states),
        reference=reference_of(row),
        entry=_entry(states),
    )


def _told(states: Sequence[BuyOutState]) -> list[Told]:
    people = who([person for row in states for person in (row.member_id, row.recorded_by)])
    return [
        Told(row, people.get(row.member_id, "?"), people.get(row.recorded_by, "?"), words_of(row)) for row in states
    ]


def _entry(states: Sequence[BuyOutState]) -> Entry | None:
    entry_id = next((row.entry_id for row in states if row.state == State.EFFECTIVE), None)
    return session().scalar(sa.select(Entry).where(Entry.id == entry_id)) if entry_id else None


@dataclass(frozen=True)
class Line:
    """A buy-out in a list."""

    buy_out: BuyOut
    seller: str
    buyer: str
    standing: Standing


def buy_outs_page(
    *, state: Standing | None = None, member_id: uuid.UUID | None = None, at: Cursor | None = None
) -> Slice[Line]:
    """Buy-outs, the latest first: all or a member's own, in one standing or in any."""
    wanted = sa.select(BuyOut)
    if member_id is not None:
        wanted = wanted.where(sa.or_(BuyOut.seller_id == member_id, BuyOut.buyer_id == member_id))
    if state is not None:
        wanted = wanted.where(_stands(state))
    return slice_of(_lines, wanted, by=(BuyOut.id,), key=lambda line: (line.buy_out.id,), at=at, newest_first=True)


def _lines(query: sa.Select[Any]) -> list[Line]:
    rows = session().scalars(query).all()
    if not rows:
        return []
    states = states_of([row.id for row in rows])
    people = who([person for row in rows for person in (row.seller_id, row.buyer_id)])
    return [Line(row, people[row.seller_id], people[row.buyer_id], standing(states[row.id])) for row in rows]


def every_line() -> list[Line]:
    """All buy-outs, the latest first."""
    return _lines(sa.select(BuyOut).order_by(BuyOut.id.desc()))


def _stands(wanted: Standing) -> sa.ColumnElement[bool]:
    if wanted is Standing.EFFECTIVE:
        return sa.and_(_said(State.EFFECTIVE), ~_said(State.REVERSED))
    if wanted not in (Standing.OFFERED, Standing.AGREED):
        return _said(State(wanted.value))
    both = sa.and_(_said(State.CONSENTED, Side.SELLER), _said(State.CONSENTED, Side.BUYER))
    return sa.and_(_unended(), both if wanted is Standing.AGREED else ~both)


def _unended() -> sa.ColumnElement[bool]:
    return ~sa.exists().where(BuyOutState.buy_out_id == BuyOut.id, BuyOutState.state.in_(ENDED))


def unended(member_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    """The buy-outs of a member, as seller or buyer, that nobody has ended."""
    sides = sa.or_(BuyOut.seller_id == member_id, BuyOut.buyer_id == member_id)
    return sa.select(BuyOut.id).where(sides, _unended())


def _said(state: State, side: Side | None = None) -> sa.ColumnElement[bool]:
    said = sa.exists().where(BuyOutState.buy_out_id == BuyOut.id, BuyOutState.state == state.value)
    return said if side is None else said.where(BuyOutState.side == side.value)


def count_of(state: Standing) -> int:
    """How many buy-outs stand so."""
    return session().scalar(sa.select(sa.func.count()).select_from(BuyOut).where(_stands(state))) or 0


def waiting_for(member_id: uuid.UUID) -> list[BuyOut]:
    """The open buy-outs that lack this member's own consent, the oldest first."""
    sides = ((BuyOut.seller_id, Side.SELLER), (BuyOut.buyer_id, Side.BUYER))
    lacks = sa.or_(*(sa.and_(column == member_id, ~_said(State.CONSENTED, side)) for column, side in sides))
    return list(session().scalars(sa.select(BuyOut).where(_stands(Standing.OFFERED), lacks).order_by(BuyOut.id)))


def found_under(key: str) -> BuyOut | None:
    """The offer that was made under a key."""
    return session().scalar(sa.select(BuyOut).where(BuyOut.idempotency_key == key))
