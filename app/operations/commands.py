"""Commands of operators: whether a head that was mailed is still in the books, and what the watch sees now."""

from typing import TextIO

import click
import sqlalchemy as sa
from flask.cli import AppGroup, with_appcontext

from app.core.db import engine
from app.operations import heads as anchors
from app.operations.watching import watch

heads = AppGroup("heads", help="Heads of chains, as they were mailed to officers.")


@heads.command("verify")
@click.argument("mail", type=click.File("r"), default="-")
@with_appcontext
def verify(mail: TextIO) -> None:
    """Read the text of a mail and say whether the group's books still contain the head in it: exit 0 only then."""
    anchor = anchors.read(mail.read())
    if anchor is None:
        raise click.ClickException("There is no head of a chain in this text.")
    if not _known(anchor):
        raise click.ClickException(f"There is no group {anchor.group_id}.")
    found = anchors.verify(anchor)
    click.echo(f"Entry {anchor.number} of group {anchor.group_id}, taken {anchor.at}")
    click.echo("  signature: " + ("ours" if found.signed else "NOT OURS, or the group's key was exchanged"))
    click.echo("  chain:     " + (found.fault or "contains it, and all before it is intact"))
    if not found.holds:
        raise SystemExit(1)


@click.command("watch")
@with_appcontext
def watch_once() -> None:
    """Look once for everything that is alarming, as the clock does twice a minute."""
    watch()


def _known(anchor: anchors.Anchor) -> bool:
    with engine("relay").connect() as connection:
        query = sa.text("SELECT 1 FROM savings_group WHERE id = :id")
        return connection.execute(query, {"id": anchor.group_id}).scalar() is not None
