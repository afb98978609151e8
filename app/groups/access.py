"""The guard of every page of a group: who asks, of which group, and whether they may."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask_login import current_user

from app.auth.door import keep_for_after_set_up, next_url, page_asked_from, to_sign_in
from app.auth.sessions import limit_idle
from app.auth.step_up import MINUTES, to_confirm
from app.core.db import enter
from app.groups.errors import GroupSuspended, MayNot, SecondFactorMissing
from app.groups.permissions import AUDITOR, AUDITOR_WRITES, BY_ROLE, MEMBER, PERMISSIONS, permissions_of, watches_idle
from app.groups.queries import memberships, standing
from app.groups.settings import setting
from app.web.boundary import SAFE
from app.web.pages import page

View = TypeVar("View", bound=Callable[..., Any])
CLOSED = ("suspended", "dissolved")


def needs(permission: str, *, fresh: bool | Callable[..., bool] = False) -> Callable[[View], View]:
    """Name the permission that a view of a group asks for; a view without one is refused at start.

    What anyone does for oneself, such as reading a notification, needs no more than group.see. A `fresh` view also asks
    people to have proved within ten minutes who they are; where only some of its pages do, `fresh` is a question put
    to the arguments of the address.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"no such permission: {permission}")

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read by the guard and the architecture test
        view.fresh = fresh  # type: ignore[attr-defined]  # read by the guard
        return view

    return mark


def group_blueprint(name: str, import_name: str, *, prefix: str = "") -> Blueprint:
    """A blueprint under /g/<slug>, guarded."""
    bp = Blueprint(name, import_name, url_prefix=f"/g/<slug>{prefix}")
    bp.before_request(_guard)
    return bp


def _guard() -> Response | None:
    if not current_user.is_authenticated:
        return to_sign_in()
    g.memberships = memberships(current_user.id)  # read now: inside a group one's other groups cannot be seen
    slug = (request.view_args or {}).pop("slug", "")
    place = next((place for place in g.memberships if place.group.slug == slug and place.may_enter), None)
    if place is None:
        abort(404)
    enter(place.group.id)
    g.group = place.group
    try:
        _check_person(place.member_id)
    except SecondFactorMissing:
        return _lead_to_second_step()
    _check_deed(permission_of(str(request.endpoint)))
    return to_confirm() if _wants_fresh() and not current_user.fresh(MINUTES) else None


def _check_person(member_id: uuid.UUID) -> None:
    g.member, overrides = standing(member_id)
    g.permissions = permissions_of(g.member.roles, overrides)
    # A right granted to a plain member is an officer's right: it is guarded as one.
    if watches_idle(g.member.roles) or g.permissions - BY_ROLE[MEMBER]:
        limit_idle(current_user.session_id, setting("idle_minutes"))
        if setting("officers_second_factor") and current_user.second_factor_at is None:
            raise SecondFactorMissing


def _lead_to_second_step() -> Response:
    """To the second step that somebody has, else to a page that says how to set one up and leads back here."""
    if current_user.two_factor_enabled:
        return to_confirm()
    keep_for_after_set_up(next_url(request.full_path.rstrip("?")) if request.method in SAFE else page_asked_from())
    g.refused = True  # the frame of the group, which they may not see, is left out
    return page("auth/second_step_wanted.html", status=403, group_name=g.group.name)


def _wants_fresh() -> bool:
    fresh: bool | Callable[..., bool] = current_app.view_functions[str(request.endpoint)].fresh  # type: ignore[union-attr]
    return fresh(**(request.view_args or {})) if callable(fresh) else fresh


def _check_deed(permission: str) -> None:
    if permission not in g.permissions:
        raise MayNot
    if request.method in SAFE:
        return
    if AUDITOR in g.member.roles and permission not in AUDITOR_WRITES:
        raise MayNot
    if g.group.status in CLOSED:
        raise GroupSuspended


def permission_of(endpoint: str) -> str:
    """The permission that a view of a group names with `needs`."""
    permission: str = current_app.view_functions[endpoint].permission  # type: ignore[union-attr]  # set by `needs`
    return permission


def may(permission: str) -> bool:
    """Whether the member who asks has a permission; for templates, which hide what they may not do.

    An auditor's reading rights are had, yet every button that changes something stands behind a right to change.
    """
    return permission in g.get("permissions", frozenset())


def init_app(app: Flask) -> None:
    """Fill in the slug of the current group whenever an address of a group is built, and give templates `may`."""
    app.jinja_env.globals["may"] = may

    @app.url_defaults
    def _slug(endpoint: str, values: dict[str, Any]) -> None:
        if "slug" in values or "group" not in g:
            return
        if app.url_map.is_endpoint_expecting(endpoint, "slug"):
            values["slug"] = g.group.slug
