"""What tests of this room start from: a payment to a member, on which documents hang, and a folder of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core import clock
from app.core.db import enter
from tests import factories
from tests.payouts.conftest import NOW, Owing, make_owing


@pytest.fixture
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def owing(context: Flask, held_clock: None) -> Owing:
    """The group of the cast, owing; the test reads inside it."""
    made = make_owing(factories.cast())
    enter(made.cast.group_id)
    return made


@pytest.fixture
def shelf(owing: Owing, context: Flask) -> Path:
    """Where contents of the group stand."""
    var: Path = context.config["SETTINGS"].var
    return var / "documents" / owing.cast.group_id.hex
