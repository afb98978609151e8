"""Storing what holders are to be told, in the transaction of what happened."""

import uuid

from app.core.outbox import later


def tell_later(kind: str, record_id: uuid.UUID) -> None:
    """Tell the holders of an investment, or of what was sold, once it is committed."""
    later("holdings.tell", key=f"holdings.tell:{record_id}", record=kind, record_id=str(record_id))
