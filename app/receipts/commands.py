"""The command that issues a month's receipts and waits until they are there."""

import time
import uuid
from typing import NoReturn

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.auth.models import UserAccount
from app.core.db import platform, transaction
from app.core.draining import drain_due
from app.core.errors import DomainError
from app.core.jobs import worker_seen
from app.core.periods import Month
from app.groups.queries import group, member_of, memberships, permissions_used
from app.receipts import running
from app.receipts.batches import start_batch
from app.receipts.running import Progress
from app.receipts.words import skip_word
from app.registry.picking import unit_typed
from app.web.filters import money

PATIENCE = 3_600.0  # seconds that the command waits at most
POLL = 0.3
STALLED = 15.0  # seconds without any progress after which it helps, whoever else may be at work

receipts = AppGroup("receipts", help="Receipts of rent.")


@receipts.command("run")
@click.option("--group", "slug", required=True, help="The group's short name, as in its addresses.")
@click.option("--period", required=True, help="The month, like 2026-10.")
@click.option("--unit", default=None, help="The code of one unit; every unit without it.")
@click.option("--by", "email", required=True, help="E-mail of the member who acts.")
def run(slug: str, period: str, unit: str | None, email: str) -> None:
    """Issue the receipts of a month, each once however often this is run, and wait for the end."""
    try:
        month = Month.parse(period)
        user_id, group_id = _who(slug, email)
        batch_id = _start(user_id, group_id, month, unit)
        told = _wait(user_id, group_id, batch_id)
        _print(user_id, group_id, told)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if told.state != "done":
        _fail(told)


def _fail(told: Progress) -> NoReturn:
    why = told.message.last_error if told.state == "dead" else "it still goes on"
    raise click.ClickException(f"The run is not done: {why}")


def _who(slug: str, email: str) -> tuple[uuid.UUID, uuid.UUID]:
    with transaction():
        wanted = sa.func.lower(UserAccount.email) == email.strip().lower()
        user = platform().scalar(sa.select(UserAccount.id).where(wanted))
        here = [place for place in memberships(user) if place.group.slug == slug and place.may_enter] if user else []
    if user is None or not here:
        raise click.ClickException(f"{email} is not an active member of a group {slug}.")
    return user, here[0].group.id


def _start(user_id: uuid.UUID, group_id: uuid.UUID, month: Month, unit: str | None) -> uuid.UUID:
    with transaction(user_id=user_id, group_id=group_id):
        member = member_of(user_id)
        if member is None or "money.record" not in permissions_used(member.id):
            raise click.ClickException("This member may not record money.")
        unit_id = unit_typed(unit, field="unit").id if unit else None
        return start_batch(period=month, unit_id=unit_id, by=member.id, key=uuid.uuid4().hex).id


def _wait(user_id: uuid.UUID, group_id: uuid.UUID, batch_id: uuid.UUID) -> Progress:
    """Poll while a worker is at it; without one, or when nothing moves, do the work here: it is never done twice."""
    end, moved, last = time.monotonic() + PATIENCE, time.monotonic(), -1
    while True:
        with transaction(user_id=user_id, group_id=group_id):
            told = running.progress_of(batch_id)
        now = time.monotonic()
        if told.over or now > end:
            return told
        if told.done != last:
            moved, last = now, told.done
        if not worker_seen() or now - moved > STALLED:
            drain_due(seconds=5)
        else:
            time.sleep(POLL)


def _print(user_id: uuid.UUID, group_id: uuid.UUID, told: Progress) -> None:
    with transaction(user_id=user_id, group_id=group_id):
        currency, skips = group().currency, running.all_skips(told.batch.id)
        reasons = [f"    {row.unit_code}: {row.why or skip_word(row.reason)}" for row in skips]
    sums = told.sums
    click.echo(f"Receipts of {told.batch.period}:")
    for label, value in (
        ("units gone through", sums.units),
        ("issued", sums.receipts),
        ("stood before", sums.known),
        ("units skipped", sums.skipped),
    ):
        click.echo(f"  {label + ':':<20} {value}")
    for line in reasons:
        click.echo(line)
    amounts = (("rent", sums.amount), ("tax withheld", sums.withheld), ("charges", sums.charges))
    for label, amount in (*amounts, ("to be paid", sums.owed)):
        click.echo(f"  {label + ':':<20} {money(amount, currency)}")
