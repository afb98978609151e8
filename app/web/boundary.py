"""Where a request's transaction ends: kept only when a changing request succeeded."""

import uuid
from typing import Any

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import HTTPException

from app.core.db import unit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class App(Flask):
    """Flask whose every request is one unit of work."""

    def dispatch_request(self) -> Response:
        """Run the view; commit before the answer leaves, so that nobody is told of what was not kept.

        Reading cannot write: a GET always rolls back. A returned status of 400 or more rolls back too.
        """
        response = self.make_response(super().dispatch_request())
        unit().end(keep=request.method not in SAFE and response.status_code < 400)
        return response

    def handle_user_exception(self, e: Exception) -> Any:
        """Undo first: an error page must not stand on a broken transaction."""
        g.refused = True  # what frames a page asks nothing more of the database
        if not isinstance(e, HTTPException) or "units" in g:
            unit().end(keep=False)
        return super().handle_user_exception(e)


def init_app(app: Flask) -> None:
    """Give each request an id and make sure that no unit outlives its context."""

    @app.before_request
    def _name_request() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = (
            given if given.isascii() and given.replace("-", "").isalnum() and len(given) <= 64 else uuid.uuid4().hex
        )

    @app.before_request
    def _refuse_nameless() -> None:
        # A part of a multipart body without a name is read as the field None, which nothing behind here expects.
        names: set[str | None] = set() if request.method in SAFE else {*request.form, *request.files}
        if None in names:
            abort(400)

    @app.after_request
    def _tell_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response

    @app.teardown_appcontext
    def _roll_back(_error: BaseException | None) -> None:
        for left in g.pop("units", []):
            left.end(keep=False)
