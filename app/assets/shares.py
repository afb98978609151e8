"""Movements of shares: rows above and below zero that keep each asset whole; rooms above pass shares on by them."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _

from app.assets.errors import MoreThanOwned
from app.assets.models import Asset, AssetShare
from app.assets.queries import owners
from app.assets.rules import Owner
from app.core.db import session
from app.core.ids import new_id
from app.groups.queries import names
from app.ledgers.errors import SomethingRestsOnIt
from app.ledgers.heads import today
from app.ledgers.models import Entry

UUIDS = sa.ARRAY(sa.Uuid)


class ShareMove(NamedTuple):
    """What an owner gains of an asset, below zero what they give up: per cent, and the part of the recorded value.

    Without a member it is the group's own.
    """

    asset_id: uuid.UUID
    member_id: Owner
    percent: Decimal
    amount: Decimal


def move_shares(
    rows: Sequence[ShareMove], *, source: tuple[str, uuid.UUID], entry_id: uuid.UUID | None, on: date | None = None
) -> None:
    """Append movements that `source` makes, under the group's lock; the day is the entry's unless it is said.

    All movements of an event are given at once: afterwards each asset is still whole, or wholly gone, and the database
    refuses anything else. Raises MoreThanOwned.
    """
    moved = [row for row in rows if row.percent or row.amount]
    if found := _below_zero(moved):
        owner, name = found[0]
        raise MoreThanOwned(owner=owner, name=name)
    _append(moved, source=source, entry_id=entry_id, on=on, mirrored=None)


def undo_moves(source: tuple[str, uuid.UUID], *, entry_id: uuid.UUID | None, on: date | None = None) -> None:
    """Mirror every movement of a source that stands, when that source is taken back.

    Raises SomethingRestsOnIt when a share that it brought has passed on since.
    """
    standing = moves_of(source)
    back = [ShareMove(row.asset_id, row.member_id, -row.percent, -row.amount) for row in standing]
    if found := _below_zero(back):
        told = [_("%(owner)s’s share of “%(name)s” has passed on since", owner=who, name=name) for who, name in found]
        raise SomethingRestsOnIt(what="; ".join(told))
    _append(back, source=source, entry_id=entry_id, on=on, mirrored=[row.id for row in standing])


def moves_of(source: tuple[str, uuid.UUID]) -> list[AssetShare]:
    """The movements that a source made and that stand, in the order they were written."""
    mirror = sa.orm.aliased(AssetShare)
    query = sa.select(AssetShare).where(
        AssetShare.source_kind == source[0],
        AssetShare.source_id == source[1],
        AssetShare.reverses_id.is_(None),
        ~sa.exists().where(mirror.reverses_id == AssetShare.id),
    )
    return list(session().scalars(query.order_by(AssetShare.id)))


def _below_zero(rows: Sequence[ShareMove]) -> list[tuple[str, str]]:
    """Who would own less than nothing of what, by their names."""
    if not any(row.percent < 0 or row.amount < 0 for row in rows):
        return []
    left = {(own.asset_id, own.member_id): (own.percent, own.amount) for own in owners({row.asset_id for row in rows})}
    for row in rows:
        percent, amount = left.get((row.asset_id, row.member_id), (Decimal(0), Decimal(0)))
        left[row.asset_id, row.member_id] = percent + row.percent, amount + row.amount
    short = [key for key, amounts in left.items() if min(amounts) < 0]
    people = names([member_id for _asset, member_id in short]) if short else {}
    return [(_owner(people, member_id), _name(asset_id)) for asset_id, member_id in short]


def _owner(people: Any, member_id: Owner) -> str:
    return people.get(member_id, "?") if member_id else str(_("The group"))


def _name(asset_id: uuid.UUID) -> str:
    return session().scalars(sa.select(Asset.name).where(Asset.id == asset_id)).one()


def _append(
    rows: Sequence[ShareMove],
    *,
    source: tuple[str, uuid.UUID],
    entry_id: uuid.UUID | None,
    on: date | None,
    mirrored: Sequence[uuid.UUID] | None,
) -> None:
    """One statement, however many rows: the database looks at the whole after each one."""
    if not rows:
        return
    session().flush()  # the asset itself may be new
    columns: dict[str, Any] = {
        "group_id": sa.literal(session().group_id),
        "id": _many([new_id() for _row in rows], UUIDS),
        "asset_id": _many([row.asset_id for row in rows], UUIDS),
        "member_id": _many([row.member_id for row in rows], UUIDS),
        "percent": _many([row.percent for row in rows], sa.ARRAY(sa.Numeric)),
        "amount": _many([row.amount for row in rows], sa.ARRAY(sa.Numeric)),
        "reverses_id": _many(mirrored or [None for _row in rows], UUIDS),
        "moved_on": sa.literal(on or _day_of(entry_id)),
        "source_kind": sa.literal(source[0]),
        "source_id": sa.literal(source[1]),
        "entry_id": sa.literal(entry_id, sa.Uuid),
    }
    written = sa.insert(AssetShare).from_select(list(columns), sa.select(*columns.values()))
    session().connection().execute(written)


def _many(values: Sequence[Any], kind: Any) -> sa.ColumnElement[Any]:
    return sa.func.unnest(sa.bindparam(None, list(values), type_=kind, unique=True))


def _day_of(entry_id: uuid.UUID | None) -> date:
    if entry_id is None:
        return today()
    return session().scalars(sa.select(Entry.effective_on).where(Entry.id == entry_id)).one()
