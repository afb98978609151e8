"""Commands of an operator about people's sessions: ending those of one person, or of everybody."""

import uuid

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.auth import events, queries
from app.auth import sessions as kept
from app.auth.models import UserSession
from app.core.db import platform, transaction

sessions = AppGroup("sessions", help="Sessions of people.")


@sessions.command("end")
@click.option("--email", help="Whose sessions to end.")
@click.option("--everybody", is_flag=True, help="End every session there is.")
def end(*, email: str | None, everybody: bool) -> None:
    """Sign somebody, or everybody, out at once; passwords stay as they are."""
    if bool(email) == everybody:
        raise click.UsageError("Say either --email or --everybody.")
    with transaction():
        people = _open() if everybody else [_known(str(email))]
        for user_id in people:
            kept.revoke_all(user_id, because="ended_by_operator")
            events.record("sessions_ended", user_id=user_id, severity="warning")
    click.echo(f"Signed out: {len(people)}")


def _open() -> list[uuid.UUID]:
    return list(platform().scalars(sa.select(UserSession.user_id).where(UserSession.revoked_at.is_(None)).distinct()))


def _known(email: str) -> uuid.UUID:
    account = queries.account_by_email(email)
    if account is None:
        raise click.ClickException("Nobody has this address.")
    return account.id
