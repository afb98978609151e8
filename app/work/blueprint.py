"""The pages and the endpoints of background work."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("work", __name__, prefix="/work")
api = api_blueprint("work", __name__)
