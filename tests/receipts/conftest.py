"""A Moroccan group in March 2026."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.core import clock
from tests import factories
from tests.receipts.money import Money, with_money
from tests.receipts.world import NOW, World


@pytest.fixture
def march() -> Iterator[None]:
    """It is the 10th of March 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def world(context: Flask, march: None) -> World:
    """The cast of a Moroccan group, with nothing let yet."""
    return World(factories.cast(country="MA", currency="MAD", zone="Africa/Casablanca"))


@pytest.fixture
def money(world: World) -> Money:
    """The same with a till."""
    return with_money(world)
