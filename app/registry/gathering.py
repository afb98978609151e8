"""What the pages of the register share: what was searched for, filters as chips, and the parts of other rooms."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.rooms import Section, rooms
from app.groups.queries import group


def asked(name: str) -> str:
    """What was typed into a search."""
    return request.args.get(name, "").replace("\0", "")[:100].strip()


def chips(
    endpoint: str, name: str, words: Mapping[Any, Any], chosen: str, **kept: Any
) -> list[tuple[Any, str, bool, None]]:
    """A filter: all, and each of these words."""
    keep = {key: value for key, value in kept.items() if value}
    first = (_("All"), url_for(endpoint, **keep), not chosen, None)
    rest: list[tuple[Any, str, bool, None]] = [
        (word, url_for(endpoint, **keep | {name: str(value)}), str(value) == chosen, None)
        for value, word in words.items()
    ]
    return [first, *rest]


def panels(hook: str, record_id: uuid.UUID) -> list[Section]:
    """What other rooms know of a unit (`unit_panel`), a party (`party_panel`), a lease or an asset (`asset_panel`)."""
    found = [asks(record_id) for room in rooms() if (asks := getattr(room, hook)) is not None]
    return sorted((panel for panel in found if panel is not None), key=lambda panel: panel.order)


def today() -> Any:
    """The day it is now in the group's zone."""
    return clock.today(group().time_zone)
