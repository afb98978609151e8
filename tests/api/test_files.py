"""Documents as a program meets them."""

import io
import uuid

import pytest

from tests.files.test_rules import HTML, PDF
from tests.payouts.conftest import held_clock, owing

__all__ = ["held_clock", "owing"]


@pytest.fixture
def asking(program, owing):
    return program(owing.cast.treasurer)


@pytest.fixture
def record(owing):
    """The payment on which documents hang."""
    return f"/documents/member_payment/{owing.pay((owing.owe('400'), '400'))[0].id}"


def add(asking, record, content=PDF, name="slip.pdf", key=None, **fields):
    return asking.ask("POST", record, data={"file": (io.BytesIO(content), name), **fields}, key=key)


def test_a_document_is_added_listed_and_taken_down(asking, record):
    made = add(asking, record, title="The slip")
    assert made.status_code == 201, made.text
    told = made.get_json()
    assert (told["title"], told["type"], told["size"]) == ("The slip", "pdf", len(PDF))
    assert asking.get(record).get_json()["items"] == [told]
    assert asking.get(f"/documents/{told['id']}").get_json() == told
    given = asking.get(f"/documents/{told['id']}/content")
    assert (given.get_data(), given.headers["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["Cache-Control"] == "no-store"
    assert asking.post(f"/documents/{told['id']}/removal").status_code == 204
    assert asking.get(f"/documents/{told['id']}/content").status_code == 404


def test_the_same_key_keeps_one(asking, record):
    first, second = (add(asking, record, key="doc-000001").get_json() for _ in range(2))
    assert first == second
    assert len(asking.get(record).get_json()["items"]) == 1


def test_a_bad_file_is_refused_with_its_field(asking, record):
    answer = add(asking, record, HTML)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "file")
    assert answer.get_json()["code"] == "document_unknown"


def test_others_find_nothing(owing, program, asking, record):
    told = add(asking, record).get_json()
    for who in (owing.cast.other_member, owing.cast.outsider):
        assert program(who).get(record).status_code == 404
        assert program(who).get(f"/documents/{told['id']}/content").status_code == 404
    assert program(owing.cast.member).get(record).status_code == 200
    assert add(program(owing.cast.member), record).status_code == 403
    assert asking.get(f"/documents/penalty/{uuid.uuid4()}").status_code == 404
