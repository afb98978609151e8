"""Finds built assets by their plain names: hashed files through the manifest, icons as inline SVG."""

import json
from functools import lru_cache
from pathlib import Path
from typing import cast

from flask import Flask, current_app
from markupsafe import Markup

BUILD = Path(__file__).resolve().parents[2] / "build"


class AssetMissing(LookupError):
    """A page names an asset or icon that was never built."""


@lru_cache(maxsize=8)
def _names(path: Path, _changed: int) -> dict[str, str]:
    # The time of the last change is part of the cache's key, so that a rebuild needs no restart.
    return cast(dict[str, str], json.loads(path.read_text()))


def _look_up(file: str, name: str, remedy: str) -> str:
    path = Path(current_app.config.get("ASSETS_BUILD", BUILD)) / file
    try:
        return _names(path, path.stat().st_mtime_ns)[name]
    except (FileNotFoundError, KeyError):
        raise AssetMissing(f"{name!r} is not in {file}: {remedy}") from None


def asset(name: str) -> str:
    """The address of a built file, e.g. `app.css` -> `/static/app.1a2b3c4d5e6f.css`.

    Raises AssetMissing when the assets were not built or have no such file.
    """
    return "/static/" + _look_up("static/manifest.json", name, "run `make assets`")


def icon_body(name: str) -> Markup:
    """The shapes of a Lucide icon, to be placed inside an `<svg>` of 24 units."""
    remedy = "add its name to app/ui/icons.txt and run `make assets`"
    return Markup(_look_up("icons.json", name, remedy))  # noqa: S704 (our own build, not a person's text)


def icon(name: str, cls: str = "icon") -> Markup:
    """A decorative inline icon; the text beside it, or a label on its button, says what it means."""
    return Markup(
        '<svg class="{}" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>'
    ).format(cls, icon_body(name))


def init_app(app: Flask) -> None:
    """Give templates `asset()`, `icon()` and `icon_body()`."""
    app.jinja_env.globals.update(asset=asset, icon=icon, icon_body=icon_body)
