"""What tests of owners start from: the world of receipts with a till."""

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
def money(context: Flask, march: None) -> Money:
    """A Moroccan group with a till."""
    return with_money(World(factories.cast(country="MA", currency="MAD", zone="Africa/Casablanca")))
