"""The blueprints on which every module of views and of endpoints of this room hangs its own."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("latefees", __name__, prefix="/dues/penalties")
api = api_blueprint("latefees", __name__)
