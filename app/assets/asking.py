"""Making, selling and undoing assets: done at once, or asked of a second person above the threshold."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.assets.converting import buy_asset, convert_holdings, made_before
from app.assets.errors import PlanChanged
from app.assets.models import Asset, AssetSale
from app.assets.planning import Plan, Wanted, plan_conversion, plan_purchase, refuse_lacking
from app.assets.queries import asset_row, sale_row
from app.assets.reversing import refuse_undoing, reverse_asset, reverse_sale
from app.assets.selling import Selling, plan_sale, sell_asset, sold_before
from app.core.db import session
from app.core.rooms import Approvable
from app.groups.queries import names
from app.groups.services.members import lock_group
from app.holdings.queries import investment
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account
from app.ledgers.entries import debits
from app.ledgers.models import Entry
from app.web.filters import day, money, percent

Payload = Mapping[str, Any]
Rows = list[tuple[Any, Any]]
LEAST = 3  # columns of an owner's row
MOST_OWNERS = 200  # of more than these who decides reads the list that the request leads to


def page_of(asset_id: uuid.UUID) -> str:
    """The page of an asset."""
    return url_for("assets.asset", asset_id=asset_id)


def ask_conversion(told: Wanted, *, by: uuid.UUID, read: str | None = None) -> Outcome:
    """Convert holdings, or ask for it: by the price or, where more is realised, by that.

    `read` is the mark of the plan that was confirmed. Raises as `convert_holdings` does.
    """
    lock_group()
    if done := made_before(told):
        return _done(done.id)
    plan = _confirmed(plan_conversion(told), read)
    refuse_lacking(plan)
    return _ask_making("assets.conversion", told, plan, by=by)


def ask_purchase(told: Wanted, *, by: uuid.UUID, read: str | None = None) -> Outcome:
    """Buy an asset directly, or ask for it. Raises as `buy_asset` does."""
    lock_group()
    if done := made_before(told):
        return _done(done.id)
    return _ask_making("assets.purchase", told, _confirmed(plan_purchase(told), read), by=by)


def ask_sale(told: Selling, *, by: uuid.UUID, read: str | None = None) -> Outcome:
    """Sell an asset, or ask for it: by the proceeds or, where it was worth more, by its recorded value."""
    lock_group()
    if done := sold_before(told):
        return _done(done.asset_id)
    plan = plan_sale(told)
    if read is not None and read != plan.mark:
        raise PlanChanged
    payload = {
        "asset_id": told.asset_id,
        "proceeds": told.proceeds,
        "on": told.on,
        "cash_account_id": told.cash_account_id,
    }
    parts = [[*part, plan.is_aside(part.owner)] for part in plan.parts[:MOST_OWNERS]]
    asked: dict[str, Any] = {"amount": max(plan.proceeds, plan.asset.price), "on": told.on, "by": by, "key": told.key}
    return approvals.ask_or_do("assets.sale", payload, **asked, found={"mark": plan.mark, "parts": parts})


def ask_reversal(
    kind: str, record_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str, overdraft: bool = False
) -> Outcome:
    """Undo an asset or an asset_sale, or ask for it: by the debits of its entry. Raises as the verbs do."""
    row = asset_row(record_id) if kind == "asset" else sale_row(record_id)
    refuse_undoing(kind, record_id)
    told = {"kind": kind, "record_id": record_id, "reason": reason, "on": on, "overdraft": overdraft}
    return approvals.ask_or_do("assets.reversal", told, amount=_size(row), on=on, by=by, key=key)


def _done(asset_id: uuid.UUID) -> Outcome:
    return Outcome(waits=False, request_id=None, url=page_of(asset_id))


def _confirmed(plan: Plan, read: str | None) -> Plan:
    if read is not None and read != plan.mark:
        raise PlanChanged
    return plan


def _ask_making(kind: str, told: Wanted, plan: Plan, *, by: uuid.UUID) -> Outcome:
    payload = {
        "name": told.name,
        "description": told.description,
        "price": told.price,
        "on": told.on,
        "values": {str(one.investment.id): one.value for one in plan.chosen},
        "cash_account_id": told.cash_account_id,
        "treasury_takes": told.treasury_takes,
    }
    parts = [[part.owner, part.percent, part.amount, part.top_up] for part in plan.parts[:MOST_OWNERS]]
    asked: dict[str, Any] = {"amount": max(plan.price, plan.conversion.value), "on": told.on, "by": by, "key": told.key}
    return approvals.ask_or_do(kind, payload, **asked, found={"mark": plan.mark, "parts": parts})


def _size(row: Asset | AssetSale) -> Decimal:
    entry = session().scalar(sa.select(Entry).where(Entry.id == row.entry_id)) if row.entry_id else None
    return debits(entry.postings) if entry else Decimal(0)


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _wanted(payload: Payload) -> Wanted:
    return Wanted(
        name=payload["name"],
        description=payload["description"],
        price=Decimal(payload["price"]),
        on=date.fromisoformat(payload["on"]),
        key=payload["key"],
        values={uuid.UUID(id_): Decimal(value) for id_, value in payload["values"].items()},
        cash_account_id=_id(payload["cash_account_id"]),
        treasury_takes=bool(payload["treasury_takes"]),
    )


def _convert(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    return page_of(convert_holdings(_wanted(payload), by=by, read=payload["mark"]).id)


def _buy(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    return page_of(buy_asset(_wanted(payload), by=by, read=payload["mark"]).id)


def _sell(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    told = Selling(
        asset_id=uuid.UUID(payload["asset_id"]),
        proceeds=Decimal(payload["proceeds"]),
        on=date.fromisoformat(payload["on"]),
        key=payload["key"],
        cash_account_id=_id(payload["cash_account_id"]),
    )
    return page_of(sell_asset(told, by=by, read=payload["mark"]).asset_id)


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    record_id, verb = uuid.UUID(payload["record_id"]), reverse_asset if payload["kind"] == "asset" else reverse_sale
    on, overdraft = date.fromisoformat(payload["on"]), bool(payload.get("overdraft"))
    verb(record_id, reason=payload["reason"], on=on, by=by, overdraft=overdraft)
    return page_of(record_id if payload["kind"] == "asset" else sale_row(record_id).asset_id)


def _describe_making(payload: Payload) -> Rows:
    rows: Rows = [
        (_("Asset"), payload["name"]),
        (_("Purchase value"), money(Decimal(payload["price"]))),
        (_("Day"), day(date.fromisoformat(payload["on"]))),
    ]
    for id_, value in payload["values"].items():
        rows.append((investment(uuid.UUID(id_)).name, _("taken at %(value)s", value=money(Decimal(value)))))
    if account := _id(payload["cash_account_id"]):
        rows.append((_("Cash account"), cash_account(account).name))
    if payload["treasury_takes"]:
        rows.append((_("The group owns what members lack"), _("Yes")))
    return [*rows, *_owners(payload["parts"])]


def _owners(parts: Sequence[Sequence[Any]]) -> Rows:
    people = names([_id(part[0]) for part in parts])
    rows: Rows = []
    for owner, share, amount, *paid in parts:
        words = f"{percent(Decimal(share))}, {money(Decimal(amount))}"
        if paid and Decimal(paid[0]):
            words += ", " + gettext("of which %(paid)s out of savings", paid=money(Decimal(paid[0])))
        rows.append((people.get(uuid.UUID(owner), "?") if owner else _("The group"), words))
    return rows


def _describe_sale(payload: Payload) -> Rows:
    row = asset_row(uuid.UUID(payload["asset_id"]))
    rows: Rows = [
        (_("Asset"), row.name),
        (_("Purchase value"), money(row.price)),
        (_("Sold for"), money(Decimal(payload["proceeds"]))),
        (_("Day"), day(date.fromisoformat(payload["on"]))),
    ]
    if account := _id(payload["cash_account_id"]):
        rows.append((_("Received in"), cash_account(account).name))
    whole = [part for part in payload["parts"] if len(part) > LEAST]  # fewer were kept of requests of long ago
    return [*rows, *(_sellers(whole) if whole else _owners(payload["parts"]))]


def _sellers(parts: Sequence[Sequence[Any]]) -> Rows:
    """What each owner gets back, and whose the gain or loss on it is."""
    people = names([_id(part[0]) for part in parts])
    rows: Rows = []
    for owner, share, amount, gain, aside in parts:
        part = gettext("%(amount)s of the value", amount=money(Decimal(amount)))
        words = f"{percent(Decimal(share))}, {part}{_gained(Decimal(gain), aside)}"
        rows.append((people.get(uuid.UUID(owner), "?") if owner else _("The group"), words))
    return rows


def _gained(gain: Decimal, aside: bool) -> str:  # noqa: FBT001  # a column of a row
    if not gain:
        return ""
    told = {"amount": money(abs(gain))}
    word = gettext("a gain of %(amount)s", **told) if gain > 0 else gettext("a loss of %(amount)s", **told)
    whose = gettext("for the treasury") if aside else gettext("in the realised growth")
    return f", {word} {whose}"


def _describe_reversal(payload: Payload) -> Rows:
    record_id = uuid.UUID(payload["record_id"])
    row = asset_row(record_id if payload["kind"] == "asset" else sale_row(record_id).asset_id)
    what = _("The asset itself") if payload["kind"] == "asset" else _("Its sale")
    on = date.fromisoformat(payload["on"])
    return [(_("Asset"), row.name), (_("Undone"), what), (_("Takes effect on"), day(on)), (_("Why"), payload["reason"])]


APPROVABLES = {
    "assets.conversion": Approvable(_("Holdings converted into an asset"), _convert, _describe_making),
    "assets.purchase": Approvable(_("Asset bought"), _buy, _describe_making),
    "assets.sale": Approvable(_("Asset sold"), _sell, _describe_sale),
    "assets.reversal": Approvable(_("Reversal of an asset or of its sale"), _reverse, _describe_reversal),
}
