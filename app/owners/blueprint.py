"""The blueprints on which every module of views and of endpoints of this room hangs its own."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("owners", __name__, prefix="/owners")
api = api_blueprint("owners", __name__)
