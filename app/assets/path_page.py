"""What the pages of a path of money show, who may see it, and the record that looking at another member's leaves."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import g
from flask_babel import gettext as _

from app.assets import flow
from app.assets.path import Held, Owns, Path, Turned, path_of
from app.assets.queries import asset_row
from app.audit.log import record
from app.core.db import transaction
from app.core.errors import NotFound
from app.groups.access import may
from app.groups.models import Member
from app.groups.queries import group
from app.groups.queries import member as member_with
from app.ledgers.words import entry_kind
from app.web.filters import money, number, percent


def whose(member_id: uuid.UUID) -> Member:
    """The member, if whoever asks may see that money; for everyone else there is no such page. Raises NotFound."""
    if member_id != g.member.id and not may("money.see"):
        raise NotFound
    return member_with(member_id)


def read_by(reader: Member, member_id: uuid.UUID) -> None:
    """Put on record that somebody looked at another member's path; one's own is nobody's business."""
    if reader.id == member_id:
        return
    with transaction(user_id=reader.user_id, group_id=reader.group_id):  # a GET rolls back; that it was read is kept
        record("read", "money_path", member_id, by=reader.id, about=member_id)


def shown(member_id: uuid.UUID, asset_id: uuid.UUID | None = None) -> dict[str, Any]:
    """What the page of a path shows. Raises NoSuchAsset, NotFound; that another member's was read is kept."""
    into = asset_row(asset_id) if asset_id else None
    member = whose(member_id)
    read_by(g.member, member.id)
    path = path_of(member.id, asset_id)
    return {
        "member": member,
        "into": into,
        "path": path,
        "steps": steps(path),
        "figure": flow.drawn(path),
        "kind_name": entry_kind,
    }


@dataclass(frozen=True)
class Step:
    """A step of the path after money was paid in: its day, what happened, to what, and the value there.

    `asset_id` or, where it is None, `investment_id` says where it is shown.
    """

    on: date
    what: str
    name: str
    amount: Decimal
    note: str = ""
    asset_id: uuid.UUID | None = None
    investment_id: uuid.UUID | None = None


def steps(path: Path) -> list[Step]:
    """Every step in the order of days: invested, converted, owned, passed on, sold."""
    currency = group().currency
    found = [_invested(one) for one in path.held]
    since = {one.asset.id: one.asset.acquired_on for one in path.owned}
    found += [_turned(path, one, since[one.asset_id], currency) for one in path.turned]
    for one in path.owned:
        found += _owned(one, currency)
    for moved in path.passed:
        what = _("Share received") if moved.percent >= 0 else _("Share passed on")
        note, name = percent(abs(moved.percent)), path.name_of(moved.asset_id)
        found.append(Step(moved.on, what, name, moved.amount, note, moved.asset_id))
    return sorted(found, key=lambda step: step.on)


def _invested(one: Held) -> Step:
    note = _("%(units)s units", units=number(one.units))
    return Step(one.on, _("Invested"), one.investment.name, one.cost, note, investment_id=one.investment.id)


def _turned(path: Path, one: Turned, on: date, currency: str) -> Step:
    note = _("cost %(cost)s, into “%(name)s”", cost=money(one.cost, currency), name=path.name_of(one.asset_id))
    return Step(on, _("Converted"), path.name_of(one.investment_id), one.value, note, one.asset_id)


def _owned(one: Owns, currency: str) -> list[Step]:
    row, found = one.asset, []
    if one.top_up:
        found.append(Step(row.acquired_on, _("Added from savings"), row.name, one.top_up, asset_id=row.id))
    if one.percent or one.amount:
        note = _("%(share)s of it", share=percent(one.percent))
        found.append(Step(row.acquired_on, _("Owned"), row.name, one.amount, note, row.id))
    if one.got is not None:
        grown = money(one.got.growth, currency, signed=True)
        note = _("growth %(growth)s", growth=grown) if one.got.growth else ""
        found.append(Step(one.got.sale.sold_on, _("Sold: back in savings"), row.name, one.got.savings, note, row.id))
    return found
