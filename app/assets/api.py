"""Endpoints of assets: lists, making one, selling it, taking either back, and the path of a member's money."""

import uuid
from datetime import date

from flask import g

from app.assets import asset_page, lists
from app.assets.asking import ask_conversion, ask_purchase, ask_reversal, ask_sale
from app.assets.blueprint import api
from app.assets.path import path_of
from app.assets.path_page import read_by, whose
from app.assets.path_schemas import PathOut, path_out
from app.assets.planning import plan_conversion, plan_purchase
from app.assets.queries import asset_row, made_under, sale_row
from app.assets.schemas import (
    AssetOut,
    AssetWholeOut,
    ConversionIn,
    OwnerOut,
    PlanOut,
    PurchaseIn,
    SaleIn,
    SalePlanOut,
    UndoIn,
    asset_out,
    owner_out,
    plan_out,
    sale_plan_out,
    whole_out,
)
from app.assets.selling import plan_sale
from app.groups.access import needs
from app.ledgers.approvals import Outcome
from app.ledgers.undoing import day_of_undoing
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


@api.get("/assets", endpoint="assets")
@needs("group.see")
@endpoint("Assets", covers="assets.assets", paged=True)
def assets_list() -> Listing[AssetOut]:
    """The latest first, those that were sold or taken back among them."""
    return listed(lists.assets_page(g.member.id, at=keyset.asked(date, uuid.UUID)), asset_out)


@api.get("/assets/<uuid:asset_id>")
@needs("group.see")
@endpoint("An asset", covers="assets.asset")
def asset(asset_id: uuid.UUID) -> AssetWholeOut:
    """With its description, where it came from, and its sale."""
    return whole_out(asset_page.view_of(asset_id))


@api.get("/assets/<uuid:asset_id>/owners")
@needs("money.see")
@endpoint("Who owns an asset", covers="assets.owners_csv", paged=True)
def owners(asset_id: uuid.UUID) -> Listing[OwnerOut]:
    """The members by number; of one that was sold, who owned it then. The group's own part stands with the asset."""
    view = asset_page.view_of(asset_id)
    found = lists.owners_page(asset_id, sale=view.line.sale, at=keyset.asked(str, uuid.UUID))
    return listed(found, owner_out)


@api.post("/assets/conversions")
@needs("money.record")
@endpoint("Convert investments", covers=("assets.conversion_new", "assets.conversion_create"), status=201)
def conversion_create(body: ConversionIn) -> AssetWholeOut | Waiting:
    """Into one asset, whole. Above the group's threshold it waits for a second person."""
    return _made(ask_conversion(body.wanted(deed_key()), by=g.member.id, read=body.mark))


@api.post("/assets/conversions/preview")
@needs("money.record")
@endpoint("What a conversion would do", covers="assets.conversion_preview")
def conversion_preview(body: ConversionIn) -> PlanOut:
    """To each owner, those who lack savings with how much. Nothing is recorded."""
    return plan_out(plan_conversion(body.wanted(deed_key())))


@api.post("/assets/purchases")
@needs("money.record")
@endpoint("Buy an asset", covers=("assets.purchase_new", "assets.purchase_create"), status=201)
def purchase_create(body: PurchaseIn) -> AssetWholeOut | Waiting:
    """With the savings of everybody who has some: an investment of one unit, converted at once."""
    return _made(ask_purchase(body.wanted(deed_key()), by=g.member.id, read=body.mark))


@api.post("/assets/purchases/preview")
@needs("money.record")
@endpoint("What a purchase would do", covers="assets.purchase_preview")
def purchase_preview(body: PurchaseIn) -> PlanOut:
    """To each owner. Nothing is recorded."""
    return plan_out(plan_purchase(body.wanted(deed_key())))


@api.post("/assets/<uuid:asset_id>/sale")
@needs("money.record")
@endpoint("Sell an asset", covers=("assets.sale_new", "assets.sale_create"), status=201)
def sale_create(asset_id: uuid.UUID, body: SaleIn) -> AssetWholeOut | Waiting:
    """The whole of it. Above the group's threshold it waits for a second person."""
    asset_row(asset_id)
    return _of(asset_id, ask_sale(body.selling(asset_id, deed_key()), by=g.member.id, read=body.mark))


@api.post("/assets/<uuid:asset_id>/sale/preview")
@needs("money.record")
@endpoint("What the sale of an asset would do", covers="assets.sale_preview")
def sale_preview(asset_id: uuid.UUID, body: SaleIn) -> SalePlanOut:
    """To each owner. Nothing is recorded."""
    return sale_plan_out(plan_sale(body.selling(asset_id, deed_key())))


@api.post("/assets/<uuid:asset_id>/reversal")
@needs("money.record")
@endpoint("Take an asset back", covers=("assets.asset_reversal", "assets.asset_reverse"))
def asset_reverse(asset_id: uuid.UUID, body: UndoIn) -> AssetWholeOut | Waiting:
    """Its investments are held again as before. Refused, with the list, where something rests on it."""
    return _of(asset_id, _undo("asset", asset_id, asset_row(asset_id).entry_id, body))


@api.post("/assets/sales/<uuid:sale_id>/reversal")
@needs("money.record")
@endpoint("Take the sale of an asset back", covers=("assets.sale_reversal", "assets.sale_reverse"))
def sale_reverse(sale_id: uuid.UUID, body: UndoIn) -> AssetWholeOut | Waiting:
    """Its owners own it again. Refused, with the list, where something rests on it."""
    row = sale_row(sale_id)
    return _of(row.asset_id, _undo("asset_sale", sale_id, row.entry_id, body))


@api.get("/members/<uuid:member_id>/money-path")
@needs("group.see")
@endpoint("The path of a member's money", covers="assets.money_path")
def money_path(member_id: uuid.UUID) -> PathOut:
    """From what was paid in to holdings and assets. Of others only with the right money.see."""
    member = whose(member_id)
    read_by(g.member, member.id)
    return path_out(path_of(member.id))


@api.get("/assets/<uuid:asset_id>/paths/<uuid:member_id>")
@needs("group.see")
@endpoint("The path of a member's money into an asset", covers="assets.asset_path")
def asset_path(asset_id: uuid.UUID, member_id: uuid.UUID) -> PathOut:
    """Of others only with the right money.see."""
    row, member = asset_row(asset_id), whose(member_id)
    read_by(g.member, member.id)
    return path_out(path_of(member.id, row.id))


def _undo(kind: str, record_id: uuid.UUID, entry_id: uuid.UUID | None, body: UndoIn) -> Outcome:
    on = day_of_undoing(asset_page.entries_of(entry_id), on_its_day=body.when == "original")
    told = body.model_dump(include={"reason", "overdraft"})
    return ask_reversal(kind, record_id, on=on, by=g.member.id, key=deed_key(), **told)


def _made(outcome: Outcome) -> AssetWholeOut | Waiting:
    """The asset that was made under this deed's key, unless it waits."""
    return Waiting(outcome.request_id) if outcome.waits else whole_out(asset_page.view_of(made_under(deed_key())))


def _of(asset_id: uuid.UUID, outcome: Outcome) -> AssetWholeOut | Waiting:
    return Waiting(outcome.request_id) if outcome.waits else whole_out(asset_page.view_of(asset_id))
