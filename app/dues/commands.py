"""The commands of dues: run a levy for a period and wait until it is calculated, and post what was calculated."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.auth.models import UserAccount
from app.core.db import platform, session, transaction
from app.core.draining import drain_due
from app.core.errors import DomainError
from app.core.jobs import worker_seen
from app.core.money import shown
from app.core.outbox import Outbox
from app.core.periods import Month
from app.dues import approving, running, steps, telling
from app.dues.errors import NoSuchRun
from app.dues.models import AssessmentState
from app.dues.rules import Frequency, State, slot_of
from app.dues.standing import Run, config_named, run_of, run_there
from app.dues.words import period_word
from app.groups.models import Member
from app.groups.queries import group, member_of, memberships, permissions_held
from app.web.i18n import speaking

PATIENCE = 600.0  # seconds that a command waits at most
POLL = 0.3
STALLED = 15.0  # seconds without any progress after which it helps, whoever else may be at work
GROUP = click.option("--group", "slug", required=True, help="The group's short name, as in its addresses.")
CONFIG = click.option("--config", "name", required=True, help="The levy's name.")
PERIOD = click.option("--period", required=True, help="A month of the period, like 2026-01.")
BY = click.option("--by", "email", required=True, help="E-mail of the member who acts.")

dues = AppGroup("dues", help="Dues: runs of levies.")


@dues.command("run")
@GROUP
@CONFIG
@PERIOD
@BY
def run(slug: str, name: str, period: str, email: str) -> None:
    """Calculate the dues of a period, once however often this is run; it stops at pending approval and says so."""
    with _refusals():
        user_id, group_id = _who(slug, email)
        with _acting(user_id, group_id) as by:
            config, month = config_named(name), Month.parse(period)
            there = running.start_run(config_id=config.id, month=month, by=by.id, key=uuid.uuid4().hex)
            event_id, made = there.event.id, there.step.attempt == 1 and there.state is State.CALCULATING
        found = _wait(user_id, group_id, event_id)
        with _acting(user_id, group_id):
            _print(event_id, already=not made)
    if found.state not in (State.PENDING, State.POSTED):
        raise SystemExit(1)


@dues.command("approve")
@GROUP
@CONFIG
@PERIOD
@BY
def approve(slug: str, name: str, period: str, email: str) -> None:
    """Post the dues that were calculated for a period, all of them or none, and wait until everybody was told."""
    with _refusals():
        user_id, group_id = _who(slug, email)
        with _acting(user_id, group_id) as by:
            config = config_named(name)
            there = run_there(config.id, slot_of(Frequency(config.frequency), Month.parse(period)).name)
            if there is None:
                raise NoSuchRun
            if posted := there.state is State.POSTED:
                click.echo("These dues were posted already.")
            else:
                approving.approve(there.event.id, by=by.id)
            event_id = there.event.id
        if not posted:
            _wait_for(user_id, group_id, f"{telling.TELL}:{event_id}")
        with _acting(user_id, group_id):
            _print(event_id, already=posted)
            parties, mails = telling.told_so_far(run_of(event_id))
            click.echo(f"  parties charged:   {parties}")
            click.echo(f"  notices by mail:   {mails}")


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def _who(slug: str, email: str) -> tuple[uuid.UUID, uuid.UUID]:
    with transaction():
        wanted = sa.func.lower(UserAccount.email) == email.strip().lower()
        user = platform().scalar(sa.select(UserAccount.id).where(wanted))
        here = [place for place in memberships(user) if place.group.slug == slug and place.may_enter] if user else []
    if user is None or not here:
        raise click.ClickException(f"{email} is not an active member of a group {slug}.")
    return user, here[0].group.id


@contextmanager
def _acting(user_id: uuid.UUID, group_id: uuid.UUID) -> Iterator[Member]:
    """A transaction in the group, for a member who may record money."""
    with transaction(user_id=user_id, group_id=group_id):
        member = member_of(user_id)
        if member is None or "money.record" not in permissions_held(member.id):
            raise click.ClickException("This member may not record money.")
        here = group()
        with speaking(locale=here.locale, zone=here.time_zone, currency=here.currency):
            yield member


def _wait(user_id: uuid.UUID, group_id: uuid.UUID, event_id: uuid.UUID) -> Run:
    with transaction(user_id=user_id, group_id=group_id):
        found = run_of(event_id)
    if found.state is State.CALCULATING:
        _wait_for(user_id, group_id, running.message_key(event_id, found.step.attempt))
    with transaction(user_id=user_id, group_id=group_id):
        return run_of(event_id)


def _wait_for(user_id: uuid.UUID, group_id: uuid.UUID, key: str) -> None:
    """Poll while a worker is at it; without one, or when nothing moves, do the work here: it is never done twice."""
    end, moved, last = time.monotonic() + PATIENCE, time.monotonic(), -1
    while True:
        with transaction(user_id=user_id, group_id=group_id):
            wanted = sa.select(Outbox.progress, Outbox.done_at, Outbox.dead_at).where(Outbox.key == key)
            row = session().execute(wanted).one_or_none()
        now = time.monotonic()
        if row is None or row.done_at or row.dead_at or now > end:
            return
        if row.progress != last:
            moved, last = now, row.progress
        if not worker_seen() or now - moved > STALLED:
            drain_due(seconds=5)
        time.sleep(POLL)


def _print(event_id: uuid.UUID, *, already: bool) -> None:
    found = run_of(event_id)
    click.echo(f"{found.config.name}, {period_word(found.event.slot, found.event.first_on)}:")
    if already:
        click.echo("  this run was there already")
    if found.step.total is not None and found.state is not State.DRAFT:
        click.echo(f"  entries:           {found.step.entries}")
        click.echo(f"  levied:            {shown(found.step.total, group().currency)} {group().currency}")
    click.echo(f"  due on:            {found.event.due_on}")
    click.echo(f"  state:             {_state(found.step)}")


def _state(step: AssessmentState) -> str:
    if step.state == State.PENDING:
        return "pending approval: post it with `flask dues approve` or on its page"
    reason = steps.reason_of(step)
    return f"{step.state}: {reason}" if reason else step.state.replace("_", " ")


# For the commands of the room above.
acting, refusals, wait_for, who = _acting, _refusals, _wait_for, _who
