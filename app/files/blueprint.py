"""The blueprints on which the views and the endpoints of this room hang."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("files", __name__, prefix="/documents")
api = api_blueprint("files", __name__)
