"""Archives are looked at before they are unpacked."""

import io
import zipfile

import pytest

from app.core.archives import BadArchive, TooManyParts, read_archive


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in parts.items():
            folder.writestr(name, content)
    return made.getvalue()


def test_the_names_and_the_size_unpacked_are_told():
    found = read_archive(archive(a=b"x" * 5000, b=b"y"), most_parts=2)
    assert (found.names, found.unpacked) == (frozenset("ab"), 5001)


def test_too_many_parts_are_not_even_listed():
    with pytest.raises(TooManyParts):
        read_archive(archive(a=b"", b=b"", c=b""), most_parts=2)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 and nothing more", archive(a=b"x" * 99)[:-9]], ids=["empty", "word", "cut"]
)
def test_what_is_no_archive_is_refused(content: bytes):
    with pytest.raises(BadArchive):
        read_archive(content, most_parts=9)
