"""The pages of documents: adding, downloading, taking away, and who may."""

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.files import queries
from tests.files.test_rules import HTML, PDF
from tests.payouts.conftest import Owing
from tests.payouts.test_views import hidden

Open = Callable[[Any], FlaskClient]


@pytest.fixture
def paid(owing: Owing) -> uuid.UUID:
    """A payment to the member, on which documents may hang."""
    return owing.pay((owing.owe("400"), "400"))[0].id


def add(
    owing: Owing, client: FlaskClient, paid: uuid.UUID, content: bytes = PDF, name: str = "slip.pdf", **more: str
) -> Any:
    """Add a document to the payment; the answer."""
    base = f"/g/{owing.cast.slug}/documents/member_payment/{paid}"
    form = hidden(client.get(f"{base}/new")) | {"title": "", **more}
    # Written out here: the client would leave a file of its own open for a large one.
    boundary, body = encode_multipart({**form, "file": FileStorage(io.BytesIO(content), filename=name)})
    return client.post(base, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def url_of(owing: Owing, paid: uuid.UUID) -> str:
    """Where the first document of the payment is downloaded."""
    return f"/g/{owing.cast.slug}/documents/{queries.of(('member_payment', paid))[0].document.id}"


def test_a_document_is_added_and_shown_beside_its_record(owing: Owing, as_person: Open, paid: uuid.UUID) -> None:
    client = as_person(owing.cast.treasurer)
    answer = add(owing, client, paid, title="The bank’s slip")
    assert (answer.status_code, answer.location) == (303, f"/g/{owing.cast.slug}/payouts/payments/{paid}")
    shown = client.get(answer.location)
    assert "The bank’s slip" in shown.text
    assert url_of(owing, paid) in shown.text


def test_a_download_is_an_attachment_that_nothing_keeps_or_opens(
    owing: Owing, as_person: Open, paid: uuid.UUID
) -> None:
    client = as_person(owing.cast.treasurer)
    add(owing, client, paid, title='Beleg "für"\u2044../../Müller')
    answer = client.get(url_of(owing, paid))
    assert (answer.status_code, answer.get_data()) == (200, PDF)
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert ".." not in headers["Content-Disposition"].split("filename*")[0]
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    "bad",
    [
        ("slip.pdf", HTML, 422, "By its content this is neither a PDF"),
        ("slip.pdf", b"", 422, "This file is empty"),
        ("slip.exe", b"words", 422, "The name ends in .exe"),
        ("slip.pdf", PDF + bytes(7 * 1024 * 1024), 422, "larger than 7 MB"),
        ("slip.pdf", PDF + bytes(8 * 1024 * 1024), 413, "larger than we accept"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    owing: Owing, as_person: Open, paid: uuid.UUID, bad: tuple[str, bytes, int, str]
) -> None:
    name, content, status, sentence = bad
    answer = add(owing, as_person(owing.cast.treasurer), paid, content, name, title="Typed before")
    assert answer.status_code == status
    assert sentence in answer.text
    assert status == 413 or "Typed before" in answer.text
    assert queries.of(("member_payment", paid)) == []


def test_without_a_file_the_form_says_so(owing: Owing, as_person: Open, paid: uuid.UUID) -> None:
    client = as_person(owing.cast.treasurer)
    base = f"/g/{owing.cast.slug}/documents/member_payment/{paid}"
    answer = client.post(base, data=hidden(client.get(f"{base}/new")), content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


@pytest.mark.parametrize(
    "name", ["../../../../etc/cron.d/x.pdf", "..\\..\\x.pdf", "/etc/passwd.pdf", "a\x00b.pdf", ".pdf"]
)
def test_tricks_with_paths_are_harmless(owing: Owing, as_person: Open, paid: uuid.UUID, shelf: Path, name: str) -> None:
    client = as_person(owing.cast.treasurer)
    assert add(owing, client, paid, name=name).status_code == 303
    made = queries.of(("member_payment", paid))[0]
    assert [path.name for path in shelf.iterdir()] == [made.document.id.hex]
    assert not set(made.name) & set("/\\\x00")


def test_who_may_see_the_record_may_read_its_documents(owing: Owing, as_person: Open, paid: uuid.UUID) -> None:
    cast = owing.cast
    add(owing, as_person(cast.treasurer), paid)
    url = url_of(owing, paid)
    readers = {cast.member: 200, cast.leader: 200, cast.auditor: 200, cast.other_member: 404, cast.outsider: 404}
    assert {who.name: as_person(who).get(url).status_code for who in (*readers, cast.stranger)} == {
        who.name: status for who, status in (*readers.items(), (cast.stranger, 404))
    }
    assert as_person(None).get(url).status_code in (302, 303)


def test_only_officers_add_and_take_away(owing: Owing, as_person: Open, paid: uuid.UUID) -> None:
    client, mine = as_person(owing.cast.treasurer), as_person(owing.cast.member)
    add(owing, client, paid)
    url = url_of(owing, paid)
    token = hidden(mine.get(f"/g/{owing.cast.slug}/position")) | {"once": "a" * 32}
    assert mine.get(f"/g/{owing.cast.slug}/documents/member_payment/{paid}/new").status_code == 403
    assert mine.post(f"{url}/removal", data=token).status_code in (400, 403)
    form = hidden(client.get(f"/g/{owing.cast.slug}/payouts/payments/{paid}"))
    assert client.post(f"{url}/removal", data=form).status_code == 303
    assert client.get(url).status_code == 404


def test_records_without_documents_have_none(owing: Owing, as_person: Open) -> None:
    client = as_person(owing.cast.treasurer)
    for kind, record_id in (("penalty", uuid.uuid4()), ("member_payment", uuid.uuid4())):
        assert client.get(f"/g/{owing.cast.slug}/documents/{kind}/{record_id}/new").status_code == 404
