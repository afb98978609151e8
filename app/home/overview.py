"""The overview: what every room has to say today, the first steps, and the last things that happened."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, g

from app.core.rooms import Figure, Section, rooms
from app.groups.access import may
from app.ledgers import lists
from app.ledgers.rules import Filter

RECENT = 8  # entries
MOST_BEGUN = 100_000  # groups, of 16 bytes each
_BEGUN = "groups_that_have_begun"


@dataclass(frozen=True)
class FirstStep:
    """Something a new group does first, and whether it is done."""

    title: Any
    done: bool
    url: str


@dataclass(frozen=True)
class Overview:
    """All of the page: key figures on top, then the sections in their order."""

    figures: Sequence[Figure]
    sections: Sequence[Section]
    steps: Sequence[FirstStep]
    recent: Sequence[Any]


def overview() -> Overview:
    """What this member sees first. A section's figures without a template of its own stand on top."""
    sections = sorted((s for room in rooms() if room.dashboard for s in room.dashboard()), key=lambda s: s.order)
    return Overview(
        figures=[figure for section in sections if not section.template for figure in section.figures],
        sections=[section for section in sections if section.template],
        steps=first_steps(),
        recent=lists.entries_page(Filter(), size=RECENT).rows if may("books.see") else (),
    )


def first_steps() -> Sequence[FirstStep]:
    """The checklist of a new group, for those who set it up; nothing once all of it is done."""
    begun: set[uuid.UUID] = current_app.extensions.setdefault(_BEGUN, set())
    if not may("settings.manage") or g.group.id in begun:
        return ()
    steps = [FirstStep(*step) for room in rooms() if room.first_steps for step in room.first_steps()]
    if not all(step.done for step in steps):
        return steps
    if len(begun) < MOST_BEGUN:  # a process remembers who has begun: their rooms need not be asked again
        begun.add(g.group.id)
    return ()
