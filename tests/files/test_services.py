"""Documents on the disk and in the database: sealed, once, taken away, swept up, and proved."""

import os
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.db import transaction
from app.files import queries, services
from app.files import shelf as places
from app.files.checks import documents_are_there
from app.files.errors import DocumentLost, NoSuchDocument, SentTwice, UnknownFile
from app.files.models import Document
from app.files.services import Upload, content_of, keep, take_away
from tests.files.test_rules import HTML, PDF
from tests.mail.box import work
from tests.payouts.conftest import NOW, Owing

ENTITY = ("member_payment", uuid.UUID(int=7))


def kept(owing: Owing, **more: Any) -> Document:
    """A slip added to a record."""
    told: dict[str, Any] = {"entity": ENTITY, "upload": Upload("slip.pdf", PDF), "by": owing.by, "key": "k1"}
    with transaction(group_id=owing.cast.group_id):
        return keep(**(told | more))


def test_a_document_is_sealed_and_opens_again(owing: Owing, shelf: Path) -> None:
    made = kept(owing, title="The slip")
    stored = (shelf / made.id.hex).read_bytes()
    assert PDF not in stored
    assert oct((shelf / made.id.hex).stat().st_mode & 0o777) == "0o600"
    line = queries.of(ENTITY)[0]
    assert (line.title, line.name, line.by, content_of(line)) == ("The slip", "The slip.pdf", "Joseph Otieno", PDF)
    assert documents_are_there().faults == []


def test_the_same_key_keeps_one(owing: Owing, shelf: Path) -> None:
    assert kept(owing).id == kept(owing).id
    assert len(list(shelf.iterdir())) == 1
    with pytest.raises(SentTwice):
        kept(owing, upload=Upload("slip.pdf", PDF + b"other"))


def test_what_is_refused_leaves_nothing(owing: Owing, shelf: Path) -> None:
    with pytest.raises(UnknownFile):
        kept(owing, upload=Upload("slip.pdf", HTML))
    assert not shelf.exists()
    assert queries.of(ENTITY) == []


def test_what_was_taken_away_is_destroyed(owing: Owing, shelf: Path) -> None:
    made = kept(owing)
    with transaction(group_id=owing.cast.group_id):
        take_away(made.id, by=owing.by)
    assert [path.name for path in shelf.iterdir()] == [made.id.hex]  # as long as it might be undone
    work(owing.cast.group_id)
    assert list(shelf.iterdir()) == []
    with pytest.raises(NoSuchDocument):
        queries.document(made.id)
    assert documents_are_there().looked_at == 0


def test_what_an_interrupted_one_left_is_swept_up(owing: Owing, shelf: Path) -> None:
    made = kept(owing)
    left, fresh, part = (shelf / uuid.uuid4().hex, shelf / uuid.uuid4().hex, shelf / ".part-x")
    old = (NOW - timedelta(hours=7)).timestamp()
    for path in (left, fresh, part):
        path.write_bytes(b"x")
    for path in (left, part, shelf / made.id.hex):
        os.utime(path, (old, old))
    os.utime(fresh, (NOW.timestamp(), NOW.timestamp()))
    services.sweep(NOW)
    assert {path.name for path in shelf.iterdir()} == {made.id.hex, fresh.name}


def test_a_content_that_was_changed_or_lost_is_a_fault(owing: Owing, shelf: Path) -> None:
    made = kept(owing)
    path = shelf / made.id.hex
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert len(documents_are_there().faults) == 1
    path.unlink()
    with pytest.raises(DocumentLost):
        content_of(queries.document(made.id))
    assert len(documents_are_there().faults) == 1


def test_a_half_written_content_leaves_nothing(owing: Owing, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.files.shelf.os.fsync", lambda _handle: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        places.put(uuid.uuid4(), b"x")
    assert list(shelf.iterdir()) == []
