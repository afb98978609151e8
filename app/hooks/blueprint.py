"""The pages of addresses that are told, and the endpoints about them."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("hooks", __name__, prefix="/settings/hooks")
api = api_blueprint("hooks", __name__)
