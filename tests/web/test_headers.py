"""The headers of every answer."""

from types import SimpleNamespace

import pytest
from flask import Flask, Response, g, session

from app.web import headers


@pytest.fixture
def served() -> Flask:
    app = Flask("headers")
    app.config.update(SECRET_KEY="for tests")
    headers.init_app(app, hsts=True)

    @app.get("/public")
    def _public() -> str:
        return "<p>anyone</p>"

    @app.get("/cached")
    def _cached() -> Response:
        return Response("a,b", mimetype="text/csv", headers={"Cache-Control": "public, max-age=60"})

    @app.get("/own")
    def _own() -> Response:
        g._login_user = SimpleNamespace(is_authenticated=True)
        return Response("mine", headers={"Cache-Control": "public"})

    @app.get("/remembered")
    def _remembered() -> str:
        session["_user_id"] = "someone"
        return "mine"

    @app.get("/stranger")
    def _stranger() -> str:
        g._login_user = SimpleNamespace(is_authenticated=False)
        return "anyone"

    return app


def test_the_policy_allows_nothing_inline_and_nothing_foreign(served: Flask):
    policy = served.test_client().get("/public").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/public", "/cached", "/own", "/nowhere"])
def test_every_answer_has_every_header(served: Flask, path: str):
    found = served.test_client().get(path).headers
    assert set(headers.HEADERS) <= set(found.keys())
    assert found["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/public", "no-cache"),
        ("/stranger", "no-cache"),
        ("/cached", "public, max-age=60"),
        ("/own", "no-store"),
        ("/remembered", "no-store"),
    ],
)
def test_nothing_of_a_signed_in_person_is_kept(served: Flask, path: str, kept: str):
    assert served.test_client().get(path).headers["Cache-Control"] == kept


def test_pages_vary_by_who_asks_and_for_which_part(served: Flask):
    vary = served.test_client().get("/public").vary
    assert {"HX-Request", "HX-Target", "Cookie"} <= set(vary)
    assert "HX-Request" not in served.test_client().get("/cached").vary


def test_without_tls_there_is_no_promise_of_it(look: Flask):
    assert "Strict-Transport-Security" not in look.test_client().get("/styleguide").headers
