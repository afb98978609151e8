"""Finds a Chromium for the browser tests, or installs one; `find()` is what the tests ask."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@lru_cache(maxsize=1)
def find() -> str | None:
    """The path of a Chromium that starts: CHROMIUM, what is on PATH, or Playwright's own; None when there is none."""
    candidates = (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), _playwrights_own())
    return next((path for path in candidates if path and _starts(path)), None)


def _playwrights_own() -> str | None:
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    path = found.stdout.strip()
    return path if path and Path(path).exists() else None


def _starts(path: str) -> bool:
    try:
        return not subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


def from_debian() -> None:
    """Install Debian's package, when there is apt and we may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    _try("apt-get", "update", "-qq")
    _try("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")


def from_playwright() -> None:
    """Install Playwright's own build for this user."""
    _try(sys.executable, "-m", "playwright", "install", "chromium")


def _try(*args: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(args, env=quiet, capture_output=True, text=True, timeout=600, check=False)
    except subprocess.TimeoutExpired:
        print(f"`{' '.join(args)}` took too long")
        return
    if done.returncode:
        print(f"`{' '.join(args)}` failed:\n{done.stdout[-500:]}{done.stderr[-500:]}")


def ensure(ways: tuple[Callable[[], None], ...] = (from_debian, from_playwright)) -> str | None:
    """A Chromium, installed if need be."""
    path = find()
    for way in ways:
        if path:
            break
        print("No Chromium found; installing one …", flush=True)
        way()
        find.cache_clear()
        path = find()
    return path


def main() -> None:
    """Say which browser the tests will use; in CI a missing one is a failure."""
    path = ensure()
    if path:
        print(f"Browser tests use {path}")
        return
    print("!!!\n!!! NO CHROMIUM: ALL BROWSER TESTS WILL BE SKIPPED")
    print("!!! Set CHROMIUM=/path/to/chromium to run them.\n!!!")
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        sys.exit("CI=true: a missing browser is a failure.")


if __name__ == "__main__":
    main()
