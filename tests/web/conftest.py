"""A small application that has the look and nothing else: no database, no Redis."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, g
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from app.web import assets, components, filters, headers, i18n, styleguide

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make assets` would make, without its contents."""
    folder = tmp_path_factory.mktemp("build")
    (folder / "static").mkdir()
    files = ("app.css", "app.js", "htmx.js", "favicon.svg", "inter-latin.woff2")
    (folder / "static/manifest.json").write_text(json.dumps({name: f"hashed-{name}" for name in files}))
    icons = (ROOT / "app/ui/icons.txt").read_text().split()
    (folder / "icons.json").write_text(json.dumps({name: f'<path id="{name}"/>' for name in icons}))
    return folder


@pytest.fixture
def look(build: Path) -> Flask:
    """The application of the look."""
    app = Flask("look", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(SECRET_KEY="for tests", ASSETS_BUILD=build, WTF_CSRF_ENABLED=False, TESTING=True)
    app.jinja_env.undefined = StrictUndefined
    CSRFProtect(app)
    for part in (i18n, filters, assets, components, headers, styleguide):
        part.init_app(app)
    return app


@pytest.fixture
def in_group(look: Flask) -> Iterator[Flask]:
    """A request inside a group of Nairobi."""
    with look.test_request_context("/"):
        g.group = SimpleNamespace(currency="KES", locale="en", time_zone="Africa/Nairobi")
        yield look
