"""The group that files are imported into, and the account of its mobile money."""

import uuid

import pytest
from flask import Flask

from tests.factories import Cast
from tests.imports import helping


@pytest.fixture
def people(context: Flask) -> Cast:
    """The whole cast with the terms of the real group."""
    return helping.cast()


@pytest.fixture
def account(people: Cast) -> uuid.UUID:
    """Its mobile money, in which 1,000 lay before."""
    return helping.open_cash(people, "Mobile money", opening=1_000)
