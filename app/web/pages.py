"""One way to answer with a page: whole for a browser, its fragment for htmx, toasts and redirects for both."""

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request
from flask_wtf import FlaskForm

from app.web import components

Toast = str | tuple[str, str]
FAULT = 500
LEVELS = ("success", "info", "warning", "error")


def wants_fragment() -> bool:
    """True when htmx asks for a part of a page (not when it restores history)."""
    asked = request.headers
    return asked.get("HX-Request") == "true" and not ("HX-Boosted" in asked or "HX-History-Restore-Request" in asked)


def fragment_id(template: str) -> str:
    """The id of a fragment's root element: `ledgers/_entries.html` -> `entries`."""
    return PurePosixPath(template).stem.removeprefix("_")


def _asked_for(fragments: Sequence[str]) -> str | None:
    target = request.headers.get("HX-Target", "")
    for name in fragments:
        root = fragment_id(name)
        if target == root or target.startswith(root + "-"):
            return name
    return None


def _level_and_text(toast: Toast) -> tuple[str, str]:
    level, text = ("success", toast) if not isinstance(toast, tuple) else toast
    if level not in LEVELS:
        raise ValueError(f"unknown level of a toast: {level!r}")
    return level, str(text)


def _with_toast(response: Response, toast: Toast | None) -> Response:
    if toast:
        level, text = _level_and_text(toast)
        # Header values are Latin-1: json's default keeps them ASCII.
        response.headers["HX-Trigger"] = json.dumps({"toast": {"level": level, "text": text}})
    return response


def page(
    template: str,
    fragment: str | Sequence[str] | None = None,
    status: int = 200,
    toast: Toast | None = None,
    **ctx: Any,
) -> Response:
    """The whole page for a browser; for htmx the fragment file whose id is the request's target.

    When htmx asks for anything else it gets the whole page, told to replace the body.
    """
    if not wants_fragment():
        shown = [_level_and_text(toast)] if toast else []
        return make_response(render_template(template, toasts=shown, **ctx), status)
    fragments = [fragment] if isinstance(fragment, str) else fragment or ()
    if name := _asked_for(fragments):
        return _with_toast(make_response(render_template(name, **ctx), status), toast)
    response = make_response(render_template(template, **ctx), status)
    response.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML"})
    return _with_toast(response, toast)


def go(url: str, toast: Toast | None = None) -> Response:
    """Lead on after success: 204 with HX-Redirect for htmx, 303 for a browser; the toast waits for the next page."""
    if toast:
        level, text = _level_and_text(toast)
        flash(text, level)
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": url})
    return make_response(redirect(url, 303))


def checked(form: FlaskForm, name: str, url: str, **options: Any) -> Response:
    """Inline check of one field: validates the whole form, answers with that field alone, 200 or 422.

    Raises KeyError when the form has no such field.
    """
    form.validate()
    field = form[name]
    forms: Any = current_app.jinja_env.globals["forms"]
    html = forms.field(field, check=url, **options)
    return make_response(html, 422 if field.errors else 200)


def refuse(status: int, sentence: str = "", back_url: str | None = None) -> Response:
    """Say no in plain words: an error page for a browser; for htmx a toast, and nothing on the page changes."""
    if wants_fragment():
        # Without a sentence the page's script says what the status means.
        response = _with_toast(make_response("", status), ("error", sentence) if sentence else None)
        response.headers["HX-Reswap"] = "none"
        return response
    words = {"status": status, "sentence": sentence, "back_url": back_url}
    if status < FAULT:
        return make_response(render_template("errors/error.html", **words), status)
    # A fault may be the database's: nothing that rooms add to pages is asked for here.
    bare = current_app.jinja_env.get_template("errors/error.html").render(components.frame() | words)
    return make_response(bare, status)
