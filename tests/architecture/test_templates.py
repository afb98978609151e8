"""The rules of templates: small, with one root for a fragment, and nothing the content policy would refuse."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "emails" not in path.parts]
FORBIDDEN = {
    "inline style": r"\sstyle=",
    "style element": r"<style",
    "inline script": r"<script(?![^>]*\bsrc=)",
    "inline handler": r"\son[a-z]+=",
    "hx-on": r"hx-on",
    "evaluated htmx": r"hx-(vals|headers)=[\"']js:|hx-trigger=[\"'](?:[^\"']*,\s*)?\w+\[",
    "escaping switched off": r"\|\s*safe\b|autoescape false",
    "boosted": r"hx-boost",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def test_templates_stay_small() -> None:
    long = {name(path): n for path in TEMPLATES if (n := len(path.read_text().splitlines())) > 80}
    assert long == {}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_has(what: str) -> None:
    found = [name(path) for path in PAGES if re.search(FORBIDDEN[what], path.read_text())]
    assert found == []


def test_a_fragment_has_one_root_whose_id_is_its_name() -> None:
    wrong = []
    for path in PAGES:
        if not path.name.startswith("_") or path.parts[-2] in ("layouts", "errors"):
            continue  # pieces of a layout are never swapped
        text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        wanted = path.stem.removeprefix("_")
        if not re.search(rf"""id=(["']){wanted}(-|\1)|id='{wanted}'|id="{wanted}""", text):
            wrong.append(name(path))
    assert wrong == []


def test_every_form_that_posts_carries_its_token() -> None:
    bare = [
        name(path)
        for path in PAGES
        for form in re.findall(r"<form[^>]*method=[\"']?post.*?</form>", path.read_text(), re.DOTALL | re.IGNORECASE)
        if "csrf_token" not in form and "forms.hidden" not in form
    ]
    assert bare == []
