"""What is told of each posting beside the books: the figures of the service, and movements above the group's limit."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from app.core import figures
from app.core.db import after_commit
from app.core.outbox import later
from app.groups.queries import group
from app.groups.settings import setting

LARGE = "alerts.large_movement"
MOST = 20  # entries named of one import


def tell(posted: Sequence[tuple[uuid.UUID, str, Decimal]]) -> None:
    """Count entries, given as (id, kind, sum of debits); tell the officers of those above their limit."""
    moved: dict[str, tuple[int, Decimal]] = {}
    for _id, kind, amount in posted:
        many, so_far = moved.get(kind, (0, Decimal(0)))
        moved[kind] = many + 1, so_far + amount
    after_commit(partial(_count, group().currency, moved))
    limit = setting("alert_above")
    large = [(str(id_), kind) for id_, kind, amount in posted if limit and amount > limit]
    if large:
        ids, kinds = [id_ for id_, _ in large[:MOST]], sorted({kind for _, kind in large})
        later(LARGE, key=f"large:{large[0][0]}", entries=ids, kinds=kinds, many=len(large))


def _count(currency: str, moved: Mapping[str, tuple[int, Decimal]]) -> None:
    for kind, (many, amount) in moved.items():
        figures.count("entries_posted", many, kind=kind, currency=currency)
        figures.count("money_moved", amount, kind=kind, currency=currency)
