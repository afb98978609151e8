"""Commands for operators: the database, and those that each room brings."""

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup

from app.config import Settings
from app.core.backup.commands import backup
from app.core.database import prepare
from app.core.key_commands import keys

database = AppGroup("database", help="Prepare and migrate the database.")


@database.command("prepare")
def prepare_database() -> None:
    """Make roles, database and schemas, on any server and as often as you like."""
    settings: Settings = current_app.config["SETTINGS"]
    target = settings.database
    prepare(target.admin.set(database="postgres"), target.name, target.passwords())
    click.echo("The roles and the database are ready.")


@database.command("upgrade")
def upgrade_database() -> None:
    """Run the migrations that have not run yet."""
    flask_migrate.upgrade()
    click.echo("The database is up to date.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    for group in (database, keys, backup):
        app.cli.add_command(group)
