"""The macros of templates/components as the globals `ui` and `forms`, and what they ask Python for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import segno
from flask import Flask, request
from jinja2 import Environment, nodes
from markupsafe import Markup
from wtforms import BooleanField, Field, FileField, PasswordField, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectMultipleField

from app.web import charts
from app.web.shell import Shell
from app.web.statuses import status_of

FOLDER = "components/"
_KINDS = (
    ((BooleanField,), "check"),
    ((RadioField,), "radio"),
    ((SelectMultipleField,), "many"),
    ((SelectField,), "select"),
    ((TextAreaField,), "textarea"),
    ((FileField,), "file"),
    ((PasswordField,), "password"),
)


class Macros:
    """All macros of one folder under one name, so that a page needs no import and a fragment sees them too."""

    def __init__(self, env: Environment, folder: str, **functions: Callable[..., Any]) -> None:
        if env.loader is None:
            raise ValueError("macros need an environment that loads templates")
        self._env, self._loader = env, env.loader
        self._home: dict[str, str] = {}
        self.__dict__.update(functions)
        for name in env.list_templates(filter_func=lambda path: path.startswith(f"{FOLDER}{folder}/")):
            for macro in self._exported(name):
                self._home[macro] = name

    def _exported(self, name: str) -> list[str]:
        # Read from the source: a module keeps the globals of the moment it is made, and not all are there yet.
        source, *_rest = self._loader.get_source(self._env, name)
        found = self._env.parse(source).find_all(nodes.Macro)
        return [macro.name for macro in found if not macro.name.startswith("_")]

    def __getattr__(self, macro: str) -> Any:
        # Looked up at each use: an edited template shows without a restart while developing.
        if macro.startswith("_") or macro not in self._home:
            raise AttributeError(macro)
        return getattr(self._env.get_template(self._home[macro]).module, macro)


def kind_of(field: Field) -> str:
    """How a field is drawn: check, radio, many, select, textarea, file, password, amount or input."""
    for classes, kind in _KINDS:
        if isinstance(field, classes):
            return kind
    return "amount" if getattr(field, "currency", None) else "input"


def is_hidden(field: Field) -> bool:
    """True for fields that carry data nobody sees: the CSRF token, the once key."""
    return getattr(field.widget, "input_type", "") == "hidden"


def first_error(errors: Any) -> str:
    """The first sentence in a field's errors, however deep lists and forms inside nest them."""
    if isinstance(errors, Mapping):
        errors = list(errors.values())
    if isinstance(errors, list | tuple):
        return next((found for found in map(first_error, errors) if found), "")
    return str(errors)


def problems(form: Any) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a form: (id of the field or "", label or "", sentence), in the order of the fields."""
    for sentence in [getattr(form, "refusal", None), *form.form_errors]:
        if sentence:
            yield "", "", str(sentence)
    for field in form:
        if sentence := first_error(field.errors):
            seen = not is_hidden(field)
            yield (field.id, field.label.text, sentence) if seen else ("", "", sentence)


def qr_svg(address: str) -> Markup:
    """A QR code as inline SVG in black on nothing; its box gives the white."""
    drawn = segno.make(address, error="m").svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704  # drawn by segno: modules of a code, no text


def confirm(title: str, body: str, yes: str, tone: str = "danger") -> dict[str, str]:
    """The attributes that make a form or button ask first, saying what will happen."""
    return {
        "data-confirm": body,
        "data-confirm-title": title,
        "data-confirm-yes": yes,
        "data-confirm-tone": tone,
    }


def frame() -> dict[str, Any]:
    """What every page may rely on; rooms that know more give their own `shell` and `nav` later."""
    wanted = request.cookies.get("theme")
    return {"theme": wanted if wanted in ("light", "dark") else "", "shell": Shell(), "nav": ()}


def init_app(app: Flask) -> None:
    """Give every template, page and fragment alike, `ui`, `forms`, `charts`, `status_of` and the reader's `theme`."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(kind_of=kind_of, is_hidden=is_hidden, first_error=first_error, problems=problems, charts=charts)
    env.globals.update(status_of=status_of, qr_svg=qr_svg)
    app.context_processor(frame)
    env.globals["ui"] = Macros(env, "ui", confirm=confirm)
    env.globals["forms"] = Macros(env, "forms")
