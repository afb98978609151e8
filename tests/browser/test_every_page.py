"""Every page of the URL map in a real browser: accessible, within its policy, and never wider than a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.conftest import Visit
from tests.isolation.asking import Asker
from tests.isolation.routes import addressable, addresses
from tests.isolation.world import world

PARTS = 4
pytestmark = pytest.mark.browser


def pages(app: Flask, role: str) -> list[str]:
    """The addresses of pages that the part gets, without files."""
    two = world(app)
    somebody = Asker(app, two.person(role))
    found = []
    for route in addressable(app, two.ours):
        if not route.reads or (role == "anonymous" and route.of_group):
            continue
        for url in addresses(app, route, two.ours):
            answer = somebody.ask("GET", url)
            if answer.status_code in {200, 404} and "text/html" in answer.headers.get("Content-Type", ""):
                found.append(url)
    return sorted(found)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("role", ["leader", "anonymous"])
def test_a_page_is_accessible_in_light_and_dark_and_fits_a_phone(
    committed: Flask, visit: Callable[..., Visit], role: str, part: int
) -> None:
    person = world(committed).person(role)
    desk, phone = visit(person), visit(person, color_scheme="dark", viewport={"width": 360, "height": 740})
    wrong = []
    for url in pages(committed, role)[part::PARTS]:
        desk.page.goto(url)
        found = [*desk.axe(), *desk.wider_than(1440), *desk.complaints()]
        phone.page.goto(url)
        found += [f"dark, phone: {said}" for said in phone.axe()]
        found += [*phone.wider_than(360), *phone.wider_than(320), *phone.complaints()]
        wrong += [f"{url}: {said}" for said in dict.fromkeys(found)]
    assert not wrong, "\n".join(wrong)


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
