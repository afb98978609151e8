"""`flask staff`: who is platform staff. Nobody becomes it through the website."""

import getpass
import uuid

import click
from flask import current_app
from flask.cli import AppGroup

from app.auth import queries as accounts
from app.config import Settings
from app.core.db import transaction
from app.core.errors import DomainError
from app.staff import codes, queries, staffing

staff = AppGroup("staff", help="Platform staff: who they are, and on a local machine their codes.")


@staff.command("add")
@click.argument("email")
@click.option("--by", default=getpass.getuser, show_default="the user of this machine", help="Who gives it.")
def add(email: str, by: str) -> None:
    """Make somebody with an account platform staff."""
    _change(email, by, is_staff=True)
    click.echo(f"{email} is platform staff. They need a second step to enter.")


@staff.command("end")
@click.argument("email")
@click.option("--by", default=getpass.getuser, show_default="the user of this machine", help="Who takes it.")
def end(email: str, by: str) -> None:
    """Somebody is no longer platform staff; what they have open ends with it."""
    _change(email, by, is_staff=False)
    click.echo(f"{email} is no longer platform staff.")


@staff.command("list")
def show() -> None:
    """Who is platform staff."""
    for name, email, at in queries.staff():
        click.echo(f"{email:32} {name:24} since {at:%Y-%m-%d %H:%M} UTC")


@staff.command("code")
@click.argument("email")
def code(email: str) -> None:
    """Print the code of the second step that somebody's app would show now; only on a local machine."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.environment == "production":
        raise click.ClickException("In production a code comes from the person's own app, and from nowhere else.")
    with transaction():
        account = accounts.account_by_email(email)
        if account is None or not account.two_factor_enabled:
            raise click.ClickException(f"{email} has no second step.")
        click.echo(codes.code_now(account))


def _change(email: str, by: str, *, is_staff: bool) -> uuid.UUID:
    try:
        return staffing.change(email=email, is_staff=is_staff, by=by)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
