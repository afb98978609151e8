"""Reads of addresses and deliveries."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from werkzeug.exceptions import HTTPException

from app.core import clock
from app.core.crypto import open_sealed
from app.core.db import session
from app.core.keys import key_of
from app.hooks.errors import NoSuchDelivery, NoSuchHook
from app.hooks.models import DeliveryState, HookAddress, HookDelivery, HookState
from app.hooks.rules import NOUNS, TEST
from app.web.keyset import Cursor, Slice, slice_of

CURSOR = (datetime, uuid.UUID)
OVER = (DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.SKIPPED)


@dataclass(frozen=True)
class Seen:
    """An address as officers see it."""

    hook: HookAddress
    url: str

    @property
    def earlier_until(self) -> datetime | None:
        """Until when the secret before this one is valid as well, if it still is."""
        until = self.hook.earlier_until
        return until if until is not None and until > clock.now() else None


def url_place(row_id: uuid.UUID) -> str:
    """What a sealed address is bound to."""
    return f"hook_address|{row_id}|url"


def secret_place(row_id: uuid.UUID, column: str) -> str:
    """What a sealed secret is bound to."""
    return f"hook_address|{row_id}|{column}"


def loopback() -> bool:
    """Whether this machine may be told: where people build and test the product, nowhere else."""
    return current_app.config["SETTINGS"].environment in ("local", "test")


def hooks() -> list[Seen]:
    """The addresses of the group that were not ended, the newest first."""
    wanted = sa.select(HookAddress).where(HookAddress.state != HookState.ENDED)
    rows = session().scalars(wanted.order_by(HookAddress.created_at.desc(), HookAddress.id.desc())).all()
    return _seen(rows)


def _seen(rows: Sequence[HookAddress]) -> list[Seen]:
    if not rows:
        return []
    key = key_of(session().group_id)
    return [Seen(row, open_sealed(key, row.url, url_place(row.id)).decode()) for row in rows]


def url_of(row: HookAddress) -> str:
    """The address in clear."""
    return _seen([row])[0].url


def hook(hook_id: uuid.UUID) -> Seen:
    """An address that was not ended. Raises NoSuchHook."""
    found = session().scalar(
        sa.select(HookAddress).where(HookAddress.id == hook_id, HookAddress.state != HookState.ENDED)
    )
    if found is None:
        raise NoSuchHook
    return _seen([found])[0]


def hook_under(key: str) -> HookAddress | None:
    """The address that was added under this key."""
    return session().scalar(sa.select(HookAddress).where(HookAddress.idempotency_key == key))


def secrets_of(row: HookAddress) -> list[str]:
    """The secrets that are valid now: this one, and for a day the one before it."""
    key = key_of(row.group_id)
    found = [open_sealed(key, row.secret, secret_place(row.id, "secret")).decode()]
    if row.earlier_secret is not None and row.earlier_until is not None and row.earlier_until > clock.now():
        found.append(open_sealed(key, row.earlier_secret, secret_place(row.id, "earlier_secret")).decode())
    return found


def in_use() -> int:
    """How many addresses were not ended."""
    wanted = sa.select(sa.func.count()).select_from(HookAddress).where(HookAddress.state != HookState.ENDED)
    return session().scalar(wanted) or 0


def listening() -> Sequence[tuple[uuid.UUID, list[str]]]:
    """The addresses that are told now and the events they want; read once in a unit of work."""
    known: dict[str, Any] = session().info
    if "hooks" not in known:
        wanted = sa.select(HookAddress.id, HookAddress.events).where(HookAddress.state == HookState.ACTIVE)
        known["hooks"] = [(row.id, row.events) for row in session().execute(wanted)]
    found: Sequence[tuple[uuid.UUID, list[str]]] = known["hooks"]
    return found


def deliveries_page(hook_id: uuid.UUID, at: Cursor | None = None) -> Slice[HookDelivery]:
    """The messages to an address, the newest first."""
    return slice_of(
        lambda statement: session().scalars(statement).all(),
        sa.select(HookDelivery).where(HookDelivery.hook_id == hook_id),
        by=(HookDelivery.created_at, HookDelivery.id),
        key=lambda row: (row.created_at, row.id),
        at=at,
        newest_first=True,
    )


def delivery(hook_id: uuid.UUID, delivery_id: uuid.UUID) -> HookDelivery:
    """A message to an address. Raises NoSuchDelivery."""
    wanted = sa.select(HookDelivery).where(HookDelivery.id == delivery_id, HookDelivery.hook_id == hook_id)
    found = session().scalar(wanted)
    if found is None:
        raise NoSuchDelivery
    return found


def test_on_its_way(hook_id: uuid.UUID) -> bool:
    """Whether a test of this address was asked for and is not over."""
    wanted = sa.select(HookDelivery.id).where(HookDelivery.hook_id == hook_id, HookDelivery.event == TEST)
    return session().scalar(wanted.where(HookDelivery.state.not_in(OVER)).limit(1)) is not None


def path_of(entity: str, entity_id: uuid.UUID | None) -> str | None:
    """Where the API tells more of a record, when it has such an endpoint."""
    if entity not in NOUNS or entity_id is None:
        return None
    path = f"/api/v1/{NOUNS[entity]}/{entity_id}"
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return None
    return path
