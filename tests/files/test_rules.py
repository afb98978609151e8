"""What a file is by its content, and the name it is given out under."""

import io
import zipfile

import pytest

from app.files.errors import BadFile, EmptyFile, FileTooLarge, HasMacros, NameDiffers, UnknownFile
from app.files.rules import MOST, FileType, given_name, title_of, type_of

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
JPEG = b"\xff\xd8\xff\xe0" + bytes(16)
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
HTML = b"<!doctype html><script>alert(1)</script>"


def office(*names: str) -> bytes:
    """A ZIP file of parts of these names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as folder:
        for name in ("[Content_Types].xml", *names):
            folder.writestr(name, "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("slip.pdf", PDF, FileType.PDF),
        ("slip", PDF, FileType.PDF),
        ("photo.PNG", PNG, FileType.PNG),
        ("photo.jpeg", JPEG, FileType.JPEG),
        ("photo.jpg", JPEG, FileType.JPEG),
        ("photo.webp", WEBP, FileType.WEBP),
        ("list.xlsx", office("xl/workbook.xml"), FileType.XLSX),
        ("deed.docx", office("word/document.xml"), FileType.DOCX),
        ("list.csv", b"a,b\r\n1,2\r\n", FileType.CSV),
        ("note.txt", "Grüße aus Kisumu".encode(), FileType.TXT),
        ("note.txt", "Grüße".encode("cp1252"), FileType.TXT),
        ("note.txt", "Grüße".encode("utf-16"), FileType.TXT),
        ("Minutes of 3.10", b"We met.", FileType.TXT),
    ],
)
def test_a_file_is_what_is_in_it(name: str, content: bytes, kind: FileType) -> None:
    assert type_of(name, content) is kind


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("slip.pdf", HTML, UnknownFile),
        ("note.txt", b"\n  " + HTML, UnknownFile),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', UnknownFile),
        ("slip.pdf", b"only words", NameDiffers),
        ("slip.pdf", PNG, NameDiffers),
        ("run.exe", b"only words", NameDiffers),
        ("page.html", b"only words", NameDiffers),
        ("run.txt", b"MZ\x90\x00\x03\x00", UnknownFile),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), UnknownFile),
        ("list.xlsx", b"PK\x03\x04 is no folder", UnknownFile),
        ("list.xlsx", office("something.txt"), UnknownFile),
        ("list.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), HasMacros),
        ("slip.pdf", b"", EmptyFile),
        ("slip.pdf", PDF + bytes(MOST), FileTooLarge),
    ],
)
def test_anything_else_is_refused(name: str, content: bytes, refusal: type[BadFile]) -> None:
    with pytest.raises(refusal) as caught:
        type_of(name, content)
    assert caught.value.field == "file"
    assert str(caught.value)


def test_an_archive_of_countless_parts_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.archives.ZipFile", None)
    with pytest.raises(UnknownFile):
        type_of("list.xlsx", b"PK\x03\x04" + b"PK\x01\x02" * 10_001)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd.txt", "passwd"),
        ("C:\\Users\\me\\Slip of  May.pdf", "Slip of May"),
        ("bad\x00na\u202eme.pdf", "badname"),
        ("x" * 300 + ".pdf", "x" * 120),
    ],
)
def test_a_title_is_the_name_alone(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Slip of May", "Slip of May.pdf"),
        ('../a/b\\"c";\r\nX: y', "a-b-c-X- y.pdf"),
        ("...", "document.pdf"),
        ("Beleg für Müller", "Beleg für Müller.pdf"),
    ],
)
def test_it_is_given_out_under_a_plain_name(title: str, name: str) -> None:
    assert given_name(title, FileType.PDF) == name
