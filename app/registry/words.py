"""What the register's kinds are called by people, and the tabs of its lists."""

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, rooms
from app.groups.access import may
from app.registry.rules import KINDS, TYPES, USAGES, Kind, UnitType, Usage

TABS = (
    NavItem(_("Units"), "building", "registry.units", "money.see", order=10),
    NavItem(_("Parties"), "users", "registry.parties", "money.see", order=20),
    NavItem(_("Deeds"), "file-text", "registry.deeds", "money.see", order=50),
    NavItem(_("Sets"), "layers", "registry.sets", "money.see", order=60),
)


def register_tabs() -> list[tuple[Any, str, bool]]:
    """(label, address, is it this page) of the register's lists, and of those that rooms above put beside them."""
    tabs = sorted((*TABS, *(tab for room in rooms() for tab in room.register_tabs)), key=lambda tab: tab.order)
    return [(tab.label, url_for(tab.endpoint), tab.endpoint == request.endpoint) for tab in tabs if may(tab.permission)]


def party_kind(kind: str) -> Any:
    """Person or company."""
    return KINDS[Kind(kind)]


def unit_type(type_: str) -> Any:
    """What a unit is."""
    return TYPES[UnitType(type_)]


def usage_word(usage: str) -> Any:
    """What a deed's unit is used for."""
    return USAGES[Usage(usage)]
