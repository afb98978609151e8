"""The guard of every page of a group: who asks, of which group, and whether they may."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

from app.core.db import act_as, enter, platform, session
from app.core.errors import NotAllowed
from app.groups.models import Member, MemberPermission, SavingsGroup
from app.groups.permissions import PERMISSIONS, permissions_of

View = TypeVar("View", bound=Callable[..., Any])


class MayNot(NotAllowed):
    """The member's roles do not allow this."""

    code = "may_not"
    sentence = _("Your role in this group does not allow that. Ask a leader if you need it.")


class GroupSuspended(NotAllowed):
    """The group was suspended; its members may look and export, and change nothing."""

    code = "group_suspended"
    sentence = _("This group is suspended. You can read everything, but nothing can be changed for now.")


def needs(permission: str) -> Callable[[View], View]:
    """Name the permission that a view of a group asks for; a view without one is refused at start."""
    if permission not in PERMISSIONS:
        raise ValueError(f"no such permission: {permission}")

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read by the guard and the architecture test
        return view

    return mark


def group_blueprint(name: str, import_name: str, *, prefix: str = "") -> Blueprint:
    """A blueprint under /g/<slug>, guarded."""
    bp = Blueprint(name, import_name, url_prefix=f"/g/<slug>{prefix}")
    bp.before_request(_guard)
    return bp


def _guard() -> Response | None:
    if not current_user.is_authenticated:
        return _to_sign_in()
    slug = str((request.view_args or {}).pop("slug", ""))
    found = membership(current_user.id, slug)
    if found is None:
        abort(404)
    enter(found.group_id)
    g.group = _group(found.group_id)
    g.member = session().scalars(sa.select(Member).where(Member.id == found.id)).one()
    g.permissions = permissions_of(g.member.roles, overrides_of(g.member.id))
    view = current_app.view_functions[str(request.endpoint)]
    if view.permission not in g.permissions:  # type: ignore[attr-defined]
        raise MayNot
    if g.group.status == "suspended" and request.method not in ("GET", "HEAD", "OPTIONS"):
        raise GroupSuspended
    return None


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    url = url_for("auth.sign_in", next=wanted)
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, 303)  # type: ignore[return-value]  # werkzeug's own response class


def membership(user_id: uuid.UUID, slug: str) -> Member | None:
    """The person's place in a group they may enter: the group is alive, and they are neither suspended nor gone."""
    act_as(user_id)
    return platform().scalar(
        sa.select(Member)
        .join(SavingsGroup, SavingsGroup.id == Member.group_id)
        .where(SavingsGroup.slug == slug, SavingsGroup.status.in_(("active", "pending", "suspended", "dissolved")))
        .where(Member.user_id == user_id, Member.status.in_(("active", "inactive")))
    )


def _group(group_id: uuid.UUID) -> SavingsGroup:
    # The group's own row has no group_id, so it is read through the platform session, now bound to that group.
    return platform().get_one(SavingsGroup, group_id)


def overrides_of(member_id: uuid.UUID) -> dict[str, str]:
    """A member's own grants and denials: the latest row of each permission."""
    rows = session().execute(
        sa.select(MemberPermission.permission, MemberPermission.effect)
        .where(MemberPermission.member_id == member_id)
        .order_by(MemberPermission.set_at, MemberPermission.id)
    )
    return {permission: effect for permission, effect in rows}  # noqa: C416  # dict(rows) is not typed as one


def may(permission: str) -> bool:
    """Whether the member who asks has a permission; for templates, which hide what they may not do."""
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
