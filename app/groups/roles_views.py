"""The pages of roles and permissions: who may do what, and what one member gets beside the roles."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups import queries, services
from app.groups.access import needs
from app.groups.blueprint import bp
from app.groups.forms import OverrideForm, RolesForm
from app.groups.permissions import BY_ROLE, PERMISSIONS, ROLES
from app.groups.settings_page import tabs
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/settings/roles")
@needs("members.see")
def roles() -> Response:
    """What each role allows, who has one, and whose permissions differ."""
    return page(
        "groups/roles.html",
        tabs=tabs("groups.roles"),
        roles=ROLES,
        permissions=PERMISSIONS,
        by_role=BY_ROLE,
        holders=queries.holders(),
        overrides=queries.overrides(),
    )


@bp.get("/members/<uuid:member_id>/roles")
@needs("roles.manage", fresh=True)
def member_roles(member_id: uuid.UUID) -> Response:
    """The forms of a member's roles and single permissions."""
    found, own = queries.standing(member_id)
    return _page(found, own, RolesForm(data={"roles": found.roles}), OverrideForm())


@bp.post("/members/<uuid:member_id>/roles")
@needs("roles.manage", fresh=True)
def member_roles_change(member_id: uuid.UUID) -> Response:
    """Give and take roles."""
    found, own = queries.standing(member_id)
    form = RolesForm()
    # An auditor from outside is no member: that is said by taking the role away.
    wrong = attempt(
        form,
        lambda: services.set_roles(member=found, roles=form.roles.data or (), outside_auditor=True, by=g.member.id),
    )
    if wrong:
        return _page(found, own, form, OverrideForm(formdata=None), status=wrong)
    return go(url_for("groups.member", member_id=found.id), toast=_("Saved"))


@bp.post("/members/<uuid:member_id>/permissions")
@needs("roles.manage", fresh=True)
def member_permission(member_id: uuid.UUID) -> Response:
    """Grant or deny one permission, or go back to what the roles say."""
    found, own = queries.standing(member_id)
    form = OverrideForm()
    permission, effect = form.permission.data or "", form.effect.data or ""
    wrong = attempt(
        form, lambda: services.set_override(member=found, permission=permission, effect=effect, by=g.member.id)
    )
    if wrong:
        return _page(found, own, RolesForm(formdata=None, data={"roles": found.roles}), form, status=wrong)
    return go(url_for("groups.member_roles", member_id=found.id), toast=_("Saved"))


def _page(
    found: object, own: dict[str, str], roles_form: RolesForm, override_form: OverrideForm, status: int = 200
) -> Response:
    shown = {name: effect for name, effect in own.items() if effect != "role"}
    return page(
        "groups/member_roles.html",
        ("groups/_roles_form.html", "groups/_override_form.html"),
        status=status,
        member=found,
        form=roles_form,
        override_form=override_form,
        overrides=shown,
        permissions=PERMISSIONS,
    )
