"""The pages and the endpoints of the bell."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("notifications", __name__, prefix="/notifications")
api = api_blueprint("notifications", __name__)
