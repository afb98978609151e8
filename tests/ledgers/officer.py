"""An officer at the browser: sends the forms of the books."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.db import transaction
from app.ledgers.heads import head
from tests.ledgers.conftest import Books


class Officer:
    """Someone at the browser, on the pages of a group's books."""

    def __init__(self, books: Books, client: FlaskClient) -> None:
        self.books, self.client, self.base = books, client, f"/g/{books.cast.slug}/ledger/"
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/account").text)
        self.token = found[1] if found else ""

    def post(self, rest: str, **typed: Any) -> TestResponse:
        """Send a form; the same `once` key unless another one is given."""
        return self.client.post(self.base + rest, data={"csrf_token": self.token, "once": "a" * 32} | typed)

    def transfer(self, **typed: Any) -> TestResponse:
        kept = {"source": self.books.bank, "target": self.books.till, "amount": "2,500.00", "on": "2026-11-03"}
        return self.post("transfers", **(kept | typed))

    def lines(self, *lines: tuple[str, str, str], rest: str = "entries", **typed: Any) -> TestResponse:
        told = {
            f"lines-{n}-{name}": text
            for n, line in enumerate(lines)
            for name, text in zip(("account", "debit", "credit"), line, strict=True)
        }
        return self.post(rest, **({"on": "2026-11-03"} | told | typed))

    def number(self) -> int:
        with transaction(group_id=self.books.cast.group_id):
            return head().number
