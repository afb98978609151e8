"""What a form takes for text."""

import pytest
from wtforms.validators import ValidationError

from app.web.forms import clean_text


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u061c", "\x00", "\x07", "\x7f"])
def test_a_sign_that_hides_or_turns_the_text_is_refused(sign: str) -> None:
    with pytest.raises(ValidationError):
        clean_text(f"invoice{sign}fdp.exe")


@pytest.mark.parametrize("text", ["Amina Wanjirũ", "سارة", "👩‍👩‍👧‍👦 zawadi", "one\ntwo\tthree"])
def test_names_of_every_script_and_pictures_are_text(text: str) -> None:
    assert clean_text(f"  {text} ") == text
