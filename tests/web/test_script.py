"""What app.js and the style sheet do in a real browser, on the style guide: no database, the real policy and files."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server
from whitenoise import WhiteNoise

from app.web.pages import go

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 600}}
WATCH = "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"

pytestmark = pytest.mark.browser


@pytest.fixture
def address(look: Flask) -> Iterator[str]:
    look.config.update(ASSETS_BUILD=ROOT / "build", WTF_CSRF_ENABLED=True)
    look.add_url_rule("/led", "led", lambda: go("/styleguide", toast="Done at last"))
    look.add_url_rule("/tired", "tired", lambda: Response(status=403))
    served = WhiteNoise(look.wsgi_app, root=ROOT / "build/static", prefix="static/", autorefresh=True)
    server = make_server("127.0.0.1", 0, served, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def guide(chromium: Browser, address: str, **options: Any) -> Page:
    """The style guide in a fresh context; every complaint of the browser is kept in `page.said`."""
    context = chromium.new_context(base_url=address, reduced_motion="reduce", **options)
    context.add_init_script(WATCH)
    page = context.new_page()
    said: list[str] = []
    page.said = said  # type: ignore[attr-defined]
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/styleguide")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_the_guide_is_accessible_keeps_the_policy_and_never_scrolls_sideways(
    chromium: Browser, address: str, device: dict[str, Any], scheme: Any
):
    page = guide(chromium, address, color_scheme=scheme, **device)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
    assert page.said == []  # type: ignore[attr-defined]


def test_a_dark_phone_prints_a_light_page(chromium: Browser, address: str):
    page = guide(chromium, address, color_scheme="dark", **PHONE)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".topbar")).to_be_hidden()


def test_the_theme_is_kept_over_a_reload(chromium: Browser, address: str):
    page = guide(chromium, address, color_scheme="light", **DESKTOP)
    page.locator("[data-theme-toggle]").first.click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_mistakes_are_swapped_in_and_the_summary_takes_the_focus(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    page.locator("#sample_form [type=submit]").click()
    summary = page.locator("#sample_form > .alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Amount").click()
    expect(page.locator("#amount")).to_be_focused()
    expect(page.locator("#sample_form [type=submit]")).not_to_have_attribute("aria-disabled", "true")


def test_a_form_pressed_twice_is_sent_once(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.locator("#sample_form [type=submit]").dblclick()
    expect(page.locator("#sample_form > .alert")).to_be_focused()
    assert sent == ["POST"]


def test_what_cannot_be_undone_asks_first_and_cancel_has_the_focus(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.get_by_label("Actions for Amina Wanjiru").click()
    page.get_by_role("button", name="Suspend").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("They lose access at once")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    assert sent == []
    page.get_by_role("button", name="Suspend").first.click()
    page.locator("#confirm-yes").click()
    expect(page.locator("#sample_form > .alert")).to_be_visible()
    assert sent == ["POST"]


def test_a_toast_survives_a_redirect_and_can_be_dismissed(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    page.goto("/led")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Done at last")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


@pytest.mark.parametrize(("path", "words"), [("/tired", "not allowed"), ("/nowhere", "no longer here")])
def test_an_answer_that_is_not_swapped_is_said(chromium: Browser, address: str, path: str, words: str):
    page = guide(chromium, address, **DESKTOP)
    page.evaluate("path => { htmx.ajax('GET', path, '#sample_list') }", path)
    expect(page.locator(".toast.error")).to_contain_text(words)
    expect(page.locator("#sample_list .tbl")).to_be_visible()


def test_losing_the_network_is_said(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    page.context.set_offline(True)
    page.locator("#sample_list-next").click()
    expect(page.locator(".toast.error")).to_contain_text("No connection")


def paste(page: Page, block: str) -> None:
    page.evaluate(
        """block => {
          const data = new DataTransfer();
          data.setData('text/plain', block);
          const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
          document.activeElement.dispatchEvent(paste);
        }""",
        block,
    )


def test_a_block_from_a_spreadsheet_fills_right_and_down_and_totals_run(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    total = page.locator("[data-sum=amount]")
    expect(total).to_have_text("29,500.00")
    page.locator("[name=amount-5]").focus()
    paste(page, "1,000.50\t2026-11-06\r\n2000\t2026-11-07\r\n99\t2026-11-08\r\n")
    expect(page.locator("[name=amount-5]")).to_have_value("1,000.50")
    expect(page.locator("[name=day-6]")).to_have_value("2026-11-07")
    expect(total).to_have_text("20,500.50")
    expect(page.locator("#announce")).to_have_text("Cells filled: 4")


def test_cells_are_walked_by_keyboard_and_escape_takes_back(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    page.locator("[name=amount-1]").focus()
    for key, name in [("ArrowDown", "amount-2"), ("Enter", "amount-3"), ("Shift+Enter", "amount-2")]:
        page.keyboard.press(key)
        expect(page.locator(f"[name={name}]")).to_be_focused()
    page.keyboard.type("77")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[name=amount-2]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[name=amount-2]")).to_have_value("5,000")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=day-2]")).to_be_focused()


def test_leaving_with_unsaved_changes_is_asked_about(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    page.locator("#name").fill("Amina")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_a_password_can_be_shown_and_a_number_copied(chromium: Browser, address: str):
    page = guide(chromium, address, permissions=["clipboard-read", "clipboard-write"], **DESKTOP)
    page.get_by_label("Show the password").click()
    expect(page.locator("#secret")).to_have_attribute("type", "text")
    page.get_by_label("Copy the number").click()
    expect(page.locator(".toast")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "UM001"


def test_a_chart_tells_its_figures_to_pointer_and_keyboard(chromium: Browser, address: str):
    page = guide(chromium, address, **DESKTOP)
    first = page.locator(".plot .hover").first
    expect(first.locator(".tip")).to_be_hidden()
    first.locator(".hit").hover()
    expect(first.locator(".tip")).to_be_visible()
    page.mouse.move(0, 0)
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Jul: Savings").focus()
    expect(page.locator(".plot .hover").nth(1).locator(".tip")).to_be_visible()


def test_without_script_menus_open_and_forms_are_answered(chromium: Browser, address: str):
    page = guide(chromium, address, java_script_enabled=False, **PHONE)
    page.get_by_label("Actions for Amina Wanjiru").click()
    expect(page.get_by_role("link", name="Statement").first).to_be_visible()
    expect(page.locator("[data-show-password]")).to_be_hidden()
    page.locator("#sample_form [type=submit]").click()
    expect(page.locator("#sample_form .alert li").first).to_be_visible()


def test_tables_that_become_cards_stay_tables_for_screen_readers(chromium: Browser, address: str):
    page = guide(chromium, address, **PHONE)
    row = page.locator("#sample_list").get_by_role("row").nth(1)
    expect(row.get_by_role("cell")).to_have_count(5)
