"""A month of fifty members by a treasurer's clicks: what was paid, penalties, an investment; and how long it takes."""

import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.core import clock
from app.core.db import transaction
from app.groups.services import add_member
from app.groups.services.members import lock_group
from tests import factories
from tests.browser.conftest import Visit
from tests.savings.conftest import NOW, TERMS, Saving, make_saving, member_of

pytestmark = pytest.mark.browser
PATIENCE, LIMIT = 30_000, 120.0  # milliseconds for a step of a busy machine; seconds for all of it
SAVERS = 50


@pytest.fixture
def fifty(committed: Flask) -> Iterator[Saving]:
    """The cast's five savers and forty-five more."""
    expect.set_options(timeout=PATIENCE)
    with clock.held(NOW), committed.app_context():
        saving = make_saving(factories.cast(savings=TERMS))
        with transaction(group_id=saving.cast.group_id):
            lock_group().max_members = SAVERS + 1  # an auditor is no saver
            for n in range(SAVERS - 5):
                add_member(display_name=f"Member {n:02d}", identifier=f"F{n:02d}", by=member_of(saving.cast.leader))
        yield saving
    expect.set_options(timeout=5000)


class Hand:
    """Counts what it presses."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def link(self, name: str) -> None:
        self._click(self.page.locator("main").get_by_role("link", name=name).first)

    def place(self, name: str) -> None:
        """A place of the side bar."""
        self._click(self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        self._click(self.page.locator("main").get_by_role("button", name=name).first)

    def _click(self, what: object) -> None:
        what.click()  # type: ignore[attr-defined]  # a locator
        self.clicks += 1

    def fill(self, name: str, text: str) -> None:
        """A field of the page's form: clicked into, then typed."""
        self.page.locator(f"main [name='{name}']").fill(text)
        self.clicks += 1


def levy(hand: Hand, who: uuid.UUID, amount: str) -> None:
    """A penalty for who came late."""
    hand.link("Penalties")
    hand.link("Levy a penalty")
    hand.page.locator("main [name=member]").select_option(str(who))
    hand.fill("amount", amount)
    hand.fill("note", "Came late to the meeting")
    hand.button("Levy the penalty")
    expect(hand.page.locator("main")).to_contain_text("Owed")


def record_the_month(hand: Hand, part: str, nothing: str, owing: str) -> None:
    """All that is missing is filled in; one paid a part, one nothing, and one pays a penalty as well."""
    hand.place("Savings")
    hand.link("The month in one grid")
    hand.link("Fill in what is missing")
    hand.fill(f"amount-{part}", "3000")
    hand.fill(f"amount-{nothing}", "")
    hand.fill(f"penalty-{owing}", "200")
    hand.button("Review and confirm")
    expect(hand.page.get_by_role("heading", name="This is what will happen")).to_be_visible()
    hand.button("Record 49 rows")
    expect(hand.page.get_by_role("heading", name="Window November 2026")).to_be_visible()


def invest(hand: Hand) -> None:
    """Most of it is invested; the part of each of the forty-nine is read before it is confirmed."""
    hand.place("Investments")
    hand.link("Record an investment")
    hand.fill("name", "Treasury bond 2031")
    hand.page.locator("main [name=type]").select_option("bonds")
    hand.fill("amount", "200,000")
    hand.fill("unit_value", "97.25")
    expect(hand.page.locator("#investment_preview")).to_contain_text("Member 00")
    hand.button("Record the investment")
    expect(hand.page.get_by_role("heading", name="Treasury bond 2031")).to_be_visible()


def test_a_month_of_fifty_members_takes_less_than_two_minutes(fifty: Saving, visit: Callable[..., Visit]) -> None:
    seen = visit(fifty.cast.treasurer)
    seen.context.set_default_timeout(PATIENCE)
    hand = Hand(seen.page)
    seen.page.goto(f"/g/{fifty.cast.slug}/savings/")
    began = time.monotonic()
    late, part, nothing = (member_of(fifty.cast.people[who]) for who in ("member", "leader", "secretary"))
    levy(hand, late, "200")
    record_the_month(hand, part.hex, nothing.hex, late.hex)
    invest(hand)
    took = time.monotonic() - began
    print(f"fifty members' month: {hand.clicks} clicks, {took:.1f} s")  # noqa: T201  # the figure
    assert seen.complaints() == []
    assert took < LIMIT
    shown = seen.page.locator("main").inner_text()
    assert "200,000.00" in shown
