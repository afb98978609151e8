"""Shapes of erasures."""

import uuid
from typing import Annotated

from pydantic import Field

from app.privacy.models import MemberErasure
from app.web.api.shapes import Long, Moment, Shape


class ErasureIn(Shape):
    """Why a member is erased."""

    reason: Annotated[Long, Field(max_length=500)]


class WishOut(Shape):
    """An erasure that waits for its day; `asked_by` is null when the person asked for it."""

    member_id: uuid.UUID
    asked_by: uuid.UUID | None
    asked_at: Moment
    due_at: Moment


class ErasureOut(Shape):
    """Whether a member was or will be erased, and the `reasons` that stand against it.

    Who signs in and has not left can only ask for it themselves. It is carried out `days` after it was asked for.
    """

    erased: bool
    waiting: WishOut | None
    signs_in: bool
    reasons: list[str]
    days: int


def wish_out(row: MemberErasure) -> WishOut:
    """A wish as it is told."""
    return WishOut.model_validate({name: getattr(row, name) for name in WishOut.model_fields})
