"""A real server on this process's database, Chromium, and pages that keep every complaint of the browser."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.factories import Person, sign_in
from tests.isolation.asking import fresh_limits

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WATCH = "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"
# The elements that reach too far to the right, outside of boxes that scroll by themselves.
WIDE = """width => [...document.querySelectorAll('main *')]
  .filter(e => e.getBoundingClientRect().right > width + 1)
  .map(e => e.tagName.toLowerCase() + '.' + e.className).slice(0, 4).join(' ')"""
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def address(committed: Flask) -> Iterator[str]:
    """The application served over HTTP, with its real files and headers."""
    fresh_limits(committed)
    server = make_server("127.0.0.1", 0, committed, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Visit:
    """A browser's context with one page, and what the browser complained of."""

    context: BrowserContext
    page: Page
    said: list[str] = field(default_factory=list)

    def hears(self) -> None:
        self.page.on("console", lambda message: self._keep(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _keep(self, text: str) -> None:
        if "the server responded with a status of 4" not in text:  # a refusal is an answer, not a fault
            self.said.append(text)

    def axe(self) -> list[str]:
        """What axe finds on the page as it stands."""
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
        return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found["violations"]]

    def wider_than(self, width: int) -> list[str]:
        """Whether the page, once it has settled at this width, scrolls sideways."""
        if self.page.viewport_size != (size := {"width": width, "height": 740}):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]  # a dict of this shape
        over = 0
        for _ in range(10):  # the page's own policy lets no waiting script run
            over = int(self.page.evaluate(f"document.documentElement.scrollWidth - {width}"))
            if over <= 0:
                return []
            self.page.wait_for_timeout(60)
        return [f"{over} px too wide at {width}: {self.page.evaluate(WIDE, width)}"]

    def complaints(self) -> list[str]:
        """What the browser said since it was asked last."""
        said, self.said[:] = list(self.said), []
        return said


@pytest.fixture
def visit(committed: Flask, chromium: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Open a browser's context: `visit(person, **options)`."""
    opened: list[BrowserContext] = []

    def at(person: Person | None = None, **options: Any) -> Visit:
        context = chromium.new_context(base_url=address, reduced_motion="reduce", **(DESKTOP | options))
        context.add_init_script(WATCH)
        context.set_default_timeout(8000)
        if person is not None:
            with committed.app_context():
                token = sign_in(person)
            context.add_cookies([{"name": "sid", "value": token, "url": address}])
        opened.append(context)
        made = Visit(context, context.new_page())
        made.hears()
        return made

    yield at
    for context in opened:
        context.close()
