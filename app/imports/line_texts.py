"""What a statement prints about a line, sealed with the key of whom it names, and read back for those who may see."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.core.crypto import open_sealed, seal
from app.core.keys import keys_of
from app.imports.models import ImportedLine
from app.imports.statement_lines import BANK_KEY, Kind, StatementLine


@dataclass(frozen=True)
class LineText:
    """The printed words of a line; '' where it says nothing, or where the person was erased."""

    receipt: str = ""
    details: str = ""
    phone: str = ""
    name: str = ""
    account: str = ""


def text_of(line: StatementLine) -> LineText:
    """The words of a line as the file prints them."""
    return LineText(line.receipt, line.details, line.payer_phone_mask, line.payer_name, line.account_ref)


def seal_texts(rows: Iterable[tuple[ImportedLine, LineText]]) -> None:
    """Seal the words of new lines, each with the key of its subject."""
    pairs = list(rows)
    keys = keys_of(row.subject_id for row, _text in pairs)
    for row, text in pairs:
        key = keys[row.subject_id]
        words = {name: value for name, value in asdict(text).items() if value}
        row.sealed = seal(key, json.dumps(words).encode(), place(row.id)) if key else b""


def texts_of(rows: Sequence[ImportedLine]) -> Mapping[uuid.UUID, LineText]:
    """The words of several lines, in one read."""
    keys = keys_of(row.subject_id for row in rows)
    return {row.id: _opened(row, keys[row.subject_id]) for row in rows}


def _opened(row: ImportedLine, key: bytes | None) -> LineText:
    if key is None or not row.sealed:
        return LineText()
    return LineText(**json.loads(open_sealed(key, row.sealed, place(row.id))))


def as_printed(row: ImportedLine, text: LineText, zone: ZoneInfo) -> StatementLine:
    """The line as it was read from its file, for matching it again."""
    return StatementLine(
        row=row.place,
        receipt=text.receipt,
        at=row.at.astimezone(zone),
        details=text.details,
        status="",
        paid_in=max(row.amount, Decimal(0)),
        withdrawn=max(-row.amount, Decimal(0)),
        balance=row.balance,
        payer_phone_mask=text.phone,
        payer_name=text.name,
        account_ref=text.account,
        kind=Kind(row.kind),
        own_key=row.key if row.key.startswith(BANK_KEY) else "",
    )


def place(row_id: uuid.UUID) -> str:
    """What the sealed words of a line are bound to."""
    return f"statement_line|{row_id}|sealed"
