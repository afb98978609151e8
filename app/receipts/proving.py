"""What lets anyone check a receipt on paper: its hash, with what was paid when it was printed, and whether it holds."""

import uuid
from collections.abc import Mapping, Sequence
from itertools import groupby

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.ledgers.verification import verify_url
from app.receipts.issuing import is_intact
from app.receipts.models import Receipt, ReceiptReversal
from app.receipts.payment_models import ReceiptPart
from app.receipts.reversing import is_intact_reversal
from app.receipts.rules import fingerprint
from app.receipts.standing import reversal_of

RECEIPT, REVERSAL = "receipt", "receipt_reversal"
Parts = Sequence[ReceiptPart]


def addresses_of(receipts: Sequence[Receipt]) -> Mapping[uuid.UUID, tuple[str, bytes]]:
    """For each receipt the address at which its paper of now is checked, and the hash printed on it."""
    parts = _parts([row.id for row in receipts])
    before = verify_url(RECEIPT, "0", b"").removesuffix("0-")  # made once: the group's token is the same for all
    found = {}
    for row in receipts:
        own = parts.get(row.id, ())
        printed = _printed(row, own)
        found[row.id] = (f"{before}{row.id.hex}p{len(own)}-{printed.hex()}", printed)
    return found


def address_of_reversal(row: ReceiptReversal) -> str:
    """The address at which a reversing receipt is checked."""
    return verify_url(REVERSAL, row.id.hex, row.hash)


def _parts(receipt_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ReceiptPart]]:
    """What was ever paid on receipts or taken from them, in the order in which it was written."""
    query = sa.select(ReceiptPart).where(ReceiptPart.receipt_id.in_(receipt_ids))
    rows = session().scalars(query.order_by(ReceiptPart.receipt_id, ReceiptPart.id))
    return {id_: list(own) for id_, own in groupby(rows, key=lambda part: part.receipt_id)}


def _printed(row: Receipt, parts: Parts) -> bytes:
    paid = "|".join(f"{part.id}:{part.amount:.4f}" for part in parts)
    return fingerprint({"receipt": row.hash, "paid": paid})


def holds(reference: str, hash: bytes) -> bool | None:  # noqa: A002  # it is the hash
    """Whether a printed receipt still says what is so; None when none was printed with this hash.

    What was paid since does not change what an older paper says; a reversal, or money taken back, does.
    """
    text, _p, many = reference.partition("p")
    row = _row_of(text) if many.isdecimal() and len(many) <= 6 else None
    if row is None:
        return None
    parts = _parts([row.id]).get(row.id, [])
    printed, since = parts[: int(many)], parts[int(many) :]
    if len(printed) < int(many) or _printed(row, printed) != hash:
        return None
    return is_intact(row) and reversal_of(row.id) is None and all(part.amount > 0 for part in since)


def since(reference: str) -> str | None:
    """What a genuine paper does not know: that its rent was paid since it was printed, wholly or in part."""
    text, _p, many = reference.partition("p")
    if (row := _row_of(text)) is None:
        return None
    parts = _parts([row.id]).get(row.id, [])
    if len(parts) <= int(many):
        return None
    if sum(part.amount for part in parts) >= row.owed:
        return str(_("It was paid in full since it was printed. Ask the group for the newer paper."))
    return str(_("A part of it was paid since it was printed. Ask the group for the newer paper."))


def reversal_holds(reference: str, hash: bytes) -> bool | None:  # noqa: A002  # it is the hash
    """Whether a reversing receipt is what was printed; None when there is none of this hash."""
    try:
        wanted = uuid.UUID(reference)
    except ValueError:
        return None
    row = session().scalar(sa.select(ReceiptReversal).where(ReceiptReversal.id == wanted))
    return is_intact_reversal(row) if row is not None and row.hash == hash else None


def _row_of(text: str) -> Receipt | None:
    try:
        return session().scalar(sa.select(Receipt).where(Receipt.id == uuid.UUID(text)))
    except ValueError:
        return None
