"""Somebody who walks through the pages as a browser without script does: opens a page, fills its form, sends it."""

import io
from typing import Any

from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.badinput.forms import Found, read
from tests.factories import Browser

NOT_SENT = {"file", "button", "submit", "checkbox"}  # unless they are pressed or ticked


class Walker:
    """A browser, and the page it is on."""

    def __init__(self, app: Flask) -> None:
        self.client = Browser(app, app.response_class)
        self.page: TestResponse
        self.url = "/"

    def open(self, url: str) -> "Walker":
        """Go to a page, through its redirections."""
        self.page = self.client.get(url, follow_redirects=True)
        assert self.page.status_code == 200, f"{url}: {self.page.status}"
        self.url = self.page.request.full_path.rstrip("?")
        return self

    def form(self, ending: str = "") -> Found:
        """The form of the page that is sent to an address with this ending; else to the page's own."""
        ending = ending or self.url.partition("?")[0]
        found = [form for form in read(self.page.text, self.url) if form.method == "post"]
        fitting = [form for form in found if form.path.endswith(ending)]
        assert fitting, f"{self.url} has no form {ending}: {[form.path for form in found]}\n{_faults(self.page.text)}"
        return fitting[0]

    def send(self, ending: str = "", **typed: Any) -> "Walker":
        """Fill the form in and send it; wherever that leads is the page now. Lists are sent as several values."""
        form = self.form(ending)
        files = {name: value for name, value in typed.items() if isinstance(value, FileStorage)}
        plain = {name: value for name, value in typed.items() if name not in files}
        told = {
            each.name: each.value for each in form.inputs if each.kind not in {"file", "button", "submit", "checkbox"}
        }
        data = MultiDict(told | plain)
        # In memory: the client would leave a temporary file open.
        boundary, body = encode_multipart(MultiDict([*data.items(multi=True), *files.items()]))
        kind = f'multipart/form-data; boundary="{boundary}"'
        answer = self.client.post(form.action, data=body, content_type=kind)
        assert answer.status_code == 303, f"{form.action}: {answer.status}\n{_faults(answer.text)}"
        return self.open(answer.location)


def _faults(html: str) -> str:
    return "\n".join(line.strip() for line in html.splitlines() if "error" in line or "alert" in line)[:2000]


def file(data: bytes, name: str) -> FileStorage:
    """A file as an input sends it."""
    return FileStorage(io.BytesIO(data), filename=name)
