"""The proof of a group's books: the checks of every room, all at one moment of them."""

import uuid

from app.core.db import transaction
from app.core.rooms import Check, rooms
from app.ledgers.heads import has_books


def prove(group_id: uuid.UUID) -> list[Check]:
    """Run the checks of every room on the books of a group; none where books were never opened."""
    with transaction(group_id=group_id, steady=True):
        if not has_books():
            return []  # nothing was ever posted, so there is nothing to prove
        return [check() for room in rooms() for check in room.checks]
