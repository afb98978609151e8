"""The tour of property by clicks: a building from four lists, a year of receipts, dues, who is late, the tax sheet."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.core import clock
from app.dues.running import JOB as DUES
from app.latefees.proposing import JOB as LATE
from app.receipts.batches import JOB as RECEIPTS
from tests.browser.building import TOWER, Building, make_building
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_tour import field, go_to, press

pytestmark = pytest.mark.browser
NOW = datetime(2026, 12, 15, 9, tzinfo=UTC)
PATIENCE = 20_000  # a machine that runs all tests at once is slow


@pytest.fixture
def building(committed: Flask) -> Iterator[Building]:
    """December: all months of the year have begun."""
    expect.set_options(timeout=PATIENCE)
    with clock.held(NOW):
        yield make_building(committed)
    expect.set_options(timeout=5000)


def arrive(visit: Callable[..., Visit], building: Building, who: str, **options: object) -> Visit:
    """Somebody of the group at the overview, patient."""
    seen = visit(building.cast.people[who], **options)
    seen.context.set_default_timeout(PATIENCE)
    seen.page.goto(f"/g/{building.cast.slug}/")
    return seen


def tab(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def bring_lists(page: Page, building: Building) -> None:
    """Four lists, each looked at before it is imported; one with a mistake keeps nothing."""
    for kind, text in building.files.items():
        if kind == "assignments":
            _show(page, kind, text.replace("S1,O2,40", "S1,O9,40"))
            expect(page.locator("main")).to_contain_text("O9")
            expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)
        _show(page, kind, text)
        rows = text.count("\n") - 1
        expect(page.locator("main")).to_contain_text(re.compile(rf"New\s*{rows}\b"))
        press(page, "Import")
        expect(page.locator("main")).to_contain_text("What came of it")


def _show(page: Page, kind: str, text: str) -> None:
    go_to(page, "Imports")
    page.locator(f"main a[href$='/imports/new/{kind}']").click()
    file = {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": text.encode()}
    field(page, "file").set_input_files(file)  # type: ignore[arg-type]  # a file of this shape
    press(page, "Show what it would do")
    expect(page.get_by_role("button", name="Put aside")).to_be_visible()


def see_turns(page: Page) -> None:
    """Three ways to take turns, each in its calendar."""
    for unit, owner, shares in (
        ("A1", "Daniel Mwangi", ["100%", "·"] * 6),
        ("A2", "Rachida Chraibi", ["·", "100%", "·"] * 4),
        ("S1", "Omar Tazi", ["60%"] * 12),
    ):
        go_to(page, "Register")
        tab(page, unit)
        row = page.locator("#turns tbody tr").filter(has_text=owner)
        assert [cell.strip() for cell in row.locator("td").all_inner_texts()] == shares, unit


def enter_a_deed(page: Page, building: Building) -> None:
    """A set and one deed by hand; the other ones are as dull."""
    go_to(page, "Register")
    tab(page, "Sets")
    tab(page, "Add a set")
    field(page, "name").fill(TOWER)
    press(page, "Make the set")
    expect(page.get_by_role("heading", name=TOWER)).to_be_visible()
    go_to(page, "Register")
    tab(page, "Deeds")
    tab(page, "Add a deed")
    for name, text in (("unit", "A1"), ("indiviso", "10"), ("owners-0-party", "D1"), ("owners-0-share", "100")):
        field(page, name).fill(text)
    field(page, "starts_on").fill("2025-01-01")
    page.get_by_label(TOWER, exact=True).check()
    press(page, "Add the deed")
    expect(page.locator("main")).to_contain_text("Daniel Mwangi")
    building.enter_deeds()
    go_to(page, "Register")
    tab(page, "Sets")
    expect(page.locator("main")).to_contain_text(re.compile(r"Tower.*Whole.*100", re.DOTALL))


def run_a_year(page: Page, building: Building) -> None:
    """January by the page, with its progress; the other months follow by the same verb."""
    go_to(page, "Rent")
    field(page, "period").first.fill("2026-01")
    expect(page.get_by_role("heading", name="Rent of January 2026")).to_be_visible()
    expect(page.locator("#sums")).to_contain_text(re.compile(r"Receipts to issue\s*8"))
    press(page, "Issue receipts")
    expect(page.locator("#run progress")).to_be_visible()
    building.work(RECEIPTS)
    expect(page.locator("#run")).to_contain_text("8 receipts were issued")
    expect(page.locator("#run")).to_contain_text(re.compile(r"Tax withheld\s*MAD\s900\.00"))
    assert building.run_rest(range(2, 13)) == 12 * 8
    go_to(page, "Rent")
    expect(page.locator("main")).to_contain_text("Rent of December 2026")


def take_rent(page: Page, building: Building) -> None:
    """A month of one client by hand; the company has paid its year."""
    building.rent_is_paid("C1", date(2026, 12, 5))
    go_to(page, "Rent")
    tab(page, "Outstanding")
    tab(page, "Adil Kettani")
    tab(page, "Record a payment")
    field(page, "amount").fill("1200")
    expect(page.locator("#payment_preview")).to_contain_text("January 2026")
    press(page, "Record the payment")
    expect(page.get_by_role("heading", name="1,200.00")).to_be_visible()
    expect(page.locator("main")).to_contain_text("1,200.00")


def make_levy(page: Page) -> None:
    """The leader says what is charged, and that payments are shared over the lines of a call."""
    go_to(page, "Dues")
    tab(page, "Levies")
    tab(page, "Make a levy")
    field(page, "name").fill("Common charges")
    field(page, "method").select_option("indiviso_percentage")
    field(page, "base_amount").fill("2250")
    field(page, "allocation_set").select_option(label=TOWER)
    press(page, "Make the levy")
    expect(page.locator("main")).to_contain_text("2,250.00")
    page.goto(page.url.rsplit("/levies", 1)[0] + "/terms")
    page.locator("label", has_text="in proportion").first.click()
    press(page, "Record the new version")
    expect(page.locator("main")).to_contain_text("Version 2")


def run_dues(treasurer: Page, leader: Page, building: Building) -> None:
    """Calculated for the one, posted by the other."""
    go_to(treasurer, "Dues")
    tab(treasurer, "Run a levy")
    field(treasurer, "period").fill("2026-11")
    press(treasurer, "Calculate it")
    expect(treasurer.locator("#run")).to_contain_text("Being calculated")
    building.work(DUES)
    expect(treasurer.locator("#run")).to_contain_text("a second person must approve it")
    expect(treasurer.get_by_role("button", name="Approve and post")).to_have_count(0)
    go_to(leader, "Dues")
    tab(leader, "Common charges")
    expect(leader.locator("main")).to_contain_text("112.50")
    press(leader, "Approve and post")
    leader.locator("#confirm-yes").click()
    expect(leader.get_by_role("link", name="Notices to print")).to_be_visible()


def pay_in_parts(page: Page, building: Building) -> None:
    """A hundred over lines of 112.50, 45.00 and 67.50; the others pay all but one."""
    go_to(page, "Dues")
    tab(page, "Record a payment")
    field(page, "party").fill("O3")
    field(page, "amount").fill("100")
    field(page, "on").fill("2026-11-03")
    for part in ("50.00 pays a part", "20.00 pays a part", "30.00 pays a part"):
        expect(page.locator("#dues_payment_preview")).to_contain_text(part)
    press(page, "Record the payment")
    expect(page.get_by_role("heading", name="Payment of MAD")).to_be_visible()
    expect(page.locator("main")).to_contain_text("50.00")
    building.dues_are_paid(date(2026, 11, 4), but=("O3", "D1"))


def fine_the_late(leader: Page, treasurer: Page, building: Building) -> None:
    """A rule; a worker proposes by it, the treasurer posts."""
    go_to(leader, "Dues")
    tab(leader, "Late penalties")
    tab(leader, "Make a rule")
    for name, text in (("name", "Late dues"), ("days", "3"), ("value", "10"), ("minimum", "200")):
        field(leader, name).fill(text)
    press(leader, "Make the rule")
    expect(leader.get_by_role("heading", name="Late dues")).to_be_visible()
    go_to(treasurer, "Dues")
    tab(treasurer, "Late penalties")
    press(treasurer, "Look")
    expect(treasurer.locator("#looking")).to_contain_text("A worker is looking")
    building.work(LATE)
    expect(treasurer.locator("#proposals")).to_contain_text(re.compile(r"Daniel Mwangi.*22\.50", re.DOTALL))
    treasurer.reload()
    tab(treasurer, "Review all 1")
    expect(treasurer.locator("#accept_form")).to_contain_text("This is what will happen")
    press(treasurer, "Post them")
    expect(treasurer.locator("main")).to_contain_text("Nothing waits for review")


def see_tax_sheet(page: Page) -> None:
    """On screen, on paper and as a workbook."""
    go_to(page, "Rent")
    tab(page, "Years")
    tab(page, "Omar Tazi")
    expect(page.locator("main")).to_contain_text("64,800.00")
    expect(page.locator("main")).to_contain_text("6,480.00")
    for name, begins in (("On paper", b"%PDF"), ("Workbook", b"PK")):
        with page.expect_download() as download:
            tab(page, name)
        assert download.value.path().read_bytes().startswith(begins)


def see_where_one_is(page: Page) -> None:
    """On a phone the tabs are wider than the page: the one that is open is not hidden. On a tablet a table scrolls."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(page.url.split("/owners")[0] + "/rent/tax-choices")
    expect(page.locator(".tabs [aria-current]")).to_have_text("Choices of tax")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 700, "height": 740})
    page.goto(page.url.replace("tax-choices", "outstanding"))
    card = page.locator("main .card:has(.tbl)")
    assert card.evaluate("c => c.scrollWidth > c.clientWidth")
    expect(card).to_have_css("overflow-x", "auto")


