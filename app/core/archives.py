"""What a zip archive says it holds, such as the files of an office, before a byte of it is unpacked."""

import io
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile

_ENTRY = b"PK\x01\x02"  # begins each line of an archive's list of its parts


class BadArchive(ValueError):
    """It is no archive that can be read."""


class TooManyParts(BadArchive):
    """More parts than anybody needs: even their list is too long to be read."""


@dataclass(frozen=True)
class Archive:
    """The names of its parts, and how large they say they are unpacked: nothing reads past that."""

    names: frozenset[str]
    unpacked: int


def read_archive(content: bytes, *, most_parts: int) -> Archive:
    """Read the list of parts. Raises BadArchive, TooManyParts."""
    if content.count(_ENTRY) > most_parts:  # counted before the list of them is read
        raise TooManyParts
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, NotImplementedError, UnicodeDecodeError) as error:
        raise BadArchive from error
    return Archive(frozenset(part.filename for part in parts), sum(part.file_size for part in parts))
