"""Browsers of every part in the world, whose posts carry a token and are undone."""

import itertools
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from app.core.db import Unit, engine
from app.web.limits import limiter
from tests.factories import Person, browser

_address = itertools.count(1)


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """What happens inside is rolled back."""
    with app.app_context():
        connection = engine("app").connect()
    transaction = connection.begin()
    Unit.outer = connection
    try:
        yield
    finally:
        Unit.outer = None
        transaction.rollback()
        connection.close()


@dataclass(frozen=True)
class Fault:
    """An exception that no page was made of, where a server would have answered 500."""

    error: Exception
    status_code: int = 500

    @property
    def status(self) -> str:
        last = traceback.extract_tb(self.error.__traceback__)[-1]
        return f"500 {type(self.error).__name__}: {str(self.error)[:200]} ({Path(last.filename).name}:{last.lineno})"

    text = ""

    def get_data(self) -> bytes:
        return b""

    @property
    def headers(self) -> Headers:
        return Headers()


class Asker:
    """Someone with a browser."""

    def __init__(self, app: Flask, person: Person | None) -> None:
        self.app = app
        self.client = browser(app, person)
        self.token = self._token()

    def _token(self) -> str:
        seen = self.client.get("/sign-in")
        if seen.status_code >= 300:
            seen = self.client.get("/account/security")
        found = re.search(r'name="csrf-token" content="([^"]+)"', seen.text)
        assert found, seen.status
        return found[1]

    def ask(self, method: str, url: str, **kwargs: Any) -> TestResponse | Fault:
        """Send a request with a token; what it writes is undone, unless it is a GET, which must not write."""
        kwargs["headers"] = {"X-CSRFToken": self.token, **kwargs.get("headers", {})}
        if method == "GET":
            return self.send(method, url, **kwargs)
        with undone(self.app):
            return self.send(method, url, **kwargs)

    def send(self, method: str, url: str, **kwargs: Any) -> TestResponse | Fault:
        """Send a request as it is told; the cookies stay as they were."""
        # Each request comes from an address of its own: nobody runs into the limits that count tries.
        number = next(_address)
        environ = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        cookies = dict(self.client._cookies or {})
        try:
            return self.client.open(url, method=method, environ_overrides=environ, **kwargs)
        except Exception as error:  # noqa: BLE001  # every fault is told of, with all others
            return Fault(error)
        finally:
            self.client._cookies = cookies


def fresh_limits(app: Flask) -> None:
    """Nobody has tried anything yet."""
    with app.app_context():
        limiter.reset()
