"""The endpoints of the front rooms, which are those inside a group."""

from app.web.api.blueprint import api_blueprint

api = api_blueprint("home", __name__)
