"""The frame around every page: the places of the group, the person's groups, and what the rooms add to it."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.local import LocalProxy

from app.auth.shell import auth_shell
from app.core.rooms import NavItem, rooms
from app.groups.access import may
from app.groups.permissions import ROLES
from app.web.shell import GroupLink, Place, Section, Shell

OVERVIEW = "overview.overview"
ALL_GROUPS = "home.groups"
NEW_GROUP = "home.new_group"
# Places by their order: the daily round first, then the books, then what keeps the house.
SECTIONS: Sequence[tuple[int, Any]] = ((40, ""), (80, _("Books")), (1_000, _("Group")))


def nav() -> list[Section]:
    """The places that this member may open, in sections."""
    if g.get("refused"):
        return []
    items = sorted((item for room in rooms() for item in room.nav if may(item.permission)), key=lambda i: i.order)
    urls = [url_for(item.endpoint) for item in items]
    here = max((url for url in urls if _within(url)), key=len, default="")
    found, low = [], -1
    for high, label in SECTIONS:
        places = [
            _place(item, url, url == here) for item, url in zip(items, urls, strict=True) if low <= item.order < high
        ]
        if places:
            found.append(Section(label, places))
        low = high
    return found


def _within(url: str) -> bool:
    # Every page is below the overview, so that one is only current itself.
    is_root = url.rstrip("/").count("/") <= 2
    return request.path == url or (not is_root and request.path.startswith(url + "/"))


def _place(item: NavItem, url: str, current: bool) -> Place:  # noqa: FBT001  # a fact of the place, as Place has it
    return Place(item.label, item.icon, url, current=current, tab=item.tab)


def _switcher() -> Iterator[GroupLink]:
    for place in g.memberships:
        if place.may_enter:
            words = ", ".join(str(ROLES[role]) for role in place.roles if role in ROLES)
            current = place.group.id == g.group.id
            yield GroupLink(place.group.name, home_of(place.group.slug), words, current=current)


def home_of(slug: str) -> str:
    """The overview of a group."""
    return _url(OVERVIEW, slug=slug) or url_for("groups.profile", slug=slug)


def _url(endpoint: str, **values: Any) -> str | None:
    # The pages of home stand above this room; where they are not installed, their links are not shown.
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def shell() -> Shell:
    """The facts of the frame. Outside a group it is what the account gives; on an error page, nothing."""
    if g.get("refused"):
        return Shell()
    facts: dict[str, Any] = dict(auth_shell())
    if facts.get("user_name"):
        facts |= {"all_groups_url": _url(ALL_GROUPS), "new_group_url": _url(NEW_GROUP)}
    if "permissions" in g:
        for room in rooms():
            if room.frame is not None:
                facts |= room.frame()
        home = _url(OVERVIEW) or facts.get("home_url", "/")
        facts |= {"group_name": g.group.name, "groups": tuple(_switcher()), "home_url": home}
    return Shell(**facts)


def frame() -> dict[str, Any]:
    """`nav` and `shell` for the layouts, made when a layout first asks: a fragment has no frame and pays for none."""
    return {"nav": LocalProxy(cache(nav)), "shell": LocalProxy(cache(shell))}
