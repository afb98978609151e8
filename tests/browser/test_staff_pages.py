"""The pages of staff in a real browser: accessible, within the policy, never wider than a phone; light and dark."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.core import alerts, clock
from app.core.db import transaction
from app.core.draining import drain_due
from app.staff import counting, services
from tests.browser.conftest import Visit
from tests.isolation.world import Place, world
from tests.staff.conftest import person_of_staff

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("STAFF_SHOTS")  # a folder to keep pictures in, to look at
INSIDE = ("", "/members", "/accounts", "/entries", "/work", "/log")


def busy(app: Flask, place: Place) -> str:
    """A group with figures and an alert, so that the pages are more than empty. Returns the alert's id."""
    with app.app_context():
        with transaction(group_id=place.group_id):
            counting.count(clock.now())
        with transaction():
            about = f"group:{place.group_id}"
            alert = alerts.raise_alert(alerts.Kind.OUTBOX_DEAD, about=about, key=f"{about}:browser", count=3)
            return str(alert.id) if alert else ""


def test_pages_of_staff_are_accessible_and_fit_a_phone(committed: Flask, visit: Callable[..., Visit]) -> None:
    place = world(committed).ours
    staff, _email = person_of_staff(committed, "Wambui Kariuki")
    alert_id = busy(committed, place)
    with (
        committed.app_context(),
        transaction(user_id=staff.user_id, group_id=place.group_id, role="platform"),
    ):
        why = "Request 4711: the treasurer asked why October does not balance."
        services.open_look(group_id=place.group_id, reason=why, minutes=60, by=staff.user_id)
    with committed.app_context():
        drain_due(seconds=5)
    base = f"/staff/groups/{place.group_id}"
    urls = [f"/staff/{name}" for name in ("groups", "alerts", "work", "settings", "acts", "people")]
    urls += [base, f"{base}/standing", f"{base}/look", f"/staff/alerts/{alert_id}/settlement"]
    urls += [f"{base}/inside{rest}" for rest in INSIDE]
    wrong = walk(visit, staff, urls) + walk(visit, place.people["leader"], [f"/g/{place.slug}/service"])
    assert not wrong, "\n".join(wrong)


def walk(visit: Callable[..., Visit], person: object, urls: list[str]) -> list[str]:
    """What axe, the policy and the width say of each page, on a desk in light and on a phone in dark."""
    desk, phone = visit(person), visit(person, color_scheme="dark", viewport={"width": 360, "height": 740})
    wrong = []
    for url in urls:
        answer = desk.page.goto(url)
        found = [] if answer is not None and answer.status == 200 else [f"{answer and answer.status}"]
        found += [*desk.axe(), *desk.wider_than(1440), *desk.complaints()]
        phone.page.goto(url)
        found += [f"dark, phone: {said}" for said in phone.axe()]
        keep(url, desk, phone)
        found += [*phone.wider_than(360), *phone.wider_than(320), *phone.complaints()]
        phone.page.set_viewport_size({"width": 360, "height": 740})
        wrong += [f"{url}: {said}" for said in dict.fromkeys(found)]
    return wrong


def keep(url: str, desk: Visit, phone: Visit) -> None:
    if SHOTS:
        parts = [part for part in url.split("/") if part]
        name = "-".join("one" if part.count("-") == 4 else part for part in parts)
        desk.page.set_viewport_size({"width": 1440, "height": 900})
        desk.page.screenshot(path=Path(SHOTS) / f"{name}-desk.png")
        phone.page.screenshot(path=Path(SHOTS) / f"{name}-phone.png", full_page=True)
