"""`flask backup`: take, check and restore backups."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.core.backup import shelf, taking
from app.core.backup.checking import check
from app.core.backup.errors import BackupError
from app.core.backup.restoring import restore
from app.core.backup.shelf import FULL, INCREMENTAL, Backup
from app.core.backup.wal import server_settings


class _Group(AppGroup):
    """Commands whose refusals are one sentence and exit 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BackupError as error:
            raise click.ClickException(str(error)) from error


backup = _Group("backup", help="Take, check and restore backups of the whole database.")


@backup.command("full")
def full() -> None:
    """Take a backup that stands alone."""
    _tell(taking.take(FULL))


@backup.command("incremental")
def incremental() -> None:
    """Take a backup of what changed since the one before; PostgreSQL 17 and newer."""
    _tell(taking.take(INCREMENTAL))


@backup.command("due")
def due() -> None:
    """Take the backup that is due: a full one each week, an incremental one each day. For a clock, once an hour."""
    made = taking.take_due()
    click.echo("No backup is due.") if made is None else _tell(made)


@backup.command("copy")
def copy() -> None:
    """Run BACKUPS_COPY, which takes backups and log to the second place. For a clock, every few minutes."""
    copied, complaint = taking.copy()
    if not copied:
        raise BackupError(complaint or "BACKUPS_COPY is not set: there is no second place.")
    click.echo("The second place has it all.")


@backup.command("list")
def list_backups() -> None:
    """Print what stands in the folder, and whether a restore can use it."""
    among = shelf.shelf(taking.place().folder)
    for one in among:
        state = "usable" if shelf.chain(one, among) else "NOT USABLE"
        click.echo(f"{one.id}  {one.finished_at:%Y-%m-%d %H:%M:%S} UTC  {one.bytes:>14,} bytes  {state}")


@backup.command("check")
def check_all() -> None:
    """Check every file of every backup again."""
    backups = taking.place()
    for one in shelf.shelf(backups.folder):
        check(shelf.files_of(backups.folder, one), backups)
        click.echo(f"{one.id} is whole.")


@backup.command("settings")
def settings() -> None:
    """Print what the PostgreSQL server must be told (postgresql.conf) to hand over its log."""
    for name, value in server_settings(taking.place().folder).items():
        quoted = value.replace("'", "''")
        click.echo(f"{name} = '{quoted}'")


@backup.command("restore")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="An empty folder.")
@click.option("--at", type=datetime.fromisoformat, help="The moment to go to, like 2026-11-21T12:34:56+00:00.")
def restore_files(target: Path, at: datetime | None) -> None:
    """Put a server's files together, as they were at a moment; the server itself is started by hand."""
    moment = at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
    done = restore(taking.place(), target.absolute(), at=moment)
    click.echo(f"Put together from {', '.join(link.id for link in done.links)}: {done.bytes:,} bytes in {target}.")
    click.echo("Give it to the server's user, start PostgreSQL with it, wait until it took leave of recovery, then run")
    click.echo("`flask database prepare`, `flask database upgrade` and `flask proof`.")


def _tell(made: Backup) -> None:
    click.echo(f"{made.id}: {made.bytes:,} bytes from {made.lsn}, verified.")
