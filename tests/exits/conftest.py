"""What tests of the queue start from: it is the 21st of November 2026, and four have saved."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.core import clock
from tests.exits.making import NOW, House, house


@pytest.fixture
def held_clock() -> Iterator[None]:
    with clock.held(NOW):
        yield


@pytest.fixture
def group(context: Flask, held_clock: None) -> House:
    """The member saves 400, the other member 100, the secretary 50; the leader saves 1,000."""
    made = house(withdrawals=True, withdrawal_floor="20")
    for who, amount in (("member", 400), ("other_member", 100), ("secretary", 50), ("leader", 1000)):
        made.save(who, amount)
    return made
