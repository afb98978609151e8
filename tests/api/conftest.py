"""Programs of the cast."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.api.calling import Program, token_of
from tests.factories import Cast, Person


@pytest.fixture
def program(app: Flask, cast: Cast) -> Callable[..., Program]:  # the cast is there first
    """A program with a token of whoever is named."""

    def with_token(person: Person | None, **told: object) -> Program:
        return Program(app, token_of(person, **told) if person else None)  # type: ignore[arg-type]  # keywords

    return with_token
