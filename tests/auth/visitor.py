"""A browser that sends the form token of the page it last saw; people with passwords; the letters they got."""

import re
import uuid
from datetime import timedelta
from functools import cache
from typing import Any

import pyotp
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.auth import letters, passwords, queries
from app.auth import second_factor as second
from app.auth.models import SecurityEvent, UserAccount
from app.auth.rules import Purpose
from app.core import clock
from app.core.db import platform, transaction
from app.core.ids import new_id
from app.core.mail.models import PersonMail
from app.core.mail.queueing import opened
from tests.factories import NOBODY, PASSWORD, Person

WRONG = "not the right one at all"


class Visitor:
    """A client whose posts carry the token that the server put into its pages."""

    def __init__(self, client: FlaskClient, environ: dict[str, str]) -> None:
        self.client = client
        self.environ = environ

    def get(self, url: str, **kwargs: Any) -> TestResponse:
        return self.client.get(url, environ_base=self.environ, **kwargs)

    def token(self, url: str = "/sign-in") -> str:
        seen = self.get(url)
        if seen.status_code >= 300:
            seen = self.get("/account/security")
        found = re.search(r'name="csrf-token" content="([^"]+)"', seen.text)
        assert found, seen.status
        return found[1]

    def post(self, url: str, fields: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        data = {"csrf_token": self.token(), **(fields or {})}
        return self.client.post(url, data=data, environ_base=self.environ, **kwargs)

    def sign_in(self, email: str, password: str = PASSWORD, *, to: str = "/sign-in") -> TestResponse:
        return self.post(to, {"email": email, "password": password})


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD)


def account(email: str | None = None, *, name: str = "Amina Wanjiru", **values: Any) -> UserAccount:
    """Someone with the password of all tests, committed as far as the test goes."""
    long_ago = clock.now() - timedelta(days=30)
    common: dict[str, Any] = {
        "status": "active",
        "email_confirmed_at": long_ago,
        "created_at": long_ago,
        "password_changed_at": long_ago,
        "password_hash": _hash(),
        "time_zone": "Africa/Nairobi",
    }
    made = UserAccount(id=new_id(), name=name, email=email or f"{uuid.uuid4().hex}@example.com", **(common | values))
    with transaction() as own:
        platform().add(made)
        own.flush()
        platform().refresh(made)
        platform().expunge(made)
    return made


def person(of: UserAccount) -> Person:
    """The same for `browser` and `sign_in` of the factories."""
    return Person(of.id, NOBODY, NOBODY, "", of.name)


def letters_to(email: str) -> list[tuple[str, dict[str, Any]]]:
    """What was queued for an address: templates and their data, oldest first."""
    with transaction():
        found = platform().scalars(sa.select(PersonMail).order_by(PersonMail.queued_at, PersonMail.id)).all()
        sent = [(mail.template, opened(mail)) for mail in found]
    return [(name, dict(letter.data)) for name, letter in sent if letter and letter.to == email]


def events_of(user_id: uuid.UUID | None) -> list[str]:
    """What was written down of an account."""
    with transaction():
        wanted = sa.select(SecurityEvent.action).where(SecurityEvent.user_id == user_id)
        return list(platform().scalars(wanted.order_by(SecurityEvent.at, SecurityEvent.id)))


def fresh(user_id: uuid.UUID) -> UserAccount:
    """The account as it stands in the database now."""
    with transaction():
        found = platform().get_one(UserAccount, user_id, populate_existing=True)
        platform().expunge(found)
    return found


def token_in(email: str) -> str:
    """The token of the last letter to an address."""
    return str(letters_to(email)[-1][1]["token"])


def send_link(of: UserAccount, purpose: Purpose) -> str:
    """Mail somebody a link; its token."""
    with transaction():
        letters.send_link(of, purpose, to=of.email, new_address="x", where="y")
    return token_in(of.email)


def bare(html: str) -> str:
    """A page without what differs for each request: tokens, keys, and the address that was typed."""
    html = re.sub(
        r'(csrf-token" content|name="csrf_token" type="hidden" value|name="once" type="hidden" value)="[^"]*"', "", html
    )
    return re.sub(r"known\.(one|two)", "", html)


def switch_on(of: UserAccount) -> pyotp.TOTP:
    """The second step of somebody, on by the code before this one."""
    with transaction():
        who = queries.account(of.id)
        second.begin(who, password=PASSWORD)
        totp = pyotp.TOTP(second.set_up(who).secret.replace(" ", ""))
        second.enable(who, code=totp.at(clock.now() - timedelta(seconds=30)), session_id=who.id)
    return totp
