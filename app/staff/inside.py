"""Reads inside a group while a look is open: the columns that the database lets through, and no name or sealed text."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.db import session
from app.core.mail import MailMessage
from app.core.outbox import Outbox
from app.groups.models import Member
from app.ledgers.chart import NAMED_OWNERS
from app.ledgers.models import Account, AccountBalance, Entry, Posting
from app.web.keyset import Cursor, Slice, slice_of

MOST = 100
_LOST = ("failed", "bounced", "unknown")


@dataclass(frozen=True)
class Totalled:
    """The accounts of a kind that belong to members, or one that has a name of its own, with what is on them."""

    kind: str
    name: str | None
    accounts: int
    balance: Decimal


def counts() -> dict[str, int]:
    """How many members there are of each status."""
    rows = session().execute(sa.select(Member.status, sa.func.count()).group_by(Member.status).order_by(Member.status))
    return {status: count for status, count in rows}  # noqa: C416  # dict(rows) is not typed as one


def members_page(*, at: Cursor | None = None) -> Slice[Any]:
    """A page of members by the day they joined: what they are, and no name or contact.

    Their number may be an address, so nothing that leads to the next page tells one.
    """
    columns: tuple[Any, ...] = (
        Member.id,
        Member.identifier,
        Member.status,
        Member.roles,
        Member.joined_on,
        Member.left_on,
    )
    return slice_of(
        lambda statement: session().execute(statement).all(),
        sa.select(*columns, Member.user_id.is_not(None).label("signs_in")),
        by=(Member.joined_on, Member.id),
        key=lambda row: (row.joined_on, row.id),
        at=at,
    )


def accounts() -> Sequence[Totalled]:
    """What is on the accounts, positive on their natural side: by kind, and by name where they have their own."""
    name = sa.case((Account.owner_kind.in_(NAMED_OWNERS), Account.name), else_=None)
    amount = sa.func.coalesce(sa.func.sum(AccountBalance.balance * Account.normal), 0)
    same = sa.and_(AccountBalance.account_id == Account.id, AccountBalance.group_id == Account.group_id)
    rows = session().execute(
        sa.select(Account.kind, name, sa.func.count(Account.id), amount)
        .outerjoin(AccountBalance, same)
        .group_by(Account.kind, name)
        .order_by(sa.func.min(Account.code))
    )
    return [Totalled(kind, named, count, Decimal(balance)) for kind, named, count, balance in rows]


def entries_page(*, at: Cursor | None = None) -> Slice[Any]:
    """A page of entries, the latest first: number, kind, day and amount, and no note."""
    mine = (Posting.entry_id == Entry.id, Posting.group_id == Entry.group_id, Posting.amount > 0)
    amount = sa.select(sa.func.sum(Posting.amount)).where(*mine).scalar_subquery().label("amount")
    columns: tuple[Any, ...] = (
        Entry.number,
        Entry.kind,
        Entry.effective_on,
        Entry.recorded_at,
        Entry.reverses_id,
        amount,
    )
    return slice_of(
        lambda statement: session().execute(statement).all(),
        sa.select(*columns),
        by=(Entry.number,),
        key=lambda row: (row.number,),
        at=at,
        newest_first=True,
    )


def work() -> Sequence[Any]:
    """Background work that waits or gave up, what gave up first."""
    columns = (Outbox.id, Outbox.kind, Outbox.attempts, Outbox.due_at, Outbox.dead_at, Outbox.created_at)
    wanted = sa.select(*columns).where(Outbox.done_at.is_(None)).limit(MOST)
    return session().execute(wanted.order_by(Outbox.dead_at.desc().nulls_last(), Outbox.due_at, Outbox.id)).all()


def lost_mails() -> Sequence[Any]:
    """Mails that failed, bounced or are unknown, newest first: which letter, not to whom."""
    columns = (MailMessage.id, MailMessage.template, MailMessage.state, MailMessage.attempts, MailMessage.queued_at)
    wanted = sa.select(*columns).where(MailMessage.state.in_(_LOST)).limit(MOST)
    return session().execute(wanted.order_by(MailMessage.queued_at.desc(), MailMessage.id)).all()


def log_page(*, at: Cursor | None = None) -> Slice[Any]:
    """A page of the group's audit log, the latest first: what was done when, and not what it said."""
    who = sa.select(Member.identifier).where(Member.id == AuditEvent.member_id, Member.group_id == AuditEvent.group_id)
    columns = (AuditEvent.id, AuditEvent.at, AuditEvent.action, AuditEvent.entity, AuditEvent.fields)
    return slice_of(
        lambda statement: session().execute(statement).all(),
        sa.select(*columns, AuditEvent.severity, AuditEvent.user_id, who.scalar_subquery().label("number")),
        by=(AuditEvent.at, AuditEvent.id),
        key=lambda row: (row.at, row.id),
        at=at,
        newest_first=True,
    )


def pages_seen(look_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, int, datetime]]]:
    """Of each look: which pages were opened, how often and when last; for the group's own page of looks."""
    if not look_ids:
        return {}
    rows = session().execute(
        sa.select(AuditEvent.entity_id, AuditEvent.entity, sa.func.count(), sa.func.max(AuditEvent.at))
        .where(AuditEvent.entity_id.in_(look_ids), AuditEvent.action == "look", AuditEvent.entity != "look")
        .group_by(AuditEvent.entity_id, AuditEvent.entity)
        .order_by(sa.func.min(AuditEvent.at), AuditEvent.entity)
    )
    found: dict[uuid.UUID, list[tuple[str, int, datetime]]] = {}
    for look_id, entity, times, last in rows:
        if look_id is not None:
            found.setdefault(look_id, []).append((entity, times, last))
    return found
