"""The one source of ids: UUIDv7, made here and not in the database, sortable by the time they were made."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A new id, later than the ones before it."""
    return uuid7()
