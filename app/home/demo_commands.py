"""`flask demo`: load the demonstration, and say whom to sign in as."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.config import Settings
from app.core import clock
from app.core.rooms import rooms
from app.home.demo import load
from app.home.demo_people import GROUPS, PASSWORD

demo = AppGroup("demo", help="Four groups with a year of history, to try the product on.")


@demo.command("load")
def load_demo() -> None:
    """Make the demonstration groups that are not there yet; never in production."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.environment == "production":
        raise click.ClickException("The demonstration has a known password; it is not loaded in production.")
    made = load(now=clock.now())
    _rooms_demos()
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
    for line in _rooms_demos():
        click.echo(line)


def _rooms_demos() -> list[str]:
    """What rooms above this one add, as often as it is asked for; nothing in production."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.environment == "production":
        return []
    return [line for room in rooms() if room.demo is not None for line in room.demo()]
