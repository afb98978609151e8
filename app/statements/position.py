"""A member's position: every room's own part, and the total of the figures that count."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.rooms import Section, rooms


@dataclass(frozen=True)
class Position:
    """What a member has: the parts of the rooms in their order, and their total."""

    sections: Sequence[Section]
    total: Decimal


def of(member_id: uuid.UUID) -> Position:
    """The position now. A room that does not exist has no part, and no empty one either."""
    told = [room.position(member_id) for room in rooms() if room.position is not None]
    sections = sorted((section for section in told if section is not None), key=lambda section: section.order)
    counted = (figure.value for section in sections for figure in section.figures if figure.counts_in_total)
    return Position(sections, sum((Decimal(value) for value in counted), Decimal(0)))
