"""Where contents stand: one file a document under var/documents, named by ids alone, readable by the service alone."""

import contextlib
import os
import tempfile
import uuid
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from flask import current_app

from app.core.db import session
from app.files.errors import DocumentLost

FOLDER = "documents"
_PART = ".part-"


def folder() -> Path:
    """The folder of the chosen group; outside the web root, and nothing in it is ever served from there."""
    var: Path = current_app.config["SETTINGS"].var
    return var / FOLDER / session().group_id.hex


def put(document_id: uuid.UUID, sealed: bytes) -> None:
    """Write a content so that it is there wholly or not at all, on the disk before the row is committed."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_PART, dir=place)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place / document_id.hex)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _settle(place)


def _settle(place: Path) -> None:
    """The name itself must be on the disk too."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def get(document_id: uuid.UUID) -> bytes:
    """A content as it stands there, sealed. Raises DocumentLost."""
    try:
        return (folder() / document_id.hex).read_bytes()
    except OSError as error:
        raise DocumentLost from error


def drop(path: Path) -> None:
    """Destroy a content; one that is gone already is fine."""
    path.unlink(missing_ok=True)


def sweep(wanted: Collection[uuid.UUID], *, before: datetime) -> int:
    """Destroy what belongs to no document and is older than `before`: left by who was interrupted. How many."""
    names, gone = {document_id.hex for document_id in wanted}, 0
    with contextlib.suppress(FileNotFoundError):  # the group has no documents
        for path in folder().iterdir():
            if path.name not in names and path.stat().st_mtime < before.timestamp():
                drop(path)
                gone += 1
    return gone
