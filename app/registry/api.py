"""Endpoints of the register: parties, units, deeds and sets."""

import uuid
from typing import Any, Literal

from flask import Response, g

from app.groups.access import needs
from app.registry import deeds as deed_verbs
from app.registry import exporting, lists, parties, sets, units
from app.registry.blueprint import api
from app.registry.gathering import today
from app.registry.picking import tidy
from app.registry.queries import named, party, unit_row
from app.registry.rules import Kind, UnitType
from app.registry.schemas import (
    DeedChangeIn,
    DeedIn,
    DeedOut,
    EndIn,
    PartyChangeIn,
    PartyIn,
    PartyOut,
    PartyWholeOut,
    SaleIn,
    SetChangeIn,
    SetDeedIn,
    SetIn,
    SetOut,
    TaxNumberOut,
    UnitChangeIn,
    UnitIn,
    UnitOut,
    deed_out,
    party_out,
    party_whole_out,
    set_out,
    shares_in,
    unit_out,
)
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed, whole
from app.web.api.once import deed_key
from app.web.api.shapes import Shape


class PartiesAsked(Shape):
    """Which parties."""

    q: str = ""
    kind: Kind | None = None


class UnitsAsked(Shape):
    """Which units; of an asset."""

    q: str = ""
    asset: uuid.UUID | None = None
    type: UnitType | None = None


class DeedsAsked(Shape):
    """Which deeds: those in force today, or all that were not withdrawn; of a set, of a party."""

    q: str = ""
    standing: Literal["in_force", "all"] = "in_force"
    set: uuid.UUID | None = None
    party: uuid.UUID | None = None


@api.get("/parties", endpoint="parties")
@needs("money.see")
@endpoint("Parties of the register", covers="registry.parties", paged=True)
def parties_list(query: PartiesAsked) -> Listing[PartyOut]:
    """By code."""
    at = keyset.asked(str, uuid.UUID)
    return listed(lists.parties_page(search=tidy(query.q), kind=query.kind or "", at=at), party_out)


@api.get("/parties.csv")
@needs("money.see")
@endpoint("Parties as a file", covers="registry.parties_csv", media="text/csv")
def parties_csv() -> Response:
    """With the columns that an import reads; without tax numbers."""
    return exporting.parties_file()


@api.get("/parties/<uuid:party_id>", endpoint="party")
@needs("money.see")
@endpoint("A party", covers="registry.party")
def party_read(party_id: uuid.UUID) -> PartyWholeOut:
    """With how to reach it."""
    return party_whole_out(named(party_id), party(party_id))


@api.post("/parties")
@needs("money.record")
@endpoint("Enter a party", covers=("registry.party_new", "registry.party_create"), status=201)
def party_create(body: PartyIn) -> PartyWholeOut:
    """Somebody from outside, a member, or the group itself."""
    told = {name: value for name, value in body if name != "member"}
    row = parties.make_party(member_id=body.member, by=g.member.id, key=deed_key(), **told)
    return party_whole_out(named(row.id), row)


@api.put("/parties/<uuid:party_id>")
@needs("money.record")
@endpoint("Change a party", covers=("registry.party_edit", "registry.party_change"))
def party_change(party_id: uuid.UUID, body: PartyChangeIn) -> PartyWholeOut:
    """All of it at once."""
    told = {name: value for name, value in body if name != "member"}
    row = parties.edit_party(party_id, by=g.member.id, member_id=body.member, **told)
    return party_whole_out(named(row.id), row)


@api.post("/parties/<uuid:party_id>/tax-number")
@needs("money.record")
@endpoint("Read a tax number", covers="registry.tax_number", secret=True)
def tax_number(party_id: uuid.UUID) -> TaxNumberOut:
    """That it was read is written down."""
    return TaxNumberOut(tax_id=parties.reveal_tax_id(party_id, by=g.member.id))


@api.get("/units", endpoint="units")
@needs("money.see")
@endpoint("Units of the register", covers="registry.units", paged=True)
def units_list(query: UnitsAsked) -> Listing[UnitOut]:
    """By code."""
    at = keyset.asked(str, uuid.UUID)
    told: dict[str, Any] = {"search": tidy(query.q), "type_": query.type or "", "asset_id": query.asset}
    return listed(lists.units_page(at=at, **told), unit_out)


@api.get("/units.csv")
@needs("money.see")
@endpoint("Units as a file", covers="registry.units_csv", media="text/csv")
def units_csv() -> Response:
    """With the columns that an import reads."""
    return exporting.units_file()


@api.get("/units/<uuid:unit_id>")
@needs("money.see")
@endpoint("A unit", covers="registry.unit")
def unit(unit_id: uuid.UUID) -> UnitOut:
    """What is known of it."""
    return unit_out(unit_row(unit_id))


@api.post("/units")
@needs("money.record")
@endpoint("Enter a unit", covers=("registry.unit_new", "registry.unit_create"), status=201)
def unit_create(body: UnitIn) -> UnitOut:
    """Its code is unique in the group."""
    told = {name: value for name, value in body if name not in {"type", "asset", "address"}}
    told |= {"address": body.address or "", "asset_id": body.asset}
    row = units.make_unit(type_=body.type, by=g.member.id, key=deed_key(), **told)
    return unit_out(row)


@api.put("/units/<uuid:unit_id>")
@needs("money.record")
@endpoint("Change a unit", covers=("registry.unit_edit", "registry.unit_change"))
def unit_change(unit_id: uuid.UUID, body: UnitChangeIn) -> UnitOut:
    """All of it at once."""
    told = {name: value for name, value in body if name not in {"type", "asset", "address"}}
    told |= {"address": body.address or "", "asset_id": body.asset, "type": body.type.value}
    return unit_out(units.edit_unit(unit_id, by=g.member.id, **told))


