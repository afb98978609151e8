"""The frame of the settings: its tabs, from this room and the rooms above, as far as a member may see them."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import rooms
from app.groups.access import may
from app.groups.catalogue import Category, settings_in
from app.groups.settings import setting

TITLES = {
    Category.GENERAL: _("General"),
    Category.FINANCIAL: _("Financial"),
    Category.SECURITY: _("Security"),
    Category.NOTIFICATIONS: _("Notifications"),
}


def tabs(current: str, category: str | None = None) -> list[tuple[Any, str, bool]]:
    """(label, address, is it this page) of each page of settings."""
    return [
        (label, url_for(endpoint, category=part), endpoint == current and part == category)
        for label, endpoint, permission, part in _pages()
        if may(permission)
    ]


def _pages() -> Iterator[tuple[Any, str, str, str | None]]:
    yield _("Group"), "groups.profile", "group.see", None
    yield _("Rules"), "groups.policy", "group.see", None
    for room in rooms():
        for item in room.settings:
            yield item.label, item.endpoint, item.permission, None
    for category, title in TITLES.items():
        yield title, "groups.settings", "audit.see", category.value
    yield _("Roles"), "groups.roles", "members.see", None


def values(category: Category) -> dict[str, Any]:
    """The settings of a page as a form shows them: secrets stay hidden."""
    return {known.name: "" if known.secret else setting(known.name) for known in settings_in(category)}
