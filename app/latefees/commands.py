"""The command of late penalties: look at what is late on a day, by the worker, and say what was proposed."""

import uuid
from datetime import date
from decimal import Decimal

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.core.db import session
from app.core.money import shown
from app.core.outbox import Outbox
from app.dues.commands import BY, GROUP, acting, refusals, wait_for, who
from app.groups.queries import group
from app.latefees import proposing, queries

penalties = AppGroup("penalties", help="Late penalties on dues.")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@penalties.command("propose")
@GROUP
@click.option("--on", type=DAY, required=True, help="The day to look at, like 2026-01-05.")
@BY
def propose(slug: str, on: date, email: str) -> None:
    """Propose penalties on what is late on a day, once however often this is run; an officer reviews them."""
    seen = on.date() if hasattr(on, "date") else on
    with refusals():
        user_id, group_id = who(slug, email)
        with acting(user_id, group_id):
            key = proposing.ask(seen, key=f"command:{uuid.uuid4().hex}")
        wait_for(user_id, group_id, key)
        with acting(user_id, group_id):
            done = _print(key, seen)
    if not done:
        raise SystemExit(1)


def _print(key: str, on: date) -> bool:
    row = session().scalars(sa.select(Outbox).where(Outbox.key == key)).one()
    if row.result is None:
        click.echo(f"This is not done yet: {row.last_error or 'no worker has taken it'}.")
        return False
    here, told = group(), row.result
    count, waiting = queries.waiting_in_all()
    click.echo(f"Late dues as of {on}:")
    click.echo(f"  charges looked at:    {told['looked_at']}")
    click.echo(f"  penalties proposed:   {told['proposed']}")
    click.echo(f"  proposed in all:      {shown(Decimal(told['total']), here.currency)} {here.currency}")
    click.echo(f"  reversals proposed:   {told['reversals']}")
    click.echo(f"  withdrawn:            {told['withdrawn']}")
    click.echo(f"  waiting for review:   {count}, penalties of {shown(waiting, here.currency)} {here.currency}")
    return True
