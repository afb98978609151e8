"""Every page of the URL map in a real browser: accessible, within its policy, and never wider than a phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.browser.conftest import Visit
from tests.isolation.asking import Asker
from tests.isolation.routes import addressable, addresses
from tests.isolation.world import world

PARTS = 4
DESK = ("light", {"width": 1440, "height": 900}, (1440,))
PHONE = ("dark", {"width": 360, "height": 740}, (360, 320))
pytestmark = pytest.mark.browser


def pages(app: Flask, role: str) -> list[str]:
    """The addresses of pages that the part gets, without files."""
    known: dict[str, list[str]] = app.extensions.setdefault("tests.pages", {})
    if role not in known:
        known[role] = sorted(found(app, role))
    return known[role]


def found(app: Flask, role: str) -> Iterator[str]:
    """Each of them, asked once."""
    two = world(app)
    somebody = Asker(app, two.person(role))
    for route in addressable(app, two.ours):
        if not route.reads or (role == "anonymous" and route.of_group):
            continue
        for url in addresses(app, route, two.ours):
            answer = somebody.ask("GET", url)
            if answer.status_code in {200, 404} and "text/html" in answer.headers.get("Content-Type", ""):
                yield url


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("role", ["leader", "anonymous"])
def test_a_page_is_accessible_in_light_and_dark_and_fits_a_phone(
    committed: Flask, visit: Callable[..., Visit], role: str, part: int
) -> None:
    somebody = visit(world(committed).person(role))
    wrong = []
    for url in pages(committed, role)[part::PARTS]:
        said = [*seen(somebody, DESK, url), *seen(somebody, PHONE)]
        wrong += [f"{url}: {each}" for each in dict.fromkeys(said)]
    assert not wrong, "\n".join(wrong)


def seen(somebody: Visit, at: Any, url: str = "") -> list[str]:
    """What is wrong with a page there: opened anew, or the one that is open."""
    scheme, size, widths = at
    somebody.page.emulate_media(color_scheme=scheme)
    somebody.page.set_viewport_size(size)
    if url:
        somebody.page.goto(url)
    said = [*somebody.axe(), *(each for width in widths for each in somebody.wider_than(width))]
    return [f"{scheme}, {size['width']}: {each}" for each in (*said, *somebody.complaints())]


@pytest.mark.parametrize("role", ["member", "auditor"])
def test_pages_as_others_see_them_fit_a_phone(committed: Flask, visit: Callable[..., Visit], role: str) -> None:
    phone = visit(world(committed).person(role), viewport={"width": 360, "height": 740})
    wrong = []
    for url in pages(committed, role)[:: 1 if role == "member" else 3]:
        phone.page.goto(url)
        wrong += [f"{url}: {said}" for said in (*phone.wider_than(360), *phone.wider_than(320), *phone.complaints())]
    assert not wrong, "\n".join(wrong)


def test_a_page_without_javascript_shows_everything(committed: Flask, visit: Callable[..., Visit]) -> None:
    two: Any = world(committed)
    somebody = visit(two.person("leader"), java_script_enabled=False)
    for url in pages(committed, "leader")[::6]:
        answer = somebody.page.goto(url)
        assert answer is not None
        assert answer.status < 500, url
        assert somebody.page.locator("main").inner_text().strip(), url
