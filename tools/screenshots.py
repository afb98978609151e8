"""Pictures for the README, taken of the demonstration on the running local stack: `python tools/screenshots.py`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.config import running
from app.home.demo_people import AMINA, DANIEL, PASSWORD
from tools.browser import FLAGS, find

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs/screenshots"
MOST = 150_000  # bytes of a picture
DESK = {"width": 1180, "height": 740}
PHONE = {"width": 390, "height": 780}
SHOTS = (
    ("overview", AMINA.email, DESK, "light", ""),
    ("overview-dark", AMINA.email, DESK, "dark", ""),
    ("savings", AMINA.email, DESK, "light", "savings/"),
    ("ledger", AMINA.email, DESK, "light", "ledger/entries"),
    ("balance-sheet", AMINA.email, DESK, "light", "reports/balance-sheet"),
    ("position-phone", DANIEL.email, PHONE, "light", "position"),
    ("overview-phone", AMINA.email, PHONE, "light", ""),
)


def shoot(browser: Browser, address: str) -> None:
    """Take all pictures."""
    for name, email, size, scheme, path in SHOTS:
        context = browser.new_context(
            base_url=address,
            viewport={"width": size["width"], "height": size["height"]},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(_home(page, email) + path)
        page.wait_for_load_state("networkidle")
        _keep(page, OUT / f"{name}.png")
        context.close()


def _home(page: Page, email: str) -> str:
    """Sign in and find the address of the first group."""
    page.goto("/sign-in")
    page.fill("#sign_in_form [name=email]", email)
    page.fill("#sign_in_form [name=password]", PASSWORD)
    page.click("#sign_in_form [type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    if "/g/" not in page.url:
        page.goto("/groups")
        page.locator("main a[href*='/g/']").first.click()
        page.wait_for_url("**/g/**")
    return "/g/" + page.url.split("/g/")[1].split("/")[0] + "/"


def _keep(page: Page, path: Path) -> None:
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size / 1000:.0f} KB")
    if size > MOST:
        sys.exit(f"{path.name} is larger than {MOST} bytes")


def main() -> None:
    """Find the stack and the browser, and take the pictures."""
    stack, chromium = running(), find()
    if stack is None or chromium is None:
        sys.exit("Start the demonstration with `make run` first, on a machine with Chromium.")
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        shoot(browser, sys.argv[1] if len(sys.argv) > 1 else stack.base_url)
        browser.close()


if __name__ == "__main__":
    main()
