"""Shapes of what platform staff did with a group."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from app.staff.models import GroupStanding
from app.staff.queries import Look
from app.web.api.shapes import Moment, Shape


class OpenedOut(Shape):
    """A page that was opened during a look, how often, and when last."""

    page: str
    times: int
    last_at: Moment


class LookOut(Shape):
    """A look inside the group by platform staff; `over_at` is when it was or will be over."""

    id: uuid.UUID
    who: str | None
    reason: str
    at: Moment
    over_at: Moment
    is_open: bool
    opened: list[OpenedOut]


class StaffStandingOut(Shape):
    """That the group was suspended or revived."""

    id: uuid.UUID
    status: Literal["active", "suspended"]
    reason: str
    who: str | None
    at: Moment


def look_out(look: Look, opened: Sequence[tuple[str, int, datetime]], names: Mapping[uuid.UUID, str]) -> LookOut:
    """A look as it is told."""
    told = {name: getattr(look.row, name) for name in ("id", "reason", "at")}
    pages = [OpenedOut(page=page.removeprefix("inside_"), times=times, last_at=last) for page, times, last in opened]
    about = {"who": names.get(look.row.user_id), "over_at": look.over_at, "is_open": look.is_open, "opened": pages}
    return LookOut.model_validate(told | about)


def staff_standing_out(row: GroupStanding, names: Mapping[uuid.UUID, str]) -> StaffStandingOut:
    """A suspension or its end as it is told."""
    told = {name: getattr(row, name) for name in ("id", "status", "reason", "at")}
    return StaffStandingOut.model_validate(told | {"who": names.get(row.user_id)})
