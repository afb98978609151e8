"""The blueprints on which every module of views and of endpoints of this room hangs its own."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("rentals", __name__, prefix="/register")
api = api_blueprint("rentals", __name__)
