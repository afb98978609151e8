"""From a valid form to its verb: what the views of this room call, so that they stay a parse and an answer."""

import uuid
from typing import Any

from flask import g

from app.groups.queries import group
from app.registry import deeds, details, parties, sets, units
from app.registry.forms import (
    DeedChangeForm,
    DeedForm,
    NewPartyForm,
    PartyForm,
    PassOnForm,
    SetDeedForm,
    SetForm,
    UnitForm,
)
from app.registry.gathering import today
from app.registry.lists import DeedLine, members_outside
from app.registry.models import Deed, Party, Unit
from app.registry.picking import told
from app.registry.queries import deed_of_unit, group_stands
from app.registry.rules import ZERO, Kind, UnitType, Usage

GROUP = "group"


def new_party_form(**data: Any) -> NewPartyForm:
    """The form for a party, with the members who are none yet."""
    own = None if group_stands() else group().name
    return NewPartyForm(members=members_outside(), group=own, data={"kind": Kind.PERSON.value, **data})


def add_party(form: NewPartyForm) -> Party:
    """Enter the party of the form."""
    who = form.member.data or ""
    return parties.make_party(
        member_id=uuid.UUID(who) if who not in ("", GROUP) else None,
        is_group=who == GROUP,
        code=form.code.data,
        by=g.member.id,
        key=form.key,
        tax_id=form.tax_id.data,
        **_typed(form),
    )


def _typed(form: NewPartyForm | PartyForm) -> dict[str, Any]:
    return {
        "kind": Kind(form.kind.data),
        "name": form.name.data,
        "professional": bool(form.professional.data),
        "family_count": form.family_count.data or 0,
        "email": form.email.data,
        "phone": form.phone.data,
        "address": form.address.data,
    }


def party_form(row: Party) -> PartyForm:
    """The form with what is known of a party."""
    known = {name: text for name, text in details.details_of(row).items() if name != "tax_id"}
    members = None if row.member_id or row.is_group else members_outside()
    told_ = {**parties.shown(row), **known, "member": "", "version": parties.version_of(row)}
    return PartyForm(members=members, data=told_)


def change_party(row: Party, form: PartyForm) -> None:
    """Change a party as the form says."""
    told_: dict[str, Any] = {"code": form.code.data or "", "active": bool(form.active.data)}
    chosen = form.member.data if "member" in form else None
    told_ |= {"version": form.version.data or "", "member_id": uuid.UUID(chosen) if chosen else None}
    parties.edit_party(row.id, by=g.member.id, tax_id=form.tax_id.data, **told_, **_typed(form))


def unit_form(row: Unit | None = None) -> UnitForm:
    """The form of a unit, with what is known of it."""
    known = {} if row is None else {**units.shown(row), "asset": row.asset_id or "", "version": units.version_of(row)}
    return UnitForm(assets=units.assets().items(), data=known)


def _unit(form: UnitForm) -> dict[str, Any]:
    return {
        "code": form.code.data or "",
        "area": form.area.value,
        "asset_id": uuid.UUID(form.asset.data) if form.asset.data else None,
        "address": form.address.data or "",
    }


def add_unit(form: UnitForm) -> Unit:
    """Enter the unit of the form."""
    return units.make_unit(type_=UnitType(form.type.data), by=g.member.id, key=form.key, **_unit(form))


def change_unit(row: Unit, form: UnitForm) -> None:
    """Change a unit as the form says."""
    told_ = {"type": form.type.data, "active": bool(form.active.data)}
    units.edit_unit(row.id, by=g.member.id, version=form.version.data or "", **told_, **_unit(form))


def add_deed(form: DeedForm) -> Deed:
    """Enter the deed of the form."""
    assert form.unit.unit is not None  # noqa: S101  # the form is valid
    return deeds.make_deed(
        unit_id=form.unit.unit.id,
        owners=form.shares(),
        indiviso=form.indiviso.value if form.indiviso.value is not None else ZERO,
        starts_on=form.starts_on.data or today(),
        ends_on=form.ends_on.data,
        responsible_id=form.responsible.party.id if form.responsible.party else None,
        usage=Usage(form.usage.data),
        sets=form.sets.data or (),
        by=g.member.id,
        key=form.key,
    )


def pass_on(deed_id: uuid.UUID, form: PassOnForm) -> Deed:
    """Give a deed's unit to the owners of the form."""
    return deeds.pass_on(
        deed_id,
        owners=form.shares(),
        from_on=form.from_on.data or today(),
        responsible_id=form.responsible.party.id if form.responsible.party else None,
        by=g.member.id,
        key=form.key,
    )


def deed_change_form(line: DeedLine) -> DeedChangeForm:
    """The form with who answers for a deed now."""
    return DeedChangeForm(data={"responsible": told(line.responsible), "usage": line.deed.usage})


def change_deed(deed_id: uuid.UUID, form: DeedChangeForm) -> None:
    """Change who answers for a deed, as the form says."""
    assert form.responsible.party is not None  # noqa: S101  # the form is valid
    deeds.edit_deed(deed_id, responsible_id=form.responsible.party.id, usage=Usage(form.usage.data), by=g.member.id)


def put_unit(set_id: uuid.UUID, form: SetDeedForm) -> None:
    """Put the deed of the form's unit into a set. Raises NoDeed."""
    assert form.unit.unit is not None  # noqa: S101  # the form is valid
    sets.put_deed(set_id, deed_of_unit(form.unit.unit).id, by=g.member.id)


def change_set(set_id: uuid.UUID, form: SetForm) -> None:
    """Change a set as the form says."""
    sets.edit_set(set_id, name=form.name.data or "", active=bool(form.active.data), by=g.member.id)
