"""What a program reads from an answer: the fields it was wrong in, the code it is refused with, the items of a list."""

from typing import Any

from werkzeug.test import TestResponse


def fields_of(answer: TestResponse) -> list[str]:
    """The fields that are told to be wrong."""
    assert answer.status_code == 422, answer.text
    return [fault["field"] for fault in answer.get_json()["errors"]]


def code_of(answer: TestResponse) -> tuple[int, str]:
    """The status, and the code of the refusal."""
    return answer.status_code, answer.get_json()["code"]


def items(answer: TestResponse) -> list[dict[str, Any]]:
    """The items of a list that was read or made."""
    assert answer.status_code in (200, 201), answer.text
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found
