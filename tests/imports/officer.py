"""A browser in the hands of an officer who imports: opens pages, uploads files, sends forms."""

import io
import re
import uuid
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart


class Officer:
    """A signed-in browser on the pages of imports of one group."""

    def __init__(self, client: FlaskClient, slug: str) -> None:
        self.client, self.base = client, f"/g/{slug}/imports"
        self._token = ""

    @property
    def token(self) -> str:
        """The CSRF token of a page."""
        if not self._token:
            found = re.search(r'name="csrf-token" content="([^"]+)"', self.get("").text)
            assert found
            self._token = found[1]
        return self._token

    def get(self, rest: str) -> TestResponse:
        """Open a page."""
        return self.client.get(self.base + rest)

    def post(self, rest: str, **typed: Any) -> TestResponse:
        """Send a form with a key of its own, unless one is given."""
        data = {"csrf_token": self.token, "once": uuid.uuid4().hex} | typed
        return self.client.post(self.base + rest, data=data)

    def upload(self, kind: str, content: bytes | str, *, name: str = "file.csv", **typed: Any) -> TestResponse:
        """Send a file."""
        data = content.encode() if isinstance(content, str) else content
        if kind in ("members", "opening"):
            typed = {"on": "2025-12-31"} | typed
        file = FileStorage(io.BytesIO(data), filename=name)
        told = {"csrf_token": self.token, "once": uuid.uuid4().hex, "file": file} | typed
        boundary, body = encode_multipart(told)  # in memory: the client would leave a temporary file open
        form = f'multipart/form-data; boundary="{boundary}"'
        return self.client.post(f"{self.base}/new/{kind}", data=body, content_type=form)

    def uploaded(self, kind: str, content: bytes | str, **typed: Any) -> str:
        """Send a file and return the rest of the address of its preview."""
        answer = self.upload(kind, content, **typed)
        assert answer.status_code == 303, answer.status
        return "/" + answer.location.rsplit("/", 1)[1]
