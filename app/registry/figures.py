"""The register's part of an asset's page: its units."""

import uuid

from app.core.rooms import Section
from app.groups.access import may
from app.registry.lists import units_page


def asset_panel(asset_id: uuid.UUID) -> Section | None:
    """The first of the units that belong to an asset, for who may see the register; None where there are none."""
    if not may("money.see"):
        return None
    found = units_page(asset_id=asset_id)
    data = {"found": found, "asset_id": asset_id}
    return Section(None, template="registry/_asset_units.html", data=data, order=10) if found.rows else None
