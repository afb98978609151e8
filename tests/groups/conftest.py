"""The pages and the unit of work of the cast's group."""

from collections.abc import Iterator

import pytest

from app.core.db import transaction
from tests.factories import Cast


@pytest.fixture
def at(cast: Cast) -> str:
    """Where the pages of the group begin."""
    return f"/g/{cast.slug}"


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    """The cast, inside a unit of work of its leader in the group."""
    with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
        yield cast
