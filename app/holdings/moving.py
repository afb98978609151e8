"""Shares of investments move: appended by whatever record moves them, and undone by appending the opposite."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import psycopg
import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.holdings.errors import LessThanNothing
from app.holdings.models import Move
from app.holdings.rules import ZERO
from app.ledgers import chart
from app.ledgers.balances import balance
from app.ledgers.heads import today
from app.ledgers.models import Entry

_LINES = sa.text(
    "INSERT INTO holding_share (group_id, move_id, line, investment_id, member_id, units, cost)"
    " SELECT :group_id, :move_id, l.line, :investment_id, l.member_id, l.units, l.cost"
    " FROM unnest(:members, :units, :costs) WITH ORDINALITY AS l (member_id, units, cost, line)"
).bindparams(
    *(sa.bindparam(name, type_=sa.Uuid) for name in ("group_id", "move_id", "investment_id")),
    sa.bindparam("members", type_=sa.ARRAY(sa.Uuid)),
    *(sa.bindparam(name, type_=sa.ARRAY(sa.Numeric)) for name in ("units", "costs")),
)
_OPPOSITE = sa.text(
    "INSERT INTO holding_share (group_id, move_id, line, investment_id, member_id, units, cost)"
    " SELECT group_id, :move_id, line, investment_id, member_id, -units, -cost"
    " FROM holding_share WHERE group_id = :group_id AND move_id = :undone"
).bindparams(*(sa.bindparam(name, type_=sa.Uuid) for name in ("group_id", "move_id", "undone")))


class NotWhole(RuntimeError):
    """Shares were moved otherwise than the books: a programming error, never an answer to a person."""


@dataclass(frozen=True)
class HoldingMove:
    """Units and their cost that a holder gains, or gives up where they are below zero. The group itself is None."""

    investment_id: uuid.UUID
    member_id: uuid.UUID | None
    units: Decimal
    cost: Decimal


def move_holdings(
    rows: Sequence[HoldingMove], *, source: tuple[str, uuid.UUID], entry_id: uuid.UUID | None, on: date | None = None
) -> None:
    """Append what a record did to shares, after its entry was posted, under the group's lock.

    `on` is only for a record without an entry. Raises LessThanNothing when somebody would hold less than nothing;
    NotWhole when the cost of an investment is not what the books say afterwards.
    """
    moved_on = _day_of(entry_id) or on or today()
    for investment_id in dict.fromkeys(row.investment_id for row in rows):
        own = [row for row in rows if row.investment_id == investment_id and (row.units or row.cost)]
        if not own:
            continue
        move = Move(
            id=new_id(),
            investment_id=investment_id,
            units=sum((row.units for row in own), ZERO),
            cost=sum((row.cost for row in own), ZERO),
            moved_on=moved_on,
            source_kind=source[0],
            source_id=source[1],
            entry_id=entry_id,
        )
        _append(move, _LINES, _columns(own))
    _compare(row.investment_id for row in rows)


def undo_moves(source: tuple[str, uuid.UUID], *, entry_id: uuid.UUID | None) -> None:
    """Append the opposite of all a record moved, once its entry was reversed by the entry `entry_id`.

    What was undone before stays so. Raises LessThanNothing when its units went on, and NotWhole.
    """
    undone = sa.orm.aliased(Move)
    moves = session().scalars(
        sa.select(Move)
        .where(Move.source_kind == source[0], Move.source_id == source[1], Move.undoes_id.is_(None))
        .where(~sa.exists().where(undone.undoes_id == Move.id))
        .order_by(Move.recorded_at.desc(), Move.id.desc())
    )
    made, moved_on = moves.all(), _day_of(entry_id) or today()
    for move in made:
        opposite = Move(
            id=new_id(),
            investment_id=move.investment_id,
            units=-move.units,
            cost=-move.cost,
            moved_on=moved_on,
            source_kind=move.source_kind,
            source_id=move.source_id,
            entry_id=entry_id,
            undoes_id=move.id,
        )
        _append(opposite, _OPPOSITE, {"undone": move.id})
    _compare(move.investment_id for move in made)


def _day_of(entry_id: uuid.UUID | None) -> date | None:
    return session().scalar(sa.select(Entry.effective_on).where(Entry.id == entry_id)) if entry_id else None


def _columns(rows: Sequence[HoldingMove]) -> dict[str, object]:
    return {
        "investment_id": rows[0].investment_id,
        "members": [row.member_id for row in rows],
        "units": [row.units for row in rows],
        "costs": [row.cost for row in rows],
    }


def _append(move: Move, lines: sa.TextClause, values: dict[str, object]) -> None:
    """A move and all its lines in one statement: the database looks at them together."""
    session().add(move)
    session().flush()
    told = {"group_id": session().group_id, "move_id": move.id, **values}
    try:
        session().execute(lines, told, execution_options={"core_ok": True})  # one array, not thousands of objects
    except sa.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.Error) and error.orig.sqlstate == "PP026":
            raise LessThanNothing from error
        raise


def _compare(investment_ids: Iterable[uuid.UUID]) -> None:
    for investment_id in sorted(set(investment_ids)):
        kept = session().scalar(sa.select(sa.func.sum(Move.cost)).where(Move.investment_id == investment_id)) or ZERO
        booked = balance(chart.Account("investment", investment_id))
        if kept != booked:
            raise NotWhole(f"investment {investment_id} costs {kept} by its shares and {booked} in the books")
