"""The pages of tokens, the developers' page, and the endpoints about tokens."""

from flask import Blueprint

from app.groups.access import group_blueprint
from app.web.api.blueprint import api_blueprint

bp = group_blueprint("tokens", __name__, prefix="/settings/tokens")
developers = Blueprint("developers", __name__)
api = api_blueprint("tokens", __name__)
