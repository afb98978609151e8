"""`flask demo`: load the demonstration, and say whom to sign in as."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.config import Settings
from app.core import clock
from app.home.demo import load
from app.home.demo_people import GROUPS, PASSWORD

demo = AppGroup("demo", help="Three groups with a year of history, to try the product on.")


@demo.command("load")
def load_demo() -> None:
    """Make the demonstration groups that are not there yet; never in production."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.environment == "production":
        raise click.ClickException("The demonstration has a known password; it is not loaded in production.")
    made = load(now=clock.now())
    click.echo(f"{made} demonstration groups made." if made else "The demonstration is there already.")


@demo.command("signins")
def say_signins() -> None:
    """Print whom to sign in as."""
    click.echo(f"Sign in with the password “{PASSWORD}” as")
    seen: set[str] = set()
    for group in GROUPS:
        for guest, roles in group.guests:
            if guest.email not in seen:
                seen.add(guest.email)
                click.echo(f"  {guest.email:22} {', '.join(roles)} of {group.name}")
