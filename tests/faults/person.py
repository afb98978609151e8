"""Somebody at a browser, over HTTP: signs in, carries the form's token, and says what became of each request."""

import http.client
import re
import secrets
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.factories import PASSWORD

PATIENCE = 8.0  # seconds before a browser gives up


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when nothing did."""

    status: int
    location: str = ""
    text: str = ""

    @property
    def lost(self) -> bool:
        """Nobody knows whether it was done, or the house says that it broke."""
        return self.status == 0 or self.status >= 500

    @property
    def stranger(self) -> bool:
        """The house no longer knows who asks."""
        return self.status in (302, 303) and "/sign-in" in self.location


class Person:
    """A signed-in person. Several threads may ask at once; whoever finds the session gone signs in again."""

    def __init__(self, email: str, port: Any) -> None:
        self.email, self._port = email, port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._lock = threading.Lock()

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        """One request on a line of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self._port(), timeout=PATIENCE)
        cookies = self.cookies  # those of a session that was given up meanwhile stay with it
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in [*cookies.items()])}
        if kind:
            headers["Content-Type"] = kind
        try:
            line.request(method, path, body or None, headers)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            cookies[name] = rest.partition(";")[0]
        return Answer(answer.status, answer.headers.get("Location", ""), text)

    def get(self, path: str) -> Answer:
        """A page."""
        return self.ask("GET", path)

    def post(self, path: str, once: str, **typed: object) -> Answer:
        """A form with its key."""
        told = {"csrf_token": self.token, "once": once} | typed
        return self.ask("POST", path, urlencode(told).encode(), "application/x-www-form-urlencoded")

    def upload(self, path: str, once: str, name: str, content: bytes, **typed: object) -> Answer:
        """A form with a file."""
        boundary = secrets.token_hex(12)
        told = {"csrf_token": self.token, "once": once} | typed
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in told.items()]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        body = "".join(parts).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self.ask("POST", path, body, f"multipart/form-data; boundary={boundary}")

    def sign_in(self) -> bool:
        """Sign in; True when that worked. One at a time, and whoever waited finds it done."""
        before = self.token
        with self._lock:
            if self.token != before:
                return True
            self.cookies = {}
            page = self.get("/sign-in")
            self.token = token_in(page.text)
            answer = self.post("/sign-in", secrets.token_hex(16), email=self.email, password=PASSWORD)
            if answer.status != 303 or answer.stranger:
                return False
            self.token = token_in(self.get("/account").text) or self.token
            return True


def token_in(html: str) -> str:
    """The token that forms of this page must carry."""
    found = re.search(r'name="csrf-token" content="([^"]+)"|name="csrf_token"[^>]*value="([^"]+)"', html)
    return next((part for part in found.groups() if part), "") if found else ""


def hidden(html: str, name: str) -> str:
    """The value of a hidden input, or ''."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""
