"""`flask keys`: which master keys there are, changing them, and letting old ones go."""

import time

import click
from flask.cli import AppGroup

from app.core import master_keys, rotation
from app.core.keys import ring

keys = AppGroup("keys", help="The master keys that seal what nobody else may read.")


@keys.command("status")
def status() -> None:
    """Count the values under each key, and say which key can be retired."""
    _prove()
    found = rotation.survey()
    writing = ring().writing
    for column, counts in found.columns.items():
        told = ", ".join(f"{count:,} under {key}" for key, count in sorted(counts.items())) or "none"
        click.echo(f"  {column:28} {told}")
    for process in rotation.processes():
        click.echo(f"  {process.connections} connections of processes with the keys {', '.join(process.keys)}")
    for key_id in ring().keys:
        count = found.under(key_id)
        state = "writes" if key_id == writing else "is still needed" if count else "can be retired"
        click.echo(f"Key {key_id}: {count:,} values; it {state}.")
    _stop_at_untold(found)


@keys.command("rotate")
def rotate() -> None:
    """Seal every value anew with the first key of KEY_RING; after a kill, run it again. Exit 0 when none is left."""
    _prove()
    before = rotation.survey()
    _stop_at_untold(before)
    total, done, begun = before.besides(ring().writing), 0, time.monotonic()

    def say(column: str, count: int) -> None:
        nonlocal done
        done += count
        click.echo(f"  {done:,} of {total:,}  {column}")

    try:
        rotation.rotate(say)
    except rotation.CannotRotate as error:
        raise click.ClickException(str(error)) from error
    left = rotation.survey().besides(ring().writing)
    click.echo(f"{done:,} values sealed anew with {ring().writing} in {time.monotonic() - begun:.1f} s, {left:,} left.")
    if left:
        raise click.ClickException("Processes still write with an earlier key: start them again, then run this again.")


@keys.command("retire")
@click.argument("key_id")
def retire(key_id: str) -> None:
    """Let an old key go: processes start without it from now on. Keep it as long as backups from its time are kept."""
    _prove()
    try:
        rotation.retire(key_id)
    except rotation.CannotRotate as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{key_id} is retired: take it out of KEY_RING, and keep it with the backups of its time.")


def _prove() -> None:
    try:
        master_keys.prove()
    except master_keys.WrongKeyRing as error:
        raise click.ClickException(str(error)) from error


def _stop_at_untold(found: rotation.Survey) -> None:
    if found.untold:
        raise click.ClickException(f"Sealed values stand where no rotation looks: {', '.join(found.untold)}.")
