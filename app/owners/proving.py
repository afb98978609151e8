"""What lets anyone check an owner's year on paper: its hash, with what was received and paid out until it was made."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.groups.queries import group
from app.ledgers.verification import verify_url
from app.owners.errors import NoSuchOwner, NoSuchYear
from app.owners.models import OwnerPayoutPart
from app.owners.received import taken_back
from app.owners.years import FIRST, OwnerYear, owner_year
from app.receipts.payment_models import ReceiptPart

KIND = "owner_year"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
PLACES = (2, 3, 3)  # letters and digits for the year, for how many payments it knew, and for how many payouts
MOST = len(DIGITS) ** 3 - 1
Row = Any  # columns of a statement


@dataclass(frozen=True)
class Printed:
    """What stands under a paper: the address at which it is checked, and its hash."""

    address: str
    hash: bytes


def printed(year: OwnerYear) -> Printed:
    """The hash of the paper of now, and where anyone may check it."""
    came, went = _came(year), _went(year)
    hash_ = _hash(year, came, went)
    numbers = zip((year.year - FIRST, len(came), len(went)), PLACES, strict=True)
    reference = year.owner.id.hex + "".join(_short(number, places) for number, places in numbers)
    return Printed(verify_url(KIND, reference, hash_), hash_)


def holds(reference: str, hash: bytes) -> bool | None:  # noqa: A002  # it is the hash
    """Whether a paper still says what is so; None when it is of no owner's year.

    What came in or was paid out since does not change what an older paper says. A receipt issued or taken back in that
    year does, as do money and payouts that were taken back, and another tax.
    """
    try:
        year = owner_year(uuid.UUID(reference[:32]), FIRST + int(reference[32:34], 36))
        many, paid = int(reference[34:37], 36), int(reference[37:40], 36)
    except (ValueError, NoSuchOwner, NoSuchYear):
        return None
    came = _came(year)
    return _hash(year, came[:many], _went(year)[:paid]) == hash and all(row.amount > 0 for row in came[many:])


def _came(year: OwnerYear) -> list[Row]:
    """What was ever paid on the receipts of the year or taken from them, in the order in which it was written."""
    ids = [line.receipt.id for line in year.lines]
    wanted = sa.select(ReceiptPart.id, ReceiptPart.receipt_id, ReceiptPart.amount)
    rows = session().execute(wanted.where(ReceiptPart.receipt_id.in_(ids)).order_by(ReceiptPart.id).limit(MOST))
    return list(rows)


def _went(year: OwnerYear) -> list[Row]:
    """What was ever paid out of them, and whether it was taken back."""
    ids = [line.receipt.id for line in year.lines]
    wanted = sa.select(OwnerPayoutPart.id, OwnerPayoutPart.amount, OwnerPayoutPart.payout_id.in_(taken_back()))
    wanted = wanted.where(OwnerPayoutPart.receipt_id.in_(ids)).order_by(OwnerPayoutPart.id)
    return list(session().execute(wanted.limit(MOST)))


def _hash(year: OwnerYear, came: Sequence[Row], went: Sequence[Row]) -> bytes:
    """SHA-256 over everything that it says, in no language."""
    lines = [
        [*line.number, line.receipt.hash.hex(), *_plain([line.gross, line.charges, line.withheld, line.net])]
        for line in year.lines
    ]
    tax = year.tax
    reckoned = _plain([tax.gross, tax.taxable, tax.tax, tax.family, tax.withheld, tax.due]) if tax else []
    said = [str(session().group_id), str(year.owner.id), year.year, group().currency, lines, reckoned]
    moves = [[_text(one) for one in row] for row in (*came, *went)]
    return hashlib.sha256(json.dumps([*said, moves], separators=(",", ":")).encode()).digest()


def _plain(amounts: Sequence[Any]) -> list[str]:
    return [f"{amount:.4f}" for amount in amounts]


def _text(value: Any) -> str:
    return str(value) if isinstance(value, uuid.UUID | bool) else f"{value:.4f}"


def _short(number: int, places: int) -> str:
    """A number in so many letters and digits."""
    text = ""
    for _place in range(places):
        number, rest = divmod(number, len(DIGITS))
        text = DIGITS[rest] + text
    return text
