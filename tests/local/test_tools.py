"""The tools of set-up: assets with hashed names, and a browser however it comes."""

import gzip
import json
from pathlib import Path

import pytest

from tools import assets, browser


@pytest.fixture
def ui(tmp_path: Path) -> Path:
    folder = tmp_path / "ui"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "10-base.css").write_text("  b { color: red }\n\n")
    (folder / "css" / "00-tokens.css").write_text("/* a\n remark */ a { src: url(asset:inter-latin.woff2) }")
    (folder / "app.js").write_text("1;")
    (folder / "icons.txt").write_text("plus\nbell   # rings\n\n")
    return folder


def test_assets_get_hashed_names_in_one_manifest(ui: Path, tmp_path: Path):
    assert assets.collect(ui, tmp_path / "out") == (5, 2)
    static = tmp_path / "out" / "static"
    manifest = json.loads((static / "manifest.json").read_text())
    assert set(manifest) == {"app.css", "app.js", "htmx.js", "inter-latin.woff2", "inter-latin-ext.woff2"}
    css = (static / manifest["app.css"]).read_text()
    assert css == f"a {{ src: url({manifest['inter-latin.woff2']}) }}\nb {{ color: red }}\n"
    assert gzip.decompress((static / f"{manifest['app.css']}.gz").read_bytes()).decode() == css
    assert set(json.loads((tmp_path / "out" / "icons.json").read_text())) == {"plus", "bell"}


def test_a_change_gets_a_new_name_and_the_old_file_goes(ui: Path, tmp_path: Path):
    assets.collect(ui, tmp_path)
    before = {path.name for path in (tmp_path / "static").iterdir()}
    (ui / "app.js").write_text("2;")
    assets.collect(ui, tmp_path)
    after = {path.name for path in (tmp_path / "static").iterdir()}
    assert {name.partition(".")[0] for name in before ^ after} == {"app"}
    assert len(before) == len(after)


def test_what_is_asked_for_and_missing_fails_the_build(ui: Path, tmp_path: Path):
    (ui / "icons.txt").write_text("plus\nno-such-icon\n")
    with pytest.raises(assets.Missing, match="no-such-icon"):
        assets.collect(ui, tmp_path)
    (ui / "css" / "20-more.css").write_text("i { src: url(asset:none.woff2) }")
    with pytest.raises(assets.Missing, match=r"asset:none\.woff2"):
        assets.collect(ui, tmp_path)


def test_a_browser_is_installed_only_when_none_is_found(monkeypatch: pytest.MonkeyPatch):
    tried: list[str] = []
    monkeypatch.setattr(browser.find, "cache_clear", lambda: None, raising=False)
    finds = iter([None, None, "/there/chromium"])

    def found() -> str | None:
        return next(finds)

    found.cache_clear = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(browser, "find", found)
    ways = (lambda: tried.append("debian"), lambda: tried.append("playwright"))
    assert browser.ensure(ways) == "/there/chromium"
    assert tried == ["debian", "playwright"]


@pytest.mark.parametrize(("ci", "fails"), [("true", True), ("", False)])
def test_a_missing_browser_is_loud_and_in_ci_a_failure(
    ci: str, fails: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(browser, "ensure", lambda: None)
    monkeypatch.setenv("CI", ci)
    if fails:
        with pytest.raises(SystemExit):
            browser.main()
    else:
        browser.main()
    assert "ALL BROWSER TESTS WILL BE SKIPPED" in capsys.readouterr().out
