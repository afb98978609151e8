"""Telling members something inside the product, and reading it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from sqlalchemy.dialects import postgresql

from app.auth.models import UserAccount
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.groups.models import Member
from app.notifications.models import Notification
from app.notifications.rules import KEPT_FOR, Kind, Priority, is_inside


def notify(
    member_ids: Iterable[uuid.UUID],
    *,
    kind: str,
    title: object,
    body: object = "",
    url: str | None = None,
    priority: str = "normal",
    key: str | None = None,
    expires_at: datetime | None = None,
) -> int:
    """Tell members something; returns how many were told now.

    `title` and `body` may be lazy texts: each member gets them in their own language. With a `key` nobody is told the
    same twice. Members who cannot sign in are left out: they would find a heap of old news on their first day.
    `url` is a path of this site. Raises ValueError for an unknown kind or priority, or another site's address.
    """
    if url is not None and not is_inside(url):
        raise ValueError("a notification leads to a page of this site")
    told = {
        "key": key or new_id().hex,
        "kind": Kind(kind).value,
        "priority": Priority(priority).value,
        "url": url,
        "created_at": clock.now(),
        "expires_at": expires_at,
    }
    rows = [row for locale, ids in _by_locale(member_ids).items() for row in _rows(locale, ids, title, body, told)]
    if not rows:
        return 0
    session().flush()
    # One statement for a whole group; row-level security checks it as it would check objects.
    made = postgresql.insert(Notification).values(rows).on_conflict_do_nothing().returning(Notification.id)
    return len(session().connection().execute(made).all())


def path_to(endpoint: str, **values: object) -> str:
    """The path of a page, in a worker too, where there is no request to tell it from."""
    return current_app.url_map.bind("").build(endpoint, values)


def _rows(
    locale: str, member_ids: Iterable[uuid.UUID], title: object, body: object, told: dict[str, Any]
) -> list[dict[str, Any]]:
    with force_locale(locale):
        texts = {"title": str(title), "body": str(body)}
    group_id = session().group_id
    return [{"group_id": group_id, "id": new_id(), "member_id": member_id, **texts, **told} for member_id in member_ids]


def _by_locale(member_ids: Iterable[uuid.UUID]) -> dict[str, list[uuid.UUID]]:
    rows = session().execute(
        sa.select(Member.id, UserAccount.locale)
        .join(UserAccount, UserAccount.id == Member.user_id)
        .where(Member.id.in_(set(member_ids)), Member.status.in_(("active", "inactive")))
        .order_by(Member.id)
    )
    found: dict[str, list[uuid.UUID]] = {}
    for member_id, locale in rows:
        found.setdefault(locale, []).append(member_id)
    return found


def mark_read(notification: Notification) -> None:
    """Note that a notification was read."""
    if notification.read_at is None:
        notification.read_at = clock.now()
        session().flush()


def mark_all_read(member_id: uuid.UUID) -> None:
    """Note that a member has read everything."""
    session().execute(
        sa.update(Notification)
        .where(Notification.member_id == member_id, Notification.read_at.is_(None))
        .values(read_at=clock.now())
    )


def tidy(now: datetime) -> int:
    """Delete what expired a month ago and what is older than two years; returns how many rows went."""
    gone = sa.delete(Notification).where(
        sa.or_(Notification.expires_at < now - timedelta(days=30), Notification.created_at < now - KEPT_FOR)
    )
    return int(session().execute(gone).rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it
