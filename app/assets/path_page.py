"""What the pages of a path of money show, who may see it, and the record that looking at another member's leaves."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import g, url_for
from flask_babel import gettext as _

from app.assets.path import Held, Owns, Path, Turned
from app.audit.log import record
from app.core.db import transaction
from app.core.errors import NotFound
from app.groups.access import may
from app.groups.models import Member
from app.groups.queries import member as member_with
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


@dataclass(frozen=True)
class Step:
    """A step of the path after money was paid in: its day, what happened, to what, and the value there."""

    on: date
    what: str
    name: str
    url: str
    amount: Decimal
    note: str = ""


def steps(path: Path) -> list[Step]:
    """Every step in the order of days: invested, converted, owned, passed on, sold."""
    found = [_invested(one) for one in path.held]
    assets = {one.asset.id: one for one in path.owned}
    found += [_turned(path, one, assets[one.asset_id].asset.acquired_on) for one in path.turned]
    for one in path.owned:
        found += _owned(one)
    for moved in path.passed:
        what = _("Share received") if moved.percent >= 0 else _("Share passed on")
        note = percent(abs(moved.percent))
        found.append(Step(moved.on, what, path.name_of(moved.asset_id), _asset(moved.asset_id), moved.amount, note))
    return sorted(found, key=lambda step: step.on)


def _asset(asset_id: uuid.UUID) -> str:
    return url_for("assets.asset", asset_id=asset_id)


def _invested(one: Held) -> Step:
    url = url_for("holdings.investment", investment_id=one.investment.id)
    note = _("%(units)s units", units=number(one.units))
    return Step(one.on, _("Invested"), one.investment.name, url, one.cost, note)


def _turned(path: Path, one: Turned, on: date) -> Step:
    told = {"cost": money(one.cost), "name": path.name_of(one.asset_id)}
    note = _("cost %(cost)s, into “%(name)s”", **told)
    return Step(on, _("Converted"), path.name_of(one.investment_id), _asset(one.asset_id), one.value, note)


def _owned(one: Owns) -> list[Step]:
    found = []
    if one.top_up:
        found.append(
            Step(one.asset.acquired_on, _("Added from savings"), one.asset.name, _asset(one.asset.id), one.top_up)
        )
    if one.percent or one.amount:
        note = _("%(share)s of it", share=percent(one.percent))
        found.append(Step(one.asset.acquired_on, _("Owned"), one.asset.name, _asset(one.asset.id), one.amount, note))
    if one.got is not None:
        note = _("growth %(growth)s", growth=money(one.got.growth, signed=True)) if one.got.growth else ""
        what = _("Sold: back in savings")
        found.append(Step(one.got.sale.sold_on, what, one.asset.name, _asset(one.asset.id), one.got.savings, note))
    return found
