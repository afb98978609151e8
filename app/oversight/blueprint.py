"""The pages and the endpoints of the audit log and of flags."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("oversight", __name__, prefix="/audit")
api = api_blueprint("oversight", __name__)
