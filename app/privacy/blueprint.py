"""The endpoints of this room, which are those inside a group."""

from app.web.api.blueprint import api_blueprint

api = api_blueprint("privacy", __name__)
