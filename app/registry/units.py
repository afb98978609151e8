"""Units: entering them, changing what is known, putting them aside."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.rooms import rooms
from app.groups.errors import Stale
from app.groups.rules import fingerprint
from app.groups.services.members import lock_group
from app.registry.errors import BadDetail, CodeTaken, NoSuchAsset
from app.registry.models import Unit
from app.registry.once import said_the_same
from app.registry.queries import unit_row
from app.registry.rules import UnitType, area_of, code_of

EDITABLE = ("code", "type", "area", "asset_id", "address", "active")
LONGEST_ADDRESS = 300


def make_unit(
    *,
    code: str,
    by: uuid.UUID | None,
    key: str,
    type_: UnitType = UnitType.APARTMENT,
    area: Decimal | None = None,
    asset_id: uuid.UUID | None = None,
    address: str = "",
) -> Unit:
    """Enter a unit, once for each key; its area is in square metres.

    Raises CodeMissing, CodeTaken, BadArea, NoSuchAsset, BadDetail, SentOtherwise.
    """
    lock_group()
    if (found := session().scalar(sa.select(Unit).where(Unit.idempotency_key == key))) is not None:
        said = {"area": area_of(area), "asset_id": asset_id, "address": _address(address)}
        return said_the_same(found, code=code_of(code), type=type_.value, **said)
    row = Unit(
        id=new_id(),
        code=_free(code_of(code), None),
        type=type_.value,
        area=area_of(area),
        asset_id=_asset(asset_id),
        address=_address(address),
        active=True,
        idempotency_key=key,
        recorded_by=by,
    )
    session().add(row)
    session().flush()
    record("create", "unit", row.id, by=by, after=shown(row))
    return row


def edit_unit(unit_id: uuid.UUID, *, by: uuid.UUID, version: str | None = None, **changes: Any) -> Unit:
    """Change what is known of a unit (EDITABLE). `version` is the fingerprint of what the form showed.

    Raises NoSuchUnit, Stale, and what `make_unit` raises.
    """
    lock_group()
    row = unit_row(unit_id)
    session().refresh(row)
    before = shown(row)
    if version is not None and version != version_of(row):
        raise Stale
    wanted = {name: changes[name] for name in EDITABLE if name in changes}
    checks: Mapping[str, Any] = {
        "code": lambda text: _free(code_of(text), row.id),
        "area": area_of,
        "asset_id": _asset,
        "address": _address,
    }
    for name, value in wanted.items():
        setattr(row, name, checks[name](value) if name in checks else value)
    session().flush()
    record("update", "unit", row.id, by=by, before=before, after=shown(row))
    return row


def shown(row: Unit) -> dict[str, Any]:
    """The values of a unit that a form shows."""
    return {name: getattr(row, name) for name in EDITABLE}


def version_of(row: Unit) -> str:
    """What a form carries of the values it showed."""
    return fingerprint(shown(row))


def assets() -> Mapping[uuid.UUID, str]:
    """The names of the group's assets by id; the room that has them is above this one and says them."""
    return {
        asset_id: name
        for room in rooms()
        if (told := room.labels.get("asset")) is not None
        for asset_id, name in told().items()
    }


def _asset(asset_id: uuid.UUID | None) -> uuid.UUID | None:
    if asset_id is not None and asset_id not in assets():
        raise NoSuchAsset(field="asset")
    return asset_id


def _address(text: str) -> str:
    address = " ".join(text.split())
    if len(address) > LONGEST_ADDRESS:
        raise BadDetail(field="address", limit=LONGEST_ADDRESS)
    return address


def _free(code: str, own: uuid.UUID | None) -> str:
    same = sa.select(Unit.id).where(sa.func.lower(Unit.code) == code.lower())
    if session().scalar(same if own is None else same.where(Unit.id != own)) is not None:
        raise CodeTaken(field="code", code=code)
    return code
