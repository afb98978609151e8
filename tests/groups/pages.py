"""Reading pages in tests: their tokens, links and hidden fields; and sending a form as a browser would."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def found(pattern: str, page: TestResponse) -> str:
    """The first group of a pattern in a page, which must be there."""
    hit = re.search(pattern.encode(), page.data)
    assert hit is not None, pattern
    return hit[1].decode().replace("&amp;", "&")


def next_page(page: TestResponse, way: str = "after") -> str:
    """The address of the next (or with `before` the previous) page of a list, empty at its end."""
    hit = re.search(rf'href="([^"]+{way}=[^"]+)"'.encode(), page.data)
    return hit[1].decode().replace("&amp;", "&") if hit else ""


def token(page: TestResponse) -> str:
    """The CSRF token that a page carries for its forms."""
    return found('name="csrf-token" content="([^"]+)"', page)


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    return found(rf'name="{name}"[^>]*value="([^"]*)"', page)


def send(browser: FlaskClient, url: str, page_url: str = "", **values: object) -> TestResponse:
    """Open the page of a form, then post it with its token."""
    told = {"csrf_token": token(browser.get(page_url or url)), **values}
    return browser.post(url, data=told)
