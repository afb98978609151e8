"""People with a password, browsers that carry form tokens, and fresh limits for each test."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.auth.models import UserAccount
from app.web.limits import limiter
from tests.auth.visitor import Visitor, account
from tests.factories import Person, browser


@pytest.fixture(autouse=True)
def fresh_limits(request: pytest.FixtureRequest) -> None:
    """Nobody has tried anything yet."""
    if "app" in request.fixturenames:
        with request.getfixturevalue("app").app_context():
            limiter.reset()


@pytest.fixture
def amina(context: Flask) -> UserAccount:
    """A person with a password, confirmed long ago."""
    return account()


@pytest.fixture
def visit(app: Flask, rolled_back: object) -> Callable[..., Visitor]:
    """A browser of a person, or of nobody, with form tokens."""

    def at(person: Person | None = None, **environ: str) -> Visitor:
        return Visitor(browser(app, person), environ)

    return at
