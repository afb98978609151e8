"""Committed groups, and an application that works as the background does: only its role may erase and remove."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.factory import create_app
from tests import factories
from tests.factories import Cast


@pytest.fixture(scope="module")
def background(app: Flask, settings: Settings) -> Iterator[Flask]:  # the database is there by then
    """The application as a worker runs it."""
    made = create_app(settings, role="worker")
    made.config.update(TESTING=True)
    yield made
    for engine in made.extensions["engines"].values():
        engine.dispose()
    made.extensions["redis"].close()


@pytest.fixture
def place(committed: Flask) -> Iterator[Cast]:
    """A committed group with its cast; the application context of the web is there."""
    with committed.app_context():
        yield factories.cast()


@pytest.fixture
def visitor(committed: Flask) -> Callable[[Any], FlaskClient]:
    """A browser signed in as a person of the committed group."""
    return lambda person: factories.browser(committed, person)
