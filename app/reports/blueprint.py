"""The pages and the endpoints of reports."""

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("reports", __name__, prefix="/reports")
api = api_blueprint("reports", __name__, prefix="/reports")
