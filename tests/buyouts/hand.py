"""A person at the browser, on the pages of buy-outs."""

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.factories import Person


class Hand:
    """A person's browser that sends each form with its token."""

    def __init__(self, client: FlaskClient, home: str) -> None:
        self.client = client
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(home).text)
        assert found
        self.token = found[1]

    def get(self, url: str) -> Any:
        return plain(self.client.get(url))

    def post(self, url: str, data: Any = None, **more: Any) -> Any:
        return plain(self.client.post(url, data={**(data or {}), "csrf_token": self.token}, **more))


def plain(answer: Any) -> Any:
    """An answer whose amounts read as they are typed."""
    answer.set_data(answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " "))
    return answer


As = Callable[[Person], Hand]
