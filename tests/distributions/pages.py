"""Short verbs for the pages of share-outs."""

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.distributions.models import ShareOut
from app.groups.models import Member
from tests.distributions.conftest import TODAY, Earning
from tests.savings.pages import fields

Open = Callable[[Any], FlaskClient]
ASKED = "first=2026-01-01&last=2026-10-31"


def read(answer: Any) -> str:
    """A page as it is read: the space inside an amount, which never breaks, is a space."""
    return str(answer.text).replace("\xa0", " ")


def at(made: Earning, path: str = "/") -> str:
    return f"/g/{made.cast.slug}/share-outs{path}"


def inside(made: Earning) -> Any:
    return transaction(group_id=made.cast.group_id)


def alone(made: Earning) -> None:
    """Only the treasurer may approve, so nobody else is waited for."""
    with inside(made):
        session().get_one(Member, (made.cast.group_id, made.id("leader"))).roles = ["member"]


def filled(made: Earning, client: FlaskClient, **more: str) -> dict[str, str]:
    """The form of a share-out as it is offered, with what is typed into it."""
    told = fields(client.get(at(made, f"/new?{ASKED}")))
    return told | {"rule": "savings", "on": TODAY.isoformat()} | more


def one(made: Earning) -> uuid.UUID:
    """The only share-out there is."""
    with inside(made):
        return session().scalars(sa.select(ShareOut.id)).one()
