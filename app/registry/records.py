"""Where the records of the register are shown, whether there is one, and who reads their documents."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.core.db import session
from app.registry.models import AllocationSet, Deed, Party, Unit
from app.registry.queries import deed_row, party, unit_row

PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "party": lambda id_: url_for("registry.party", party_id=id_),
    "unit": lambda id_: url_for("registry.unit", unit_id=id_),
    "deed": lambda id_: url_for("registry.deed", deed_id=id_),
    "allocation_set": lambda id_: url_for("registry.set", set_id=id_),
}


def _there(table: Any) -> Callable[[uuid.UUID], bool]:
    return lambda id_: session().scalar(sa.select(table.id).where(table.id == id_)) is not None


KNOWN: Mapping[str, Callable[[uuid.UUID], bool]] = {
    "party": _there(Party),
    "unit": _there(Unit),
    "deed": _there(Deed),
    "allocation_set": _there(AllocationSet),
}


def _read_by(row: Callable[[uuid.UUID], object]) -> Callable[[uuid.UUID], str]:
    def needed(record_id: uuid.UUID) -> str:
        row(record_id)  # NotFound for what there is not
        return "money.see"

    return needed


DOCUMENTS: Mapping[str, Callable[[uuid.UUID], str]] = {
    "party": _read_by(party),
    "unit": _read_by(unit_row),
    "deed": _read_by(deed_row),
}
