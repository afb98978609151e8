"""The month grid as a treasurer uses it: typed and pasted by keyboard, recognised at once, confirmed once."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.core import clock
from tests import factories
from tests.browser.conftest import PHONE, Visit
from tests.savings.conftest import NOW, TERMS, Saving, make_saving, member_of

pytestmark = pytest.mark.browser
PASTE = """block => {
  const data = new DataTransfer();
  data.setData('text/plain', block);
  const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(paste);
}"""


@pytest.fixture
def committed_saving(committed: Flask) -> Iterator[Saving]:
    with clock.held(NOW), committed.app_context():
        yield make_saving(factories.cast(savings=TERMS))


def grid(saving: Saving, page: Page, month: str) -> None:
    page.goto(f"/g/{saving.cast.slug}/savings/windows/{saving.windows[month]}/grid")


def cell(saving: Saving, page: Page, column: str, who: str) -> Locator:
    return page.locator(f"[name='{column}-{member_of(saving.cast.people[who]).hex}']")


def test_a_month_is_typed_pasted_recognised_reviewed_and_recorded_by_keyboard(
    committed_saving: Saving, visit: Callable[..., Visit]
) -> None:
    saving, seen = committed_saving, visit(committed_saving.cast.treasurer)
    page = seen.page
    grid(saving, page, "2026-10")
    page.locator("#paid_on").fill("2026-10-05")
    cell(saving, page, "amount", "leader").focus()
    page.keyboard.type("5,000")
    page.keyboard.press("Enter")
    expect(cell(saving, page, "amount", "member")).to_be_focused()
    page.evaluate(PASTE, "5000\t2026-11-03\tCash\tR1\t250\nabc")
    expect(page.locator("tbody tr").nth(0)).to_have_attribute("data-state", "paid")
    expect(page.locator("tbody tr").nth(1)).to_have_attribute("data-state", "late")
    expect(page.locator("tbody tr").nth(1)).to_contain_text("a fee of 250.00 will be a separate debt")
    expect(page.locator("#grid_results")).to_contain_text("One row needs a fix")
    page.get_by_role("button", name="Review and confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("One row needs a fix. Nothing was recorded.")
    page.locator("[aria-invalid=true]").fill("")
    page.get_by_role("button", name="Review and confirm").click()
    expect(page.get_by_role("heading", name="This is what will happen")).to_be_visible()
    assert seen.axe() == []
    page.get_by_role("button", name="Record 2 rows").click()
    expect(page.get_by_role("heading", name="Window October 2026")).to_be_visible()
    expect(page.locator("#month")).to_contain_text("Completed")
    assert seen.complaints() == []


def test_a_payment_on_a_phone_says_what_will_happen_before_it_is_saved(
    committed_saving: Saving, visit: Callable[..., Visit]
) -> None:
    seen = visit(committed_saving.cast.treasurer, **PHONE)
    page = seen.page
    page.goto(f"/g/{committed_saving.cast.slug}/savings/record?member={member_of(committed_saving.cast.member)}")
    page.locator("#amount").fill("7500")
    expect(page.locator("#preview")).to_contain_text("7,500.00 counts for November 2026, on time.")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.locator("#parts")).to_contain_text("Savings of November 2026")
    assert seen.complaints() == []


def test_a_grid_works_without_script(committed_saving: Saving, visit: Callable[..., Visit]) -> None:
    page = visit(committed_saving.cast.treasurer, java_script_enabled=False).page
    grid(committed_saving, page, "2026-11")
    cell(committed_saving, page, "amount", "member").fill("5000")
    page.get_by_role("button", name="Review and confirm").click()
    expect(page.locator("main")).to_contain_text("5,000.00 counts for November 2026, on time.")
    page.get_by_role("button", name="Record one row").click()
    expect(page.get_by_role("heading", name="Window November 2026")).to_be_visible()
