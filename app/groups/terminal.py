"""Whom a command at the terminal acts for."""

import uuid

import click
import sqlalchemy as sa

from app.auth.models import UserAccount
from app.core.db import platform, transaction
from app.groups.queries import memberships


def acting(slug: str, email: str) -> tuple[uuid.UUID, uuid.UUID]:
    """The account and the group that a command names. Raises ClickException unless that is an active member there."""
    with transaction():
        wanted = sa.func.lower(UserAccount.email) == email.strip().lower()
        user = platform().scalar(sa.select(UserAccount.id).where(wanted))
        here = [place for place in memberships(user) if place.group.slug == slug and place.may_enter] if user else []
    if user is None or not here:
        raise click.ClickException(f"{email} is not an active member of a group {slug}.")
    return user, here[0].group.id
