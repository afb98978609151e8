"""The tour by clicks: a group signs up, brings its members and its paybill, records, and shows a member's position."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.core import clock
from tests.browser.conftest import PHONE, Visit
from tests.factories import PASSWORD
from tests.imports.made import data
from tests.savings.conftest import NOW

pytestmark = pytest.mark.browser
PATIENCE = 20_000  # a machine that runs all tests at once is slow


@pytest.fixture(autouse=True)
def november(committed: Flask) -> Iterator[None]:
    """The statement ends in October 2026: the tour is taken in the month after."""
    expect.set_options(timeout=PATIENCE)
    with clock.held(NOW):
        yield
    expect.set_options(timeout=5000)


def arrive(visit: Callable[..., Visit], **options: object) -> Visit:
    """A visitor at the front door, patient."""
    seen = visit(**options)
    seen.context.set_default_timeout(PATIENCE)
    seen.page.goto("/sign-up")
    return seen


def field(page: Page, name: str) -> Locator:
    return page.locator(f"main [name='{name}']")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def address_of(group: str) -> str:
    """Each tour has its own leader: the tests of a run share their accounts."""
    return f"amina@{group.lower().replace(' ', '-')}.example"


def sign_up(page: Page, group: str) -> None:
    """Account, group and rule in one form; the money lies in mobile money and at the bank."""
    field(page, "name").fill("Amina Wanjiru")
    field(page, "email").fill(address_of(group))
    field(page, "password").fill(PASSWORD)
    field(page, "group_name").fill(group)
    field(page, "country").select_option("KE")
    for account in ("Mobile money", "Bank account"):
        page.get_by_label(account, exact=True).check()
    field(page, "expected").fill("5000")
    page.locator("label", has_text="Nothing happens").click()
    press(page, "Open my group")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(page.locator("main")).to_contain_text(group)
    expect(page.locator("main")).to_contain_text("First steps")


def go_to(page: Page, place: str) -> None:
    """A place of the group: by the side bar, or where that is hidden by the tabs and what is under "More"."""
    side = page.get_by_role("navigation", name="Group", exact=True)
    if side.is_visible():
        side.get_by_role("link", name=place).click()
        return
    tabs = page.get_by_role("navigation", name="Shortcuts")
    link = tabs.get_by_role("link", name=place)
    if not link.first.is_visible():
        tabs.get_by_text("More", exact=True).tap()
    link.locator("visible=true").first.tap()


def upload(page: Page, kind: str, name: str, content: bytes) -> None:
    """The file's preview: it says what would happen, and nothing has."""
    go_to(page, "Imports")
    page.locator(f"main a[href$='/imports/new/{kind}']").click()
    if kind == "statement":
        field(page, "cash_account").select_option(label="Mobile money")
    else:
        field(page, "on").fill("2025-12-31")
    field(page, "file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    press(page, "Show what it would do")
    expect(page.get_by_role("button", name="Put aside")).to_be_visible()


def bring_members(page: Page, group: str) -> None:
    """Twenty-four of them; the one who signed up is among them already."""
    members = data("members.csv").replace(b"amina.wanjiru@example.com", address_of(group).encode())
    upload(page, "members", "members.csv", members)
    press(page, "Import")
    expect(page.locator("main")).to_contain_text("What came of it")
    go_to(page, "Members")
    expect(page.locator("main")).to_contain_text("Joseph Otieno")


def bring_statement(page: Page) -> None:
    """Ten months of the paybill, then October again, of which every line is here."""
    upload(page, "statement", "mpesa_statement_full.csv", data("mpesa_statement_full.csv"))
    main = page.locator("main")
    expect(main).to_contain_text("The balances of the statement run line by line")
    expect(page.locator("#happens")).to_contain_text(re.compile(r"Contributions of members\s*KES\s1,152,500\.00\s*229"))
    press(page, "Import")
    expect(main).to_contain_text("What came of it")
    expect(main).to_contain_text("1,152,500.00")
    upload(page, "statement", "mpesa_statement_october.csv", data("mpesa_statement_october.csv"))
    expect(main).to_contain_text("Every completed line is here already: importing it changes nothing.")
    press(page, "Import")
    expect(main).to_contain_text("What came of it")
    expect(main).not_to_contain_text("1,152,500.00")


def see_what_waits(page: Page) -> None:
    """Every payment found its member; transfers to a bank that nobody named wait."""
    go_to(page, "Imports")
    page.get_by_role("link", name="To allocate", exact=True).click()
    expect(page.get_by_role("heading", name="To allocate")).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile(r"10 lines, KES\s800,000\.00 moved"))
    expect(page.locator("main")).to_contain_text("Business Payment to Bank")


