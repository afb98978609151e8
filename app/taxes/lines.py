"""Rates as lines of text that staff read and write: one step to a line, as exact as they are kept. Pure."""

import re
from decimal import Decimal

from app.taxes.errors import BadBands
from app.taxes.rules import Band, Bracket, Income, Withholding

# Such as “above 40000: 10” and “from 120000: 15”.
_BAND = re.compile(r"(above|from)\s+(\d{1,12}(?:\.\d{1,4})?)\s*:\s*(\d{1,3}(?:\.\d{1,4})?)", re.ASCII)
# Such as “through 60000: 10 less 4000” and “beyond: 37 less 27400”.
_BRACKET = re.compile(
    r"(?:through\s+(\d{1,12}(?:\.\d{1,4})?)|beyond)\s*:\s*(\d{1,3}(?:\.\d{1,4})?)(?:\s+less\s+(\d{1,12}(?:\.\d{1,4})?))?",
    re.ASCII,
)


def bands_in(text: str) -> list[Band]:
    """Bands of a withholding from lines. Raises BadBands."""
    found = [_BAND.fullmatch(line) for line in _lines(text)]
    if not found or not all(found):
        raise BadBands(field="bands")
    return [Band(Decimal(each[2]), Decimal(each[3]), exactly=each[1] == "from") for each in found if each]


def brackets_in(text: str) -> list[Bracket]:
    """Brackets of a yearly tax from lines. Raises BadBands."""
    found = [_BRACKET.fullmatch(line) for line in _lines(text)]
    if not found or not all(found):
        raise BadBands(field="bands")
    return [
        Bracket(Decimal(each[1]) if each[1] else None, Decimal(each[2]), Decimal(each[3] or 0))
        for each in found
        if each
    ]


def text_of(version: Withholding | Income) -> str:
    """The lines of a version."""
    if isinstance(version, Withholding):
        steps = [f"{'from' if b.exactly else 'above'} {_plain(b.start)}: {_plain(b.rate)}" for b in version.bands]
    else:
        steps = [f"{_end(b)}: {_plain(b.rate)} less {_plain(b.less)}" for b in version.brackets]
    return "\n".join(steps)


def _end(bracket: Bracket) -> str:
    return "beyond" if bracket.upto is None else f"through {_plain(bracket.upto)}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _lines(text: str) -> list[str]:
    return [line.strip().lower() for line in text.splitlines() if line.strip()]
