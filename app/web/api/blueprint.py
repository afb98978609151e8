"""Where the API lives, who lets programs in, and how much one may ask."""

import hashlib
from collections.abc import Callable

from flask import Blueprint, current_app, request

from app.web.api.errors import NotSignedIn
from app.web.limits import limiter

PREFIX = "/api/v1"
OF_TOKEN, OF_GUESSES = "200/10 seconds;1000/minute", "30/minute;300/hour"
Guard = Callable[[], None]


def api_blueprint(name: str, import_name: str, *, prefix: str = "") -> Blueprint:
    """A blueprint of endpoints under /api/v1. Its name is the room's, with `_api` behind it."""
    bp = Blueprint(f"{name}_api", import_name, url_prefix=f"{PREFIX}{prefix}")
    bp.before_request(_let_in)
    limiter.shared_limit(OF_TOKEN, scope="api", key_func=_asker)(bp)
    return bp


def _let_in() -> None:
    """Ask the room that knows tokens who this is; it raises unless they may come in.

    Only who opens nothing is counted and stopped: a program with an ended token shuts out no other one of its network.
    """
    guard: Guard = current_app.extensions["api_guard"]
    try:
        guard()
    except NotSignedIn:
        with limiter.limit(OF_GUESSES, scope="api_guesses"):
            raise


def _asker() -> str:
    """Whom a limit counts: the token, by a digest, so that no list of Redis opens anything."""
    return hashlib.sha256(request.headers.get("Authorization", "").encode()).hexdigest()[:32]


def is_api() -> bool:
    """Whether this request is a program's: it is answered in JSON, its errors too."""
    return request.path.startswith(f"{PREFIX}/")