def record_in_the_grid(page: Page) -> None:
    """November of one member, by keyboard."""
    go_to(page, "Savings")
    page.locator("main").get_by_role("link", name="Windows").first.click()
    page.get_by_role("link", name="November 2026").click()
    page.get_by_role("link", name="The month in one grid").click()
    field(page, "paid_on").fill("2026-11-05")
    row = page.locator("tbody tr").filter(has_text="Amina Wanjiru")
    row.locator("[name^='amount-']").focus()
    page.keyboard.type("5,000")
    page.keyboard.press("Enter")
    expect(row).to_have_attribute("data-state", "paid")
    press(page, "Review and confirm")
    expect(page.get_by_role("heading", name="This is what will happen")).to_be_visible()
    press(page, "Record one row")
    expect(page.get_by_role("heading", name="Window November 2026")).to_be_visible()


def record_by_touch(page: Page) -> None:
    """The same payment in the form for one."""
    go_to(page, "Savings")
    page.locator("main a[href*='/savings/record']").first.tap()
    member = field(page, "member")
    member.select_option(member.locator("option", has_text="Amina Wanjiru").get_attribute("value"))
    field(page, "amount").fill("5000")
    expect(page.locator("#preview")).to_contain_text("5,000.00 counts for November 2026, on time.")
    press(page, "Record the payment")
    expect(page.locator("#parts")).to_contain_text("Savings of November 2026")


def see_position(page: Page, total: str) -> None:
    """What was saved before, what the statement brought, and what was recorded by hand, in one figure."""
    go_to(page, "My position")
    expect(page.get_by_role("heading", name="My position", exact=True)).to_be_visible()
    expect(page.locator("main")).to_contain_text(total)


def see_statement(page: Page, total: str) -> str:
    """On screen and as PDF; returns the path of the page that checks it."""
    page.locator("main").get_by_role("link", name="Statement", exact=True).click()
    expect(page.get_by_role("heading", name="Statement", exact=True)).to_be_visible()
    expect(page.locator("#sheet")).to_contain_text(re.compile(r"Closing balance\s*" + re.escape(total)))
    expect(page.locator("#sheet")).to_contain_text(re.compile(r"Contribution for November 2026.*5,000\.00", re.DOTALL))
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    address = page.get_by_role("link", name="Check it now").get_attribute("href")
    assert address
    return "/" + address.split("/", 3)[3]


def check_it(page: Page, path: str) -> None:
    """The page behind the code on the paper; then back to the group."""
    page.goto(path)
    expect(page.locator("main")).to_contain_text("Genuine and unchanged")
    page.go_back()
    page.get_by_role("link", name="My position", exact=True).click()
    expect(page.get_by_role("heading", name="My position", exact=True)).to_be_visible()


def sign_out(page: Page) -> None:
    """By the menu of the account; what was open is closed."""
    closed = page.url
    page.locator("summary", has_text="Account of Amina Wanjiru").click()
    press(page, "Sign out")
    expect(
        page.get_by_role("banner")
        .get_by_role("link", name="Sign in")
        .or_(page.get_by_role("button", name="Sign in"))
        .first
    ).to_be_visible()
    page.goto(closed)
    expect(field(page, "password")).to_be_visible()


def test_the_tour_on_a_desktop(visit: Callable[..., Visit]) -> None:
    seen = arrive(visit)
    page = seen.page
    sign_up(page, "Umoja Desk")
    bring_members(page, "Umoja Desk")
    bring_statement(page)
    see_what_waits(page)
    record_in_the_grid(page)
    see_position(page, "79,000.00")
    check_it(page, see_statement(page, "79,000.00"))
    sign_out(page)
    assert seen.complaints() == []


def test_the_tour_on_a_phone(visit: Callable[..., Visit]) -> None:
    seen = arrive(visit, **PHONE)
    page = seen.page
    sign_up(page, "Umoja Phone")
    bring_members(page, "Umoja Phone")
    record_by_touch(page)
    see_position(page, "29,000.00")
    see_statement(page, "29,000.00")
    assert seen.wider_than(360) == []
    assert seen.complaints() == []


def test_a_group_signs_up_without_script(visit: Callable[..., Visit]) -> None:
    seen = arrive(visit, java_script_enabled=False)
    sign_up(seen.page, "Umoja Plain")
    assert seen.complaints() == []
