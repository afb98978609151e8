"""CAMT.053 statements of banks (ISO 20022, versions .001.02 to .001.13), read with a parser that refuses DTDs.

Why not by pycamt stands in docs/decisions/0015-bank-files.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from app.core.errors import DomainError, Invalid
from app.imports.bank_file import BankAccount, BankFile
from app.imports.bank_lines import BankLine, Span, plain_amount, plain_day, words
from app.imports.errors import (
    BookedInOtherCurrency,
    BrokenBankFile,
    DeclaresEntities,
    NoBookings,
    OtherReport,
    RowError,
    TooManyRows,
)
from app.imports.tables import MAX_ROWS

MAX_TAGS = 600_000
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_NO_REFERENCE = frozenset({"NOTPROVIDED", "NONREF", "NOREF"})


def read_camt(data: bytes, currency: str) -> BankFile:
    """The accounts of a CAMT.053 file; raises an UnreadableFile."""
    root = _tree(data)
    found = [part for part in root.iter() if part.tag in ("Stmt", "Rpt", "Ntfctn")]
    if not found:
        raise NoBookings
    if any(part.tag != "Stmt" for part in found):
        raise OtherReport
    return BankFile("camt", tuple(_account(statement, currency) for statement in found))


def _tree(data: bytes) -> Element:
    if data.count(b"<") > MAX_TAGS:
        raise TooManyRows(limit=MAX_ROWS)
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise DeclaresEntities from error
    except (ParseError, ValueError, LookupError) as error:
        raise BrokenBankFile from error
    for part in root.iter():
        part.tag = part.tag.rpartition("}")[2]  # the namespace is the version; what we read is the same in all
    return root


def _account(statement: Element, currency: str) -> BankAccount:
    lines: list[BankLine] = []
    errors: list[RowError] = []
    own = _text(statement, "Acct/Ccy") or _of(statement.find(".//Amt"), "Ccy")
    for row, entry in enumerate(statement.findall("Ntry"), start=1):
        if row > MAX_ROWS:
            raise TooManyRows(limit=MAX_ROWS)
        try:
            lines += _entry(row, entry, currency)
        except Invalid as error:
            errors.append(RowError(row, "entry", error))
    opening, _opened = _balance(statement, _OPENING, currency)
    closing, closed_on = _balance(statement, _CLOSING, currency)
    number = _text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id")
    span = Span(tuple(lines), opening, closing, closed_on)
    return BankAccount(number, own.upper(), (span,), tuple(errors), _period(statement))


def _entry(row: int, entry: Element, currency: str) -> list[BankLine]:
    """The lines of an entry: its payments where each tells its amount and they come to the whole, else itself."""
    whole = _signed(entry, _amount(entry.find("Amt"), currency))
    line = BankLine(
        row=row,
        day=_booked(entry),
        amount=whole,
        reference=_reference(_text(entry, "AcctSvcrRef"), _text(entry, "NtryRef")),
        value_day=_day(entry.find("ValDt")),
        details=words(_text(entry, "AddtlNtryInf")),
        reversal=_text(entry, "RvslInd") in ("true", "1"),
        charge=_is_charge(entry),
        pending=(_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") != "BOOK",
    )
    parts = entry.findall("NtryDtls/TxDtls")
    split = _split(line, entry, parts, currency) if len(parts) > 1 else None
    found = split or [_with(line, parts[0]) if len(parts) == 1 else line]
    return [one for one in found if one.amount]


def _split(line: BankLine, entry: Element, parts: list[Element], currency: str) -> list[BankLine] | None:
    told = []
    for number, part in enumerate(parts, start=1):
        found = part.find("Amt") if part.find("Amt") is not None else part.find("AmtDtls/TxAmt/Amt")
        try:
            amount = _signed(part if part.find("CdtDbtInd") is not None else entry, _amount(found, currency))
        except Invalid:
            return None
        told.append(_with(line, part, amount=amount, number=number))
    return told if sum(one.amount for one in told) == line.amount else None


def _with(line: BankLine, part: Element, *, amount: Decimal | None = None, number: int = 0) -> BankLine:
    """The line with what the details of one payment add: who paid, what for, and a reference of its own."""
    amount = line.amount if amount is None else amount
    other = "Dbtr" if amount > 0 else "Cdtr"
    name = _text(part, f"RltdPties/{other}/Nm") or _text(part, f"RltdPties/{other}/Pty/Nm")
    own = _reference(*(_text(part, f"Refs/{tag}") for tag in ("AcctSvcrRef", "TxId", "EndToEndId")))
    if number and not own and line.reference:
        own = f"{line.reference}#{number}"
    said = [found.text for found in part.iterfind("RmtInf/Ustrd")]
    said += [found.text for found in part.iterfind("RmtInf/Strd/CdtrRefInf/Ref")]
    return BankLine(
        row=line.row,
        day=line.day,
        amount=amount,
        reference=own if number else line.reference or own,
        value_day=line.value_day,
        payer=words(name)[:120] if amount > 0 else "",
        details=words(name, *said, _text(part, "AddtlTxInf"), line.details),
        charge=line.charge,
        reversal=line.reversal,
        pending=line.pending,
    )


def _amount(found: Element | None, currency: str) -> Decimal:
    told = _of(found, "Ccy").upper()
    if told and told != currency:
        raise BookedInOtherCurrency(found=told, currency=currency)
    return plain_amount((found.text or "").strip() if found is not None else "", currency)


def _signed(found: Element, amount: Decimal) -> Decimal:
    match _text(found, "CdtDbtInd"):
        case "CRDT":
            return amount
        case "DBIT":
            return -amount
    raise BrokenBankFile


def _booked(entry: Element) -> date:
    """The day of booking; a bank that leaves it out has told the value day."""
    return _day(entry.find("BookgDt")) or _day(entry.find("ValDt")) or plain_day("")


def _balance(statement: Element, codes: tuple[str, ...], currency: str) -> tuple[Decimal | None, date | None]:
    by_code = {_text(found, "Tp/CdOrPrtry/Cd"): found for found in statement.findall("Bal")}
    for code in codes:
        if code in by_code:
            try:
                amount = _signed(by_code[code], _amount(by_code[code].find("Amt"), currency))
            except DomainError:
                return None, None  # it is compared with, never counted
            return amount, _day(by_code[code].find("Dt"))
    return None, None


def _period(statement: Element) -> tuple[date, date] | None:
    days = [_parsed(_text(statement, f"FrToDt/{tag}")) for tag in ("FrDtTm", "ToDtTm")]
    return (days[0], days[1]) if days[0] and days[1] else None


def _day(found: Element | None) -> date | None:
    if found is None:
        return None
    return _parsed(_text(found, "Dt") or _text(found, "DtTm"))


def _parsed(text: str) -> date | None:
    try:
        return plain_day(text)
    except DomainError:
        return None


def _is_charge(entry: Element) -> bool:
    codes: Iterator[Element] = (
        found for path in ("Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd") for found in entry.iterfind(f"BkTxCd/{path}")
    )
    return any((found.text or "").strip() in ("CHRG", "COMM", "FEES", "MDOP-CHRG") for found in codes)


def _reference(*told: str) -> str:
    return next((words(text)[:255] for text in told if text and text.upper() not in _NO_REFERENCE), "")


def _text(found: Element, path: str) -> str:
    return (found.findtext(path) or "").strip()


def _of(found: Element | None, attribute: str) -> str:
    return found.get(attribute, "").strip() if found is not None else ""
