"""Pictures for the README, taken of the demonstration on the running local stack: `python -m tools.screenshots`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from app.config import running
from app.home.demo_people import AMINA, DANIEL, KARIM, PASSWORD, YASMINE
from tools.browser import FLAGS, find

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs/screenshots"
HOME, BUILDING = "/g/umoja-savings-group/", "/g/al-amal-residence/"
MOST = 180_000  # bytes of a picture
DESK = {"width": 1180, "height": 740}
PHONE = {"width": 390, "height": 780}
SHOTS = (
    ("overview", AMINA.email, DESK, "light", ""),
    ("overview-dark", AMINA.email, DESK, "dark", ""),
    ("savings", AMINA.email, DESK, "light", "savings/"),
    ("grid", AMINA.email, DESK, "light", "savings/"),
    ("ledger", AMINA.email, DESK, "light", "ledger/entries"),
    ("balance-sheet", AMINA.email, DESK, "light", "reports/balance-sheet"),
    ("investments", AMINA.email, DESK, "light", "investments/"),
    ("exit-queue", AMINA.email, DESK, "light", "exits/"),
    ("statement", DANIEL.email, DESK, "light", "statements"),
    ("position-phone", DANIEL.email, PHONE, "light", "position"),
    ("overview-phone", AMINA.email, PHONE, "light", ""),
    ("turns", KARIM.email, DESK, "light", BUILDING + "register"),
    ("rent", KARIM.email, DESK, "light", BUILDING + "rent"),
    ("dues", YASMINE.email, DESK, "light", BUILDING + "dues"),
)
FURTHER = {  # what is clicked first
    "grid": "main a[href$='/grid']",
    "turns": "main a:text-is('A2')",
    "dues": "main tbody a >> nth=0",
}


def shoot(browser: Browser, address: str) -> None:
    """Take all pictures."""
    signed_in = {email: _sign_in(browser, address, email) for email in {shot[1] for shot in SHOTS}}
    for name, email, size, scheme, path in SHOTS:
        context = browser.new_context(
            base_url=address,
            storage_state=signed_in[email],
            viewport={"width": size["width"], "height": size["height"]},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(path if path.startswith("/") else HOME + path)
        if name in FURTHER:
            page.click(FURTHER[name])
        page.wait_for_load_state("networkidle")
        _keep(page, OUT / f"{name}.png")
        context.close()


def _sign_in(browser: Browser, address: str, email: str) -> StorageState:
    """Sign in once for each person: more often, and the limits on signing in would say no."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#sign_in_form [name=email]", email)
    page.fill("#sign_in_form [name=password]", PASSWORD)
    page.click("#sign_in_form [type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    kept = context.storage_state()
    context.close()
    return kept


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
