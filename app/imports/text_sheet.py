"""Delimited text as programs really write it: four encodings, four delimiters, a `sep=` line or none."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from app.imports.errors import BadCharacters, BrokenText, CellTooLong, NotATable
from app.imports.tables import MAX_CELL

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200
_SEP_LINE = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with theirs
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """Text of the bytes; raises `NotATable` or `BadCharacters` when it is none."""
    return _decoded(data)[0]


def traits(data: bytes) -> tuple[str, str]:
    """In which encoding a delimited file is written, and what stands between its cells. Raises as `decode` does."""
    text, encoding = _decoded(data)
    told = _SEP_LINE.match(text)
    return encoding, told[1] if told else _delimiter(text)


def _decoded(data: bytes) -> tuple[str, str]:
    encodings = [name for mark, name in _BOMS if data.startswith(mark)][:1] or _guesses(data)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise BadCharacters
        return text.removesuffix("\x1a"), encoding  # DOS programs end a file with it
    raise NotATable


def _guesses(data: bytes) -> list[str]:
    """Without a mark, zero bytes on one side of each pair are UTF-16; else UTF-8, else Windows."""
    head = data[:2000]
    if len(head) > 3 and head[1::2].count(0) > len(head) // 4 and 0 not in head[0::2]:
        return ["utf-16-le"]
    if len(head) > 3 and head[0::2].count(0) > len(head) // 4 and 0 not in head[1::2]:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Numbered records of a delimited file; raises `BrokenText` naming the row where quoting fails."""
    text = decode(data)
    if text.lstrip()[:1] == "<":
        raise NotATable  # a web page saved as .xls or .csv
    told = _SEP_LINE.match(text)
    delimiter = told[1] if told else _delimiter(text)
    rows = csv.reader(io.StringIO(text[told.end() if told else 0 :], newline=""), delimiter=delimiter, strict=True)
    done = 0
    try:
        for done, row in enumerate(rows, start=1):
            yield done, row
    except csv.Error as error:
        if "field limit" in str(error):
            raise CellTooLong(row=done + 1, limit=MAX_CELL) from error
        raise BrokenText(row=done + 1) from error


def _delimiter(text: str) -> str:
    """The delimiter that cuts most rows into the same number of cells."""
    return max(_DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> int:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths: Counter[int] = Counter()
    with suppress(csv.Error):  # a field beyond the reader's limit; what was counted so far says enough
        widths.update(len(row) for row in islice(rows, _SAMPLE_ROWS) if len(row) > 1)
    return max(((width - 1) * count for width, count in widths.items()), default=0)
