"""One line of a mobile-money statement: when, how much, and what its details say about who and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from app.imports.columns import Columns
from app.imports.errors import RowError
from app.imports.rows import RowReader
from app.imports.tables import Row

_COMPLETED = frozenset({"completed", "complete", "success", "successful", "succeeded", "settled"})
BANK_KEY = "bank:"  # how keys of bank lines begin
PENDING = "pending"  # a booking that its bank has announced only
_PHONE = r"(?P<phone>\+?\d[\d*]{4,14}\d)"
_ACCOUNT = r"\s+acc(?:ount)?\b\.?\s*(?:no\b\.?|number\b)?\s*[:#]?\s*(?P<account>\S.*)"
_PAYER = re.compile(rf"\bfrom\s+{_PHONE}(?:(?:\s*-\s*|\s+)(?P<name>.*?))??(?:{_ACCOUNT})?$", re.ASCII | re.IGNORECASE)
_OTHER_PARTY = re.compile(rf"{_PHONE}\s*-\s*(?P<name>.+)", re.ASCII)
_ACCOUNT_ALONE = re.compile(rf".*?{_ACCOUNT}", re.ASCII | re.IGNORECASE)


class Kind(StrEnum):
    """What a line is, as far as its details and sign say."""

    PAID_IN = "paid_in"
    CHARGE = "charge"
    TO_BANK = "to_bank"
    TO_AGENT = "to_agent"
    REVERSAL = "reversal"
    OTHER = "other"


_REVERSAL = re.compile(r"\brevers", re.IGNORECASE)
_OUTGOING = (
    (Kind.CHARGE, re.compile(r"\bcharges?\b|\b(?:transaction|service|transfer|withdrawal) fees?\b", re.IGNORECASE)),
    (Kind.TO_BANK, re.compile(r"\bbank\b", re.IGNORECASE)),
    (Kind.TO_AGENT, re.compile(r"\bagent\b", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One printed line: amounts are zero or more, `at` is in the group's zone, '' is what the line does not say.

    Lines of bank files bring a key of their own, and the day from which they bear interest.
    """

    row: int
    receipt: str
    at: datetime
    details: str
    status: str
    paid_in: Decimal
    withdrawn: Decimal
    balance: Decimal | None
    payer_phone_mask: str
    payer_name: str
    account_ref: str
    kind: Kind
    own_key: str = ""
    value_day: date | None = None

    @property
    def key(self) -> str:
        """What the line is known by within its account, in whatever file it stands.

        Some exports print a charge under the receipt number of what it was charged for.
        """
        if self.own_key:
            return self.own_key
        return f"{self.receipt}/charge" if self.kind is Kind.CHARGE else self.receipt

    @property
    def amount(self) -> Decimal:
        """What it did to the account."""
        return self.paid_in - self.withdrawn

    @property
    def completed(self) -> bool:
        """Whether the money moved; a file without a status column lists only what did."""
        return not self.status or self.status.casefold() in _COMPLETED


def read_line(row: Row, columns: Columns, currency: str, zone: ZoneInfo) -> tuple[StatementLine | None, list[RowError]]:
    """The line in a row, or what is wrong with it."""
    reader = RowReader(row, columns)
    receipt = reader.text("receipt", longest=64, needed=True)
    reader.text("at", needed=True)
    at = reader.instant("at", zone)
    details = reader.text("details", longest=500)
    status = reader.text("status", longest=40, needed="status" in columns)
    paid_in = reader.amount("paid_in", currency) or Decimal(0)
    # Some exports print what went out as negative, some as positive.
    withdrawn = abs(reader.amount("withdrawn", currency) or Decimal(0))
    balance = reader.amount("balance", currency)
    if reader.errors or at is None:
        return None, reader.errors
    phone, name, account = payer_of(details, reader.text("other_party"), reader.text("account_ref"))
    kind = _kind(details, paid_in)
    line = StatementLine(
        row.number, receipt, at, details, status, paid_in, withdrawn, balance, phone, name, account, kind
    )
    if paid_in < 0 or (line.completed and bool(paid_in) == bool(withdrawn)):
        reader.wrong("paid_in", _("Exactly one of paid in and withdrawn says how much, and paid in is not negative."))
        return None, reader.errors
    return line, []


def _kind(details: str, paid_in: Decimal) -> Kind:
    if _REVERSAL.search(details):
        return Kind.REVERSAL
    if paid_in:
        return Kind.PAID_IN
    return next((kind for kind, words in _OUTGOING if words.search(details)), Kind.OTHER)


def payer_of(details: str, other_party: str, account: str) -> tuple[str, str, str]:
    """Phone as printed (often masked), name and account reference, from columns of their own or from the details."""
    told = _PAYER.search(details) or _OTHER_PARTY.fullmatch(other_party)
    alone = _ACCOUNT_ALONE.fullmatch(details)
    words = {**(alone.groupdict() if alone else {}), **(told.groupdict() if told else {})}
    name = " ".join((words.get("name") or "").split())
    return words.get("phone") or "", name, account or (words.get("account") or "").strip()
