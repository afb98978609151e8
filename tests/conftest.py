"""One embedded PostgreSQL and Redis for each test process, started when a test first asks; each test is rolled back."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from app.config import Settings
from app.core.db import Unit, engine
from app.factory import create_app
from app.local import Cluster, RedisServer
from app.web.limits import limiter
from tests import factories
from tests.databases import PRISTINE, copy, holds_rows
from tests.factories import Cast
from tools.browser import FLAGS, find

APP = pytest.StashKey[Flask]()
KEY = "test:" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a server and a Redis of this process alone; the drill gives a database that it restored."""
    folder = tmp_path_factory.mktemp("stack", numbered=True)
    with Cluster(folder / "pg", durable=False) as cluster, RedisServer(folder / "redis", durable=False) as redis_server:
        own = cluster.url("postgres", "plots").render_as_string(hide_password=False)
        environment = {
            "ENVIRONMENT": "test",
            "SECRET_KEY": secrets.token_hex(32),
            "KEY_RING": KEY,
            "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", own),
            "REDIS_URL": redis_server.url,
            "BASE_URL": "http://localhost",
            "VAR": str(folder / "var"),
        }
        yield Settings.from_env(environment)


@pytest.fixture(scope="session")
def app(settings: Settings, pytestconfig: pytest.Config) -> Iterator[Flask]:
    """The application on a migrated database."""
    made = pytestconfig.stash[APP] = create_app(settings)
    made.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=True)
    runner = made.test_cli_runner()
    for command in ("prepare", "upgrade"):
        result = runner.invoke(args=["database", command])
        assert result.exit_code == 0, result.output
    if "TEST_DATABASE_URL" not in os.environ:  # the drill's is in use, and no test copies it
        copy(made, PRISTINE, of=settings.database.name)
    made.extensions["counting"] = dict(vars(limiter))
    yield made
    for used in made.extensions["engines"].values():
        used.dispose()
    made.extensions["redis"].close()


@pytest.fixture(scope="module", autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """What the tests of a file committed is gone after it: no other file meets its messages or its failures."""
    yield
    if "TEST_DATABASE_URL" in os.environ or not (app := request.config.stash.get(APP, None)):
        return
    if holds_rows(app):
        copy(app, app.config["SETTINGS"].database.name, of=PRISTINE)
        app.extensions["redis"].flushall()
        for name in [name for name in app.extensions if name.startswith("tests.")]:  # what was kept about its rows
            del app.extensions[name]


@pytest.fixture(autouse=True)
def counts_here(request: pytest.FixtureRequest) -> None:
    """The limiter is one for the process and counts where the application made last said: here again, each time."""
    if "app" in request.fixturenames:
        vars(limiter).update(request.getfixturevalue("app").extensions["counting"])


@pytest.fixture
def rolled_back(app: Flask) -> Iterator[sa.Connection]:
    """Everything inside one outer transaction that is rolled back; each unit of work is a savepoint on it."""
    with app.app_context():
        connection = engine("app").connect()
    transaction = connection.begin()
    Unit.outer = connection
    try:
        yield connection
    finally:
        Unit.outer = None
        transaction.rollback()
        connection.close()


@pytest.fixture
def context(app: Flask, rolled_back: sa.Connection) -> Iterator[Flask]:
    """An application context for tests of services."""
    with app.app_context():
        yield app


@pytest.fixture
def cast(context: Flask) -> Cast:
    """A group with every role, another group, and a stranger."""
    return factories.cast()


@pytest.fixture
def as_person(app: Flask, rolled_back: sa.Connection) -> Callable[[Any], FlaskClient]:
    """A browser signed in as a person of the cast, or as nobody."""
    return lambda person: factories.browser(app, person)


@pytest.fixture
def committed(app: Flask) -> Flask:
    """For what needs two connections: real commits, in a fresh group of its own that nobody has to clean."""
    assert Unit.outer is None
    return app


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file; without one they are skipped loudly, or fail where CI says so.

    Its event loop ends with the file: others run loops of their own.
    """
    path = find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: make test installs one")
        pytest.skip("NO CHROMIUM: nothing that needs a browser was tested")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


REPEATING = ("attack", "badinput", "browser", "drill", "faults", "fuzz", "isolation")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process is left alone with them at the end.

    `make coverage` does not trace folders that send thousands of requests through code which other tests cover.
    """
    long = {item.path for item in items if any(map(item.get_closest_marker, ("slow", "browser")))}
    items.sort(key=lambda item: item.path not in long)
    for item in items:
        if item.path.parent.name in REPEATING:
            item.add_marker(pytest.mark.no_cover)


os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(__file__).parents[1] / "var" / "hypothesis"))
