"""Shapes of addresses and deliveries."""

import uuid
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from app.hooks.models import HookDelivery
from app.hooks.queries import Seen
from app.hooks.rules import EVENTS, LONGEST_URL
from app.web.api.shapes import Moment, Shape, Text

Url = Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]
# What an unknown one is refused with, the verb says; what there is to choose from, the document.
Event = Annotated[Text, WithJsonSchema({"type": "string", "enum": sorted(EVENTS)})]


class HookIn(Shape):
    """A new address. `secret` is the receiver's own (whsec_ and base64 of 24 to 64 bytes); left out, one is made."""

    url: Url
    events: Annotated[list[Event], Field(min_length=1, max_length=100)]
    secret: Text | None = None


class SecretIn(Shape):
    """A new secret; left out, one is made."""

    secret: Text | None = None


class HookOut(Shape):
    """An address, without its secret."""

    id: uuid.UUID
    url: str
    events: list[str]
    state: Literal["active", "paused", "failing", "ended"]
    created_at: Moment
    failing_since: Moment | None
    delivered_at: Moment | None
    earlier_secret_until: Moment | None


class SecretOut(Shape):
    """The secret of an address, told this once; null where the same deed was done before."""

    id: uuid.UUID
    secret: str | None


class DeliveryOut(Shape):
    """A message to an address and what became of it."""

    id: uuid.UUID
    event: str
    entity: str
    entity_id: uuid.UUID | None
    occurred_at: Moment
    state: Literal["waiting", "sending", "delivered", "failed", "skipped"]
    tries: int
    tried_at: Moment | None
    next_at: Moment | None
    code: int | None
    problem: str | None
    took: int | None


def hook_out(seen: Seen) -> HookOut:
    """An address as it is told."""
    names = ("id", "events", "state", "created_at", "failing_since", "delivered_at")
    told = {name: getattr(seen.hook, name) for name in names}
    return HookOut.model_validate(told | {"url": seen.url, "earlier_secret_until": seen.earlier_until})


def delivery_out(row: HookDelivery) -> DeliveryOut:
    """A message as it is told."""
    return DeliveryOut.model_validate(row)
