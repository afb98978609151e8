"""OFX statements, 1.x (SGML) and 2.x (XML): the tags by ofxtools, header, limits and meaning by us.

Why only its tag reader is used stands in docs/decisions/0015-bank-files.md.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from ofxtools.Parser import TreeBuilder

from app.core.errors import DomainError
from app.imports.bank_file import BankAccount, BankFile
from app.imports.bank_lines import BankLine, Span, plain_amount, plain_day, words
from app.imports.errors import BadCharacters, BrokenBankFile, DeclaresEntities, NoBookings, RowError, TooManyRows
from app.imports.tables import MAX_ROWS

_HEADER_BYTES = 2_000
_CHARSET = re.compile(rb"(?:CHARSET:\s*|encoding=[\"'])([\w-]+)", re.ASCII)
_UNICODE = re.compile(rb"ENCODING:\s*(?:UNICODE|UTF-8)", re.ASCII)
_CODECS = {"1252": "cp1252", "windows-1252": "cp1252", "iso-8859-1": "latin-1", "8859-1": "latin-1"}
_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
MAX_TAGS = 600_000
_CHARGES = frozenset({"FEE", "SRVCHG"})
_STATEMENTS = ("STMTRS", "CCSTMTRS")


def read_ofx(data: bytes, currency: str) -> BankFile:
    """The accounts of an OFX file; raises an UnreadableFile."""
    root = _tree(_decoded(data))
    statements = [found for tag in _STATEMENTS for found in root.iter(tag)]
    if not statements:
        raise NoBookings
    return BankFile("ofx", tuple(_account(statement, currency) for statement in statements))


def _decoded(data: bytes) -> str:
    """The text in the character set that the header names; where that fails, in those that banks really use."""
    head = data[:_HEADER_BYTES]
    named = _CHARSET.search(head)
    told = _CODECS.get(named[1].decode().casefold(), "utf-8") if named else "utf-8"
    for codec in ("utf-8-sig" if _UNICODE.search(head) else told, "utf-8-sig", "cp1252", "latin-1"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise BadCharacters  # latin-1 takes every byte


def _tree(text: str) -> Element:
    start = text.upper().find("<OFX>")
    if start < 0:
        raise BrokenBankFile
    if _DECLARED.search(text):
        raise DeclaresEntities
    if text.count("<") > MAX_TAGS:
        raise TooManyRows(limit=MAX_ROWS)
    builder = TreeBuilder()
    try:
        builder.feed(_without_sections(text[start:]))
        root = builder.close()
    except (SyntaxError, AssertionError, IndexError) as error:  # what the library and the tree beneath it raise
        raise BrokenBankFile from error
    if root is None:
        raise BrokenBankFile
    return root


def _without_sections(text: str) -> str:
    """CDATA as ordinary text: the library's pattern for it takes quadratic time over a long line of openings."""
    parts, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            raise BrokenBankFile
        parts += [text[at:start], html.escape(text[start + 9 : end], quote=False)]
        at = end + 3
    return "".join([*parts, text[at:]])


def _account(statement: Element, currency: str) -> BankAccount:
    lines: list[BankLine] = []
    errors: list[RowError] = []
    for row, (found, pending) in enumerate(_transactions(statement), start=1):
        if row > MAX_ROWS:
            raise TooManyRows(limit=MAX_ROWS)
        line = _line(row, found, currency, pending=pending, errors=errors)
        lines += [line] if line else []
    closing, closed_on = _closing(statement, currency)
    number = _text(statement, ".//BANKACCTFROM/ACCTID") or _text(statement, ".//CCACCTFROM/ACCTID")
    span = Span(tuple(lines), closing=closing, closed_on=closed_on)
    return BankAccount(number, _text(statement, "CURDEF").upper(), (span,), tuple(errors), _period(statement))


def _transactions(statement: Element) -> Iterator[tuple[Element, bool]]:
    for tag, pending in (("STMTTRN", False), ("STMTTRNP", True)):
        for found in statement.iter(tag):
            yield found, pending


def _line(row: int, found: Element, currency: str, *, pending: bool, errors: list[RowError]) -> BankLine | None:
    column = "amount"
    try:
        amount = plain_amount(_text(found, "TRNAMT").replace(" ", ""), currency)
        column = "at"
        day = plain_day(_text(found, "DTPOSTED") or (_text(found, "DTTRAN") if pending else ""))
    except DomainError as error:
        errors.append(RowError(row, column, error))
        return None
    if not amount:
        return None  # banks print notices as bookings of nothing
    kind, name = _text(found, "TRNTYPE").upper(), _text(found, "NAME") or _text(found, "PAYEE/NAME")
    return BankLine(
        row=row,
        day=day,
        amount=amount,
        reference=words(_text(found, "FITID"))[:255],
        value_day=_day(_text(found, "DTAVAIL")),
        payer=words(name)[:120] if amount > 0 else "",
        details=words(name, _text(found, "MEMO"), _text(found, "CHECKNUM"), _text(found, "REFNUM")),
        charge=kind in _CHARGES,
        pending=pending,
    )


def _closing(statement: Element, currency: str) -> tuple[Decimal | None, date | None]:
    try:
        closing = plain_amount(_text(statement, "LEDGERBAL/BALAMT"), currency)
        return closing, plain_day(_text(statement, "LEDGERBAL/DTASOF"))
    except DomainError:
        return None, None  # it is compared with, never counted


def _period(statement: Element) -> tuple[date, date] | None:
    first, last = (_day(_text(statement, f"BANKTRANLIST/{tag}")) for tag in ("DTSTART", "DTEND"))
    return (first, last) if first and last else None


def _day(text: str) -> date | None:
    try:
        return plain_day(text)
    except DomainError:
        return None


def _text(found: Element, path: str) -> str:
    return html.unescape(found.findtext(path) or "").strip()
