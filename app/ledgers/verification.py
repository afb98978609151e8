"""What lets anyone check a paper: a code that leads to the group and names the document by its hash, no more."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app

from app.core.db import platform, session
from app.core.keys import key_of
from app.groups.models import SecretDigest
from app.ledgers.models import ClosedPeriod, Entry

PURPOSE = "verify"
_CODE = re.compile(r"([a-z2-7]{16})-([a-z_]{1,30})-([0-9a-z]{1,40})-([0-9a-f]{64})", re.ASCII)
_INTACT = sa.text("SELECT ledger.intact(:id)").bindparams(sa.bindparam("id", type_=sa.Uuid))


@dataclass(frozen=True)
class Code:
    """A code taken apart: which group's, what kind of document, which one, and the hash that was printed."""

    token: str
    kind: str
    reference: str
    hash: bytes


def verify_url(kind: str, reference: str, hash: bytes) -> str:  # noqa: A002  # it is the hash
    """The address, whole, at which anyone may check a document; for its QR code.

    `kind` is one of the rooms' `verifiers`; `reference` is a number or an id in lower-case letters and digits.
    """
    base: str = current_app.config["SETTINGS"].base_url
    return f"{base.rstrip('/')}/verify/{_token()}-{kind}-{reference}-{hash.hex()}"


def mint() -> None:
    """Make the chosen group known to the public page; once, when its books are opened."""
    platform().add(SecretDigest(digest=_digest(_token()), group_id=session().group_id, purpose=PURPOSE))
    platform().flush()


def read_code(text: str) -> Code | None:
    """The parts of a code; None when it cannot be one of ours."""
    found = _CODE.fullmatch(text)
    return Code(found[1], found[2], found[3], bytes.fromhex(found[4])) if found else None


def digest_of(code: Code) -> SecretDigest | None:
    """The row that says whose code it is; read before any group is chosen."""
    row = platform().get(SecretDigest, _digest(code.token))
    return row if row is not None and row.purpose == PURPOSE else None


def entry_holds(reference: str, hash: bytes) -> bool | None:  # noqa: A002  # it is the hash
    """Whether an entry still is what it was when its hash was printed; None when there was never such an entry."""
    if not reference.isdecimal() or len(reference) > 18:
        return None
    row = session().execute(sa.select(Entry.id, Entry.hash).where(Entry.number == int(reference))).one_or_none()
    if row is None or row.hash != hash:
        return None
    return bool(session().scalar(_INTACT, {"id": row.id}, execution_options={"core_ok": True}))


def period_holds(reference: str, hash: bytes) -> bool | None:  # noqa: A002  # it is the hash
    """Whether the chain still runs through the head at which a month was closed; `reference` is like 202610."""
    closing = session().scalar(
        sa.select(ClosedPeriod).where(
            sa.func.to_char(ClosedPeriod.through, "YYYYMM") == reference, ClosedPeriod.hash == hash
        )
    )
    if closing is None:
        return None
    return session().scalar(sa.select(Entry.hash).where(Entry.number == closing.entry_number)) == closing.hash


def _token() -> str:
    # Derived from the group's own key and not kept: it stays the same while the key ring and the site's secret rotate.
    mac = hmac.new(key_of(session().group_id), PURPOSE.encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:10]).decode().lower()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
