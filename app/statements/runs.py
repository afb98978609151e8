"""The verb of a month: every member's statement by mail, each once, however often it is asked for or killed."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.auth import consents
from app.auth.models import UserAccount
from app.core import clock, mail
from app.core.crashpoints import crash
from app.core.db import platform, session
from app.core.ids import new_id
from app.core.outbox import later, once
from app.core.periods import Month, day_in
from app.core.rooms import Step
from app.groups.models import Member, SavingsGroup
from app.groups.queries import group
from app.groups.settings import setting
from app.statements import papers, queries
from app.statements.errors import MonthNotOver, NobodyToSendTo
from app.statements.models import StatementRun
from app.web.filters import money, month
from app.web.i18n import speaking

JOB = "statements.send"
CHUNK = 10  # mails queued in one transaction
GRACE = 7  # days of a month in which the clock still sends the last one's statements, should it have stood still


def start_run(*, period: Month, by: Member | None, key: str) -> StatementRun:
    """Send the statement of a month to every member who has not got it yet.

    While a run of that month goes on, with the same key, or when everybody has it, this finds the run there is. Raises
    MonthNotOver, NobodyToSendTo.
    """
    if period.last >= clock.today(group().time_zone):
        raise MonthNotOver(month=month(period))
    found = session().scalar(sa.select(StatementRun).where(StatementRun.key == key)) or _going_on(str(period))
    if found is not None:
        return found
    ids = _without_it(str(period))
    if not ids:
        return _last(str(period))
    message = later(JOB, key=f"{JOB}:{key}", total=len(ids), period=str(period), member_ids=ids)
    run = once(
        session(),
        StatementRun,
        group_id=session().group_id,
        id=new_id(),
        period=str(period),
        key=key,
        started_by=by.id if by else None,
        started_at=clock.now(),
        message_id=message.id,
    )
    record("send", "statement_run", run.id, by=run.started_by, after={"period": run.period, "members": len(ids)})
    return run


def _without_it(period: str) -> list[str]:
    reached = queries.reached(period)
    return [str(member.id) for member in queries.reach().receive if member.id not in reached]


def _last(period: str) -> StatementRun:
    run = queries.latest_run(period)
    if run is None or not queries.reach().receive:
        raise NobodyToSendTo
    return run


def _going_on(period: str) -> StatementRun | None:
    run = queries.latest_run(period)
    return run if run is not None and not queries.progress(run).over else None


def send_chunk(*, period: str, member_ids: Sequence[str], done: int, total: int) -> Step:
    """Queue the mails of the next members; the handler of a run."""
    wanted = Month.parse(period)
    chunk = [uuid.UUID(text) for text in member_ids[done : done + CHUNK]]
    members = session().scalars(sa.select(Member).where(Member.id.in_(chunk)).order_by(Member.id)).all()
    quiet = consents.refused({member.user_id for member in members if member.user_id}, consents.LETTERS)
    for member in members:
        if mail.usable(member.email) and member.user_id not in quiet:
            _queue(member, wanted)
    crash("statements.chunk")
    return Step(progress=min(done + CHUNK, total), more=done + CHUNK < total)


def _queue(member: Member, period: Month) -> None:
    here = group()
    locale = _locale_of(member, here)
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    mail.queue(
        key=f"statement:{period}:{member.id}",
        to=str(member.email),
        template="statement",
        data=_letter(member, period, here, locale),
        locale=locale,
        member_id=member.id,
        attach=("statement", {"member_id": str(member.id), **days, "locale": locale}),
        about=queries.about(str(period)),
    )


def _letter(member: Member, period: Month, here: SavingsGroup, locale: str) -> dict[str, Any]:
    statement = queries.statement(member.id, period.first, period.last)
    with speaking(locale=locale, zone=here.time_zone, currency=here.currency):
        savings, owed = statement.savings, statement.penalties.closing
        return {
            "name": member.display_name,
            "group": here.name,
            "month": month(period),
            "opening": money(savings.opening),
            "added": money(savings.added),
            "taken": money(savings.taken) if savings.taken else None,
            "closing": money(savings.closing),
            "owed": money(owed) if owed else None,
            "path": f"/g/{here.slug}/statements/{member.id}?first={period.first}&last={period.last}",
            "disclaimer": papers.disclaimer(),
        }


def _locale_of(member: Member, here: SavingsGroup) -> str:
    account = platform().get(UserAccount, member.user_id) if member.user_id else None
    return account.locale if account else here.locale


def plan_monthly(now: datetime) -> None:
    """What the clock does each hour: early in a month, the last one's statements, where the group wants it."""
    today = day_in(ZoneInfo(group().time_zone), now)
    if today.day > GRACE or not setting("monthly_statements"):
        return
    period = Month.of(today).previous
    if queries.latest_run(str(period)) is None and queries.reach().receive:
        start_run(period=period, by=None, key=f"clock:{period}")


def run_words(*, period: str, **_payload: Any) -> str:
    """What a run is about."""
    return str(_("Statements of %(month)s", month=month(Month.parse(period))))
