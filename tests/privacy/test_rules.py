"""How a person is found in words, and what they are called afterwards."""

import uuid

import pytest

from app.privacy.rules import Facts, address_of, code_of, identifier_of, pattern_of, put_out, put_out_all

FACTS = Facts(("Amina Wanjiru",), ("amina@example.com",), ("+254712345678",), ("EXT-77",))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Amina Wanjiru paid", "••• paid"),
        ("AMINA   WANJIRU paid", "••• paid"),
        ("Amina Wanjiruson paid", "Amina Wanjiruson paid"),
        ("Amina paid", "Amina paid"),
        ("write to Amina@Example.com.", "write to •••."),
        ("call 0712345678 or +254712345678 or 0712 345 678", "call ••• or ••• or •••"),
        ("payer 0712***678 and 254712***678", "payer ••• and •••"),
        ("number 99712345678123", "number 99712345678123"),
        ("member ext-77, and ext-777", "member •••, and ext-777"),
        ("nothing of hers", "nothing of hers"),
    ],
)
def test_words_about_a_person_are_put_out_as_a_whole(text: str, clean: str) -> None:
    pattern = pattern_of(FACTS)
    assert pattern
    assert put_out(text, pattern) == clean


def test_json_is_gone_through_to_its_ends() -> None:
    pattern = pattern_of(FACTS) or ""
    value = {"a": ["Amina Wanjiru", 7, None], "b": {"c": "amina@example.com"}}
    assert put_out_all(value, pattern) == {"a": ["•••", 7, None], "b": {"c": "•••"}}


@pytest.mark.parametrize("facts", [Facts(), Facts(("Jo",), ("",), ("12",), ("7",))])
def test_what_tells_nobody_apart_is_not_looked_for(facts: Facts) -> None:
    assert pattern_of(facts) is None


def test_pseudonyms_are_unlike_one_another() -> None:
    first, second = uuid.UUID(int=0x7F3A), uuid.UUID(int=0x7F3B)
    assert code_of(first) == "7F3A"
    assert identifier_of(first) != identifier_of(second)
    assert address_of(first) != address_of(second)
