"""What a form takes for text, and what it takes at all."""

import io
from typing import Any

import pytest
from flask import Flask
from flask_wtf.file import FileField
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.web.forms import DayField, Form, clean_text


class Slip(Form):
    name = StringField("Name", [InputRequired(), Length(max=20)])
    count = IntegerField("Count")
    on = DayField("Day")
    file = FileField("File")


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u061c", "\x00", "\x07", "\x7f"])
def test_a_sign_that_hides_or_turns_the_text_is_refused(sign: str) -> None:
    with pytest.raises(ValidationError):
        clean_text(f"invoice{sign}fdp.exe")


@pytest.mark.parametrize("text", ["Amina Wanjirũ", "سارة", "👩‍👩‍👧‍👦 zawadi", "one\ntwo\tthree"])
def test_names_of_every_script_and_pictures_are_text(text: str) -> None:
    assert clean_text(f"  {text} ") == text


def told(app: Flask, monkeypatch: pytest.MonkeyPatch, **sent: Any) -> Slip:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with app.test_request_context("/", method="POST", **sent):
        form = Slip()
        form.validate()
        return form


def test_files_are_taken_by_fields_of_files_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: (io.BytesIO(b"1"), "a.csv") for name in ("name", "count", "on", "file")}
    form = told(app, monkeypatch, data=files)
    assert (form.name.data, form.count.data, form.on.data, form.file.data.filename) == (None, None, None, "a.csv")
    assert set(form.errors) == {"name"}


@pytest.mark.parametrize("body", [{"name": [[[]]]}, [1, 2], "text", None, {"name": {"a": 1}, "count": []}])
def test_a_form_is_not_json(app: Flask, monkeypatch: pytest.MonkeyPatch, body: Any) -> None:
    assert told(app, monkeypatch, json=body).name.data in (None, "")
