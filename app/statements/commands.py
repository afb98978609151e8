"""The command that sends a month's statements and waits until they are gone."""

import time
import uuid

import click
from flask.cli import AppGroup

from app.core.db import platform, transaction
from app.core.draining import drain_due
from app.core.errors import DomainError
from app.core.jobs import worker_seen
from app.core.periods import Month
from app.groups.queries import member_of, permissions_held
from app.groups.terminal import acting
from app.statements import queries, runs

PATIENCE = 600.0  # seconds that the command waits at most
POLL = 0.3
STALLED = 15.0  # seconds without any progress after which it helps, whoever else may be at work

statements = AppGroup("statements", help="Members' statements.")


@statements.command("send")
@click.option("--group", "slug", required=True, help="The group's short name, as in its addresses.")
@click.option("--period", required=True, help="The month, like 2026-10.")
@click.option("--by", "email", required=True, help="E-mail of the member who acts.")
def send(slug: str, period: str, email: str) -> None:
    """Send every member the statement of a month, each once however often this is run, and wait for the end."""
    try:
        month = Month.parse(period)
        user_id, group_id = acting(slug, email)
        before, run_id = _start(user_id, group_id, month)
        told = _wait(user_id, group_id, run_id)
        _print(told, before, _mails(group_id, month), _without(group_id))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if not told.over or told.message.dead_at is not None or told.lost:
        raise SystemExit(1)


def _start(user_id: uuid.UUID, group_id: uuid.UUID, month: Month) -> tuple[int, uuid.UUID]:
    with transaction(user_id=user_id, group_id=group_id):
        member = member_of(user_id)
        if member is None or "statements.send" not in permissions_held(member.id):
            raise click.ClickException("This member may not send statements.")
        before = queries.mails_of(str(month))
        run = runs.start_run(period=month, by=member, key=uuid.uuid4().hex)
        return before, run.id


def _wait(user_id: uuid.UUID, group_id: uuid.UUID, run_id: uuid.UUID) -> queries.Progress:
    """Poll while a worker is at it; without one, or when nothing moves, do the work here: it is never done twice."""
    end, moved, last = time.monotonic() + PATIENCE, time.monotonic(), (-1, -1)
    while True:
        with transaction(user_id=user_id, group_id=group_id):
            run = queries.run(run_id)
            assert run is not None  # noqa: S101  # it was made a moment ago and is never deleted
            told = queries.progress(run)
            platform().expunge_all()
        now, place = time.monotonic(), (told.message.progress, told.sent + told.lost)
        if told.over or now > end:
            return told
        if place != last:
            moved, last = now, place
        if not worker_seen() or now - moved > STALLED:
            drain_due(seconds=5)
        time.sleep(POLL)


def _mails(group_id: uuid.UUID, month: Month) -> int:
    with transaction(group_id=group_id):
        return queries.mails_of(str(month))


def _without(group_id: uuid.UUID) -> list[str]:
    with transaction(group_id=group_id):
        return [f"{member.identifier} {member.display_name}" for member in queries.reach().without]


def _print(told: queries.Progress, before: int, after: int, without: list[str]) -> None:
    click.echo(f"Statements of {told.run.period}:")
    click.echo(f"  mails queued before: {before}")
    click.echo(f"  mails queued now:    {after - before}")
    click.echo(f"  sent:                {told.sent}")
    click.echo(f"  to be tried again:   {told.retrying}")
    click.echo(f"  did not arrive:      {told.lost}")
    click.echo(f"  without an address:  {len(without)}")
    for name in without:
        click.echo(f"    {name}")