def see_own_things(seen: Visit) -> None:
    """On a phone: what is mine of the rents, what I owe, and the penalty on it."""
    page = seen.page
    go_to(page, "My position")
    expect(page.get_by_role("heading", name="My position", exact=True)).to_be_visible()
    expect(page.locator("main")).to_contain_text("247.50")
    assert seen.wider_than(360) == []
    page.locator("main a[href*='/dues/parties/']").first.tap()
    expect(page.get_by_role("heading", name="My dues")).to_be_visible()
    expect(page.locator("main")).to_contain_text("22.50")
    assert seen.wider_than(360) == []
    go_to(page, "My position")
    expect(page.get_by_role("heading", name="My position", exact=True)).to_be_visible()
    page.locator("main a[href*='/owners/']").first.tap()
    expect(page.locator("main")).to_contain_text("Not paid by clients")
    assert seen.wider_than(360) == []


def test_a_building_lives_a_year(building: Building, visit: Callable[..., Visit]) -> None:
    treasurer, leader = arrive(visit, building, "treasurer"), arrive(visit, building, "leader")
    bring_lists(treasurer.page, building)
    see_turns(treasurer.page)
    enter_a_deed(treasurer.page, building)
    run_a_year(treasurer.page, building)
    take_rent(treasurer.page, building)
    make_levy(leader.page)
    run_dues(treasurer.page, leader.page, building)
    pay_in_parts(treasurer.page, building)
    fine_the_late(leader.page, treasurer.page, building)
    see_tax_sheet(treasurer.page)
    see_where_one_is(treasurer.page)
    phone = arrive(visit, building, "member", **PHONE)
    see_own_things(phone)
    assert [*treasurer.complaints(), *leader.complaints(), *phone.complaints()] == []
