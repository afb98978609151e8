"""Reads of the group's settings, typed by the catalogue; all of them cost one query in a request."""

from typing import Any

import sqlalchemy as sa
from flask import g

from app.core.db import session
from app.core.keys import open_for
from app.groups.catalogue import setting_named
from app.groups.models import GroupSetting


def place_of(name: str) -> str:
    """What a sealed setting is bound to."""
    return f"group_setting|{name}|sealed"


def setting(name: str) -> Any:
    """The value of a setting, or its default. Raises UnknownSetting."""
    known = setting_named(name)
    row = _rows().get(name)
    if row is None:
        return known.default
    if known.secret:
        return open_for(session().group_id, row.sealed, place_of(name)) if row.sealed else known.default
    return row.value.get("value", known.default)


def forget() -> None:
    """Read anew at the next question: a setting was changed."""
    g.pop("group_settings", None)


def _rows() -> dict[str, GroupSetting]:
    group_id, rows = g.get("group_settings", (None, {}))
    if group_id != session().group_id:  # a worker goes through many groups in one context
        rows = {row.name: row for row in session().scalars(sa.select(GroupSetting))}
        g.group_settings = (session().group_id, rows)
    found: dict[str, GroupSetting] = rows
    return found
