"""What a file is by its content, and the name it is given out under; no file is believed by its name."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from app.core.archives import BadArchive, read_archive
from app.files.errors import EmptyFile, FileTooLarge, HasMacros, NameDiffers, UnknownFile

MEGABYTES = 7  # the request around it may have eight
MOST = MEGABYTES * 1024 * 1024
LONGEST_TITLE = 120
_MOST_PARTS = 10_000


class FileType(StrEnum):
    """The kinds of file that are kept; each is its own ending."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    XLSX = "xlsx"
    DOCX = "docx"
    CSV = "csv"
    TXT = "txt"

    @property
    def media_type(self) -> str:
        """What it is given out as."""
        return MEDIA[self]


MEDIA: Mapping[FileType, str] = {
    FileType.PDF: "application/pdf",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
    FileType.WEBP: "image/webp",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.CSV: "text/csv; charset=utf-8",
    FileType.TXT: "text/plain; charset=utf-8",
}
ACCEPT = ".pdf,.png,.jpg,.jpeg,.webp,.xlsx,.docx,.csv,.txt"
_SAME = {"jpeg": FileType.JPEG, "jpe": FileType.JPEG, "text": FileType.TXT}
_TEXTS = frozenset({FileType.CSV, FileType.TXT})
_ODD = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")  # no text has these


def type_of(name: str, content: bytes) -> FileType:
    """What a file is. Raises EmptyFile, FileTooLarge, UnknownFile, HasMacros, NameDiffers."""
    if not content:
        raise EmptyFile
    if len(content) > MOST:
        raise FileTooLarge(megabytes=MEGABYTES)
    found, ending = _by_content(content), _ending(name)
    promised = _promised(ending)
    if promised is None or promised == found:
        return found
    if promised in _TEXTS and found in _TEXTS:
        return promised
    raise NameDiffers(ending=f".{ending}")


def _by_content(content: bytes) -> FileType:
    if content.startswith(b"%PDF-"):
        return FileType.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileType.WEBP
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if _is_text(content):
        return FileType.TXT
    raise UnknownFile


def _office(content: bytes) -> FileType:
    try:
        names = read_archive(content, most_parts=_MOST_PARTS).names
    except BadArchive as error:
        raise UnknownFile from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise HasMacros
    if "[Content_Types].xml" not in names:
        raise UnknownFile
    if "xl/workbook.xml" in names:
        return FileType.XLSX
    if "word/document.xml" in names:
        return FileType.DOCX
    raise UnknownFile


def _is_text(content: bytes) -> bool:
    """Words alone: no control character, and nothing that a browser would take for a page."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not _ODD.search(text) and not text.lstrip().startswith("<")
    return False


def _ending(name: str) -> str:
    return PurePosixPath(base_name(name)).suffix.lower().lstrip(".")


def _promised(ending: str) -> FileType | None:
    """What an ending promises: nothing where there is none, or one that only looks like it ("Minutes of 3.10")."""
    if ending in _SAME:
        return _SAME[ending]
    if ending in list(FileType):
        return FileType(ending)
    if re.fullmatch(r"[a-z][a-z0-9]{1,7}", ending):  # .exe, .html: it says it is something that is not kept
        raise NameDiffers(ending=f".{ending}")
    return None


def base_name(name: str) -> str:
    """The last part of a name that a browser sent with folders before it."""
    return name.replace("\\", "/").rpartition("/")[2]


def title_of(name: str) -> str:
    """What a document is called when nobody said: the file's name without its ending and without odd signs."""
    stem = PurePosixPath(base_name(name)).stem
    kept = "".join(sign for sign in stem if unicodedata.category(sign)[0] != "C")
    return " ".join(kept.split())[:LONGEST_TITLE]


def given_name(title: str, kind: FileType) -> str:
    """The name a document is given out under: letters, digits and a few signs, and the ending of what it is."""
    kept = re.sub(r"\.{2,}", ".", re.sub(r"[^\w\-. ()]+", "-", unicodedata.normalize("NFC", title)))
    return f"{' '.join(kept.split())[:80].strip(' .-') or 'document'}.{kind.value}"
