"""The world of two groups, and a browser for each part in it."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.isolation.asking import Asker, fresh_limits
from tests.isolation.world import World, world


@pytest.fixture
def two(committed: Flask) -> World:
    """Our group and theirs, each with one of everything."""
    fresh_limits(committed)
    return world(committed)


@pytest.fixture
def asker(committed: Flask, two: World) -> Callable[[str], Asker]:
    """A browser of whoever plays this part."""
    return lambda role: Asker(committed, two.person(role))
