"""What may be asked of the list of entries: plain values without a session."""

import uuid
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted: of a kind, in a period, on an account, with a number."""

    kind: str | None = None
    first: date | None = None
    last: date | None = None
    account_id: uuid.UUID | None = None
    number: int | None = None
