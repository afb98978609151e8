"""Shapes of the register: parties, units, deeds and sets. Percentages and areas are text with a point."""

import re
import uuid
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.registry.details import details_of
from app.registry.lists import DeedLine, SetLine
from app.registry.models import Party, Unit
from app.registry.queries import PartyNamed
from app.registry.rules import Kind, Share, UnitType, Usage
from app.web.api.shapes import Day, Shape, Short, Text

_WRITTEN = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        raise PydanticCustomError("number", "Write the number as text with a point, like “33.3333”.")
    return Decimal(value)


Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    PlainSerializer(lambda value: f"{value:f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,9}(\.\d{1,4})?$", "examples": ["33.3333"]}),
]
Code = Annotated[Short, Field(max_length=40)]


class PartyOut(Shape):
    """Somebody in the register: a member, the group itself, or somebody from outside."""

    id: uuid.UUID
    code: str
    name: str
    kind: Kind
    professional: bool
    family_count: int
    member_id: uuid.UUID | None
    is_group: bool
    active: bool


class PartyWholeOut(PartyOut):
    """The same with how to reach them. `has_tax_number` says whether one is kept; reading it is a deed of its own."""

    email: str | None
    phone: str | None
    address: str | None
    has_tax_number: bool


class _PartyIn(Shape):
    code: Code | None = None
    kind: Kind = Field(default=Kind.PERSON, strict=False)
    professional: bool = False
    name: Text | None = None
    family_count: Annotated[int, Field(ge=0, le=99)] = 0
    email: Text | None = None
    phone: Text | None = None
    address: Text | None = None
    tax_id: Short | None = None


class PartyIn(_PartyIn):
    """A party. Of a member, or of the group itself, the name stands elsewhere; without a code one is given."""

    member: uuid.UUID | None = None
    is_group: bool = False


class PartyChangeIn(_PartyIn):
    """All that is known of a party. An empty tax number keeps the one there; `member` links who has become one."""

    code: Code
    active: bool = True
    member: uuid.UUID | None = None


class TaxNumberOut(Shape):
    """The tax number, opened; None where none is kept."""

    tax_id: str | None


class UnitOut(Shape):
    """A unit; its area is in square metres."""

    id: uuid.UUID
    code: str
    type: UnitType
    area: Number | None
    asset_id: uuid.UUID | None
    address: str
    active: bool


class UnitIn(Shape):
    """A unit; its area is in square metres."""

    code: Code
    type: UnitType = Field(default=UnitType.APARTMENT, strict=False)
    area: Number | None = None
    asset: uuid.UUID | None = None
    address: Text | None = None


class UnitChangeIn(UnitIn):
    """All that is known of a unit."""

    active: bool = True


class OwnerIn(Shape):
    """An owner's share of a deed, in per cent."""

    party: uuid.UUID
    share: Number


class OwnerOut(Shape):
    """An owner with the share, in per cent."""

    party_id: uuid.UUID
    code: str
    name: str
    share: Number


class DeedOut(Shape):
    """Who holds a unit from when, with its weight in common areas (per cent)."""

    id: uuid.UUID
    unit_id: uuid.UUID
    unit: str
    owners: list[OwnerOut]
    responsible_id: uuid.UUID
    responsible: str
    indiviso: Number
    usage: Usage
    starts_on: Day
    ends_on: Day | None
    active: bool


Owners = Annotated[list[OwnerIn], Field(min_length=1, max_length=60)]


class DeedIn(Shape):
    """A deed; who answers for it is its first owner unless another is named."""

    unit: uuid.UUID
    owners: Owners
    indiviso: Number
    usage: Usage = Field(default=Usage.OWNER_OCCUPIED, strict=False)
    responsible: uuid.UUID | None = None
    starts_on: Day
    ends_on: Day | None = None
    sets: Annotated[list[uuid.UUID], Field(max_length=50)] = []


class DeedChangeIn(Shape):
    """Who answers for a deed, and what its unit is used for."""

    responsible: uuid.UUID
    usage: Usage = Field(strict=False)


class SaleIn(Shape):
    """New owners from a day on."""

    owners: Owners
    from_on: Day
    responsible: uuid.UUID | None = None


class EndIn(Shape):
    """The last day of something."""

    on: Day


class SetOut(Shape):
    """A set with what the indivisos of its deeds in force come to today."""

    id: uuid.UUID
    name: str
    active: bool
    deeds: int
    total: Number


class SetIn(Shape):
    """A set of deeds."""

    name: Short


class SetChangeIn(SetIn):
    """The name of a set, and whether it takes part."""

    active: bool = True


class SetDeedIn(Shape):
    """A deed that is put into a set."""

    deed: uuid.UUID


def party_out(row: PartyNamed) -> PartyOut:
    """A party as it is answered."""
    return PartyOut.model_validate({name: getattr(row, name) for name in PartyOut.model_fields}, strict=False)


def party_whole_out(named: PartyNamed, row: Party) -> PartyWholeOut:
    """A party with how to reach it."""
    known = details_of(row)
    reached: dict[str, Any] = {name: known.get(name) for name in ("email", "phone", "address")}
    return PartyWholeOut(**party_out(named).model_dump(), **reached, has_tax_number="tax_id" in known)


def unit_out(row: Unit) -> UnitOut:
    """A unit as it is answered."""
    return UnitOut.model_validate({name: getattr(row, name) for name in UnitOut.model_fields}, strict=False)


def deed_out(line: DeedLine) -> DeedOut:
    """A deed as it is answered."""
    return DeedOut(
        id=line.deed.id,
        unit_id=line.unit.id,
        unit=line.unit.code,
        owners=[OwnerOut(party_id=who.id, code=who.code, name=who.name, share=share) for who, share in line.owners],
        responsible_id=line.responsible.id,
        responsible=line.responsible.name,
        indiviso=line.deed.indiviso,
        usage=Usage(line.deed.usage),
        starts_on=line.deed.starts_on,
        ends_on=line.deed.ends_on,
        active=line.deed.active,
    )


def set_out(line: SetLine) -> SetOut:
    """A set as it is answered."""
    return SetOut(id=line.set.id, name=line.set.name, active=line.set.active, deeds=line.deeds, total=line.total)


def shares_in(owners: list[OwnerIn]) -> list[Share]:
    """The owners as the verb takes them."""
    return [Share(one.party, one.share) for one in owners]