@api.get("/deeds", endpoint="deeds")
@needs("money.see")
@endpoint("Deeds", covers=("registry.deeds", "registry.set"), paged=True)
def deeds_list(query: DeedsAsked) -> Listing[DeedOut]:
    """By code of their unit."""
    on = today() if query.standing == "in_force" else None
    at = keyset.asked(str, uuid.UUID)
    asked: dict[str, Any] = {"search": tidy(query.q), "set_id": query.set, "party_id": query.party}
    return listed(lists.deeds_page(on=on, at=at, **asked), deed_out)


@api.get("/deeds.csv")
@needs("money.see")
@endpoint("Deeds as a file", covers="registry.deeds_csv", media="text/csv")
def deeds_csv() -> Response:
    """Those that were not withdrawn."""
    return exporting.deeds_file()


@api.get("/deeds/<uuid:deed_id>")
@needs("money.see")
@endpoint("A deed", covers="registry.deed")
def deed(deed_id: uuid.UUID) -> DeedOut:
    """With its owners."""
    return deed_out(lists.deed_line(deed_id))


@api.post("/deeds")
@needs("money.record")
@endpoint("Enter a deed", covers=("registry.deed_new", "registry.deed_create"), status=201)
def deed_create(body: DeedIn) -> DeedOut:
    """The owners' shares come to 100."""
    told = {name: value for name, value in body if name in {"indiviso", "usage", "starts_on", "ends_on", "sets"}}
    given: dict[str, Any] = {"unit_id": body.unit, "responsible_id": body.responsible, "owners": shares_in(body.owners)}
    return deed_out(lists.deed_line(deed_verbs.make_deed(by=g.member.id, key=deed_key(), **given, **told).id))


@api.put("/deeds/<uuid:deed_id>")
@needs("money.record")
@endpoint("Say who answers for a deed", covers=("registry.deed_edit", "registry.deed_change"))
def deed_change(deed_id: uuid.UUID, body: DeedChangeIn) -> DeedOut:
    """And what its unit is used for."""
    deed_verbs.edit_deed(deed_id, responsible_id=body.responsible, usage=body.usage, by=g.member.id)
    return deed_out(lists.deed_line(deed_id))


@api.post("/deeds/<uuid:deed_id>/end")
@needs("money.record")
@endpoint("End a deed", covers=("registry.deed_end_new", "registry.deed_end"))
def deed_end(deed_id: uuid.UUID, body: EndIn) -> DeedOut:
    """The day is its last."""
    deed_verbs.end_deed(deed_id, on=body.on, by=g.member.id)
    return deed_out(lists.deed_line(deed_id))


@api.post("/deeds/<uuid:deed_id>/sale")
@needs("money.record")
@endpoint("Pass a deed on", covers=("registry.sale_new", "registry.sale_create"), status=201)
def sale_create(deed_id: uuid.UUID, body: SaleIn) -> DeedOut:
    """It ends the day before; the new one has the same weight in the same sets."""
    told: dict[str, Any] = {
        "from_on": body.from_on,
        "responsible_id": body.responsible,
        "owners": shares_in(body.owners),
    }
    return deed_out(lists.deed_line(deed_verbs.pass_on(deed_id, by=g.member.id, key=deed_key(), **told).id))


@api.post("/deeds/<uuid:deed_id>/withdrawal")
@needs("money.record")
@endpoint("Withdraw a deed", covers="registry.deed_withdraw")
def deed_withdraw(deed_id: uuid.UUID) -> DeedOut:
    """It was mistyped and counts for no month."""
    deed_verbs.withdraw_deed(deed_id, by=g.member.id)
    return deed_out(lists.deed_line(deed_id))


@api.get("/deed-sets", endpoint="sets")
@needs("money.see")
@endpoint("Sets of deeds", covers="registry.sets")
def sets_list() -> Listing[SetOut]:
    """By name, with what the indivisos come to today."""
    return whole(lists.set_lines(today()), set_out)


@api.post("/deed-sets")
@needs("money.record")
@endpoint("Make a set", covers=("registry.set_new", "registry.set_create"), status=201)
def set_create(body: SetIn) -> SetOut:
    """Without deeds at first."""
    return set_out(lists.set_line(sets.make_set(name=body.name, by=g.member.id, key=deed_key()).id, today()))


@api.put("/deed-sets/<uuid:set_id>")
@needs("money.record")
@endpoint("Change a set", covers=("registry.set_edit", "registry.set_change"))
def set_change(set_id: uuid.UUID, body: SetChangeIn) -> SetOut:
    """Its name, and whether it takes part."""
    sets.edit_set(set_id, name=body.name, active=body.active, by=g.member.id)
    return set_out(lists.set_line(set_id, today()))


@api.post("/deed-sets/<uuid:set_id>/deeds")
@needs("money.record")
@endpoint("Put a deed into a set", covers="registry.set_deed_add")
def set_deed_add(set_id: uuid.UUID, body: SetDeedIn) -> SetOut:
    """There already, nothing changes."""
    sets.put_deed(set_id, body.deed, by=g.member.id)
    return set_out(lists.set_line(set_id, today()))


@api.delete("/deed-sets/<uuid:set_id>/deeds/<uuid:deed_id>")
@needs("money.record")
@endpoint("Take a deed out of a set", covers="registry.set_deed_remove")
def set_deed_remove(set_id: uuid.UUID, deed_id: uuid.UUID) -> SetOut:
    """What was levied before stays."""
    sets.take_deed(set_id, deed_id, by=g.member.id)
    return set_out(lists.set_line(set_id, today()))
