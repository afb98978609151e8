"""Making somebody staff and ending it: written as the role that migrates, which the website never works as."""

import uuid

import sqlalchemy as sa
from flask import current_app

from app.auth import queries as accounts
from app.core.db import transaction
from app.core.ids import new_id
from app.staff import queries
from app.staff.errors import NoSuchPerson
from app.staff.models import PlatformStaff


def change(*, email: str, is_staff: bool, by: str) -> uuid.UUID:
    """Append that somebody is platform staff, or no longer; the same again appends nothing. Raises NoSuchPerson."""
    with transaction():
        account = accounts.account_by_email(email)
        if account is None:
            raise NoSuchPerson(email=email)
        user_id, before = account.id, queries.is_staff(account.id)
    if before != is_staff:
        row = {"id": new_id(), "user_id": user_id, "is_staff": is_staff, "given_by": by}
        engine: sa.Engine = current_app.extensions["migration_engine"]
        with engine.begin() as connection:
            connection.execute(sa.insert(PlatformStaff).values(**row))
    return user_id
