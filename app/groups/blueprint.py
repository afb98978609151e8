"""The blueprints of this room: the pages inside a group, the public ones an invitation leads to, the endpoints."""

from flask import Blueprint

from app.audit import words
from app.groups.access import group_blueprint
from app.groups.permissions import PERMISSIONS, ROLES
from app.groups.shell import frame
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("groups", __name__)
joining = Blueprint("joining", __name__, url_prefix="/invitations")
api = api_blueprint("groups", __name__)
bp.app_context_processor(frame)


@bp.app_template_global()
def role_name(role: str) -> object:
    """The word for a role."""
    return ROLES.get(role, role)


@bp.app_template_global()
def permission_name(permission: str) -> object:
    """The words for a permission."""
    return PERMISSIONS.get(permission, permission)


@bp.app_template_global()
def field_name(name: str) -> object:
    """The words for a field of the audit log; a permission is a field too, where one was granted or denied."""
    return PERMISSIONS.get(name) or words.field(name)
