"""A program with a token."""

import contextvars
import itertools
import uuid
from collections.abc import Sequence
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.core.db import transaction
from app.groups.permissions import PERMISSIONS
from app.groups.queries import permissions_held
from app.tokens.services import make_token
from tests.factories import Person

_number = itertools.count(1)


class Program:
    """Sends requests with the token of a person; each deed with a key of its own unless one is given."""

    def __init__(self, app: Flask, secret: str | None) -> None:
        self.app = app
        self.secret = secret

    def ask(self, method: str, path: str, *, key: str | None = None, **more: Any) -> TestResponse:
        """`path` is what follows /api/v1."""
        headers = dict(more.pop("headers", {}))
        if self.secret is not None:
            headers.setdefault("Authorization", f"Bearer {self.secret}")
        if method != "GET":
            headers.setdefault("Idempotency-Key", key or f"test-{next(_number):08d}")
        client = self.app.test_client(use_cookies=False)
        # A context of its own: requests of a program share nothing with the test around them.
        found: TestResponse = contextvars.Context().run(
            client.open, f"/api/v1{path}", method=method, headers=headers, **more
        )
        return found

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.ask("POST", path, json=body, **more) if body is not None else self.ask("POST", path, **more)


def token_of(person: Person, *, scopes: Sequence[str] | None = None, read_only: bool = False, days: int = 30) -> str:
    """The secret of a new token of a person, by default with every right the person has."""
    with transaction(user_id=person.user_id, group_id=person.group_id):
        held = scopes if scopes is not None else sorted(permissions_held(person.member_id))
        told = {"name": "Test", "scopes": held, "read_only": read_only, "days": days}
        _, secret = make_token(**told, by=person.member_id, key=uuid.uuid4().hex)  # type: ignore[arg-type]  # keywords
    assert secret
    return secret


ALL = sorted(PERMISSIONS)
