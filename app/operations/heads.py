"""The anchor outside the database: each week the officers of a group are mailed the head of its chain, signed.

Whoever may change every row, and recompute every hash, cannot change what lies in the officers' mailboxes.
"""

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.core.keys import key_of
from app.core.mail import queue, usable
from app.groups.models import Member
from app.groups.queries import group
from app.groups.rules import COUNTED
from app.ledgers.heads import has_books, head
from app.ledgers.models import Entry
from app.ledgers.verification import verify_url
from app.operations.turns import store

JOB = "operations.mail_heads"
BEGINS, SPREAD = timedelta(hours=4), timedelta(hours=4)  # after Sunday's midnight, UTC, when the proofs are done
OFFICERS = ["leader", "treasurer", "secretary"]
_BROKEN = sa.text("SELECT min(number) FROM ledger.first_broken() WHERE number <= :number")
_LINES = {
    "group": r"Group:\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
    "number": r"Entry:\s*(\d{1,18})\b",
    "hash": r"Hash:\s*([0-9a-f]{64})\b",
    "at": r"Taken:\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)",
    "signature": r"Signature:\s*([0-9a-f]{64})\b",
}


@dataclass(frozen=True)
class Anchor:
    """A head as it was mailed."""

    group_id: uuid.UUID
    number: int
    hash: str
    at: str
    signature: str

    @property
    def text(self) -> str:
        """The lines of the mail; they are the same in every language, so that they can be read back."""
        return (
            f"Group: {self.group_id}\nEntry: {self.number}\nHash: {self.hash}\n"
            f"Taken: {self.at}\nSignature: {self.signature}"
        )


@dataclass(frozen=True)
class Finding:
    """What a mail's text tells about the books of today: whether we wrote it, and what is wrong with the chain."""

    anchor: Anchor
    signed: bool
    fault: str | None

    @property
    def holds(self) -> bool:
        """Whether the mail is ours and the chain still runs through its head."""
        return self.signed and self.fault is None


def plan(now: datetime) -> None:
    """Store this week's mails; a clock that slept on Monday does it later in the week."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    if now >= monday + BEGINS:
        store(JOB, period=f"{now:%G-W%V}", begin=monday + BEGINS, spread=SPREAD)


def mail_heads(period: str) -> None:
    """Mail the head of the chosen group's chain to its officers, once in a period."""
    if not has_books() or head().number == 0:
        return
    here, anchor = group(), take()
    officers = session().scalars(
        sa.select(Member).where(Member.roles.overlap(OFFICERS), Member.status.in_(COUNTED)).order_by(Member.id)
    )
    for officer in officers:
        if usable(officer.email):
            data = {
                "name": officer.display_name,
                "group": here.name,
                "block": anchor.text,
                "url": verify_url("entry", str(anchor.number), bytes.fromhex(anchor.hash)),
            }
            queue(
                key=f"head:{period}:{officer.id}",
                to=str(officer.email),
                template="chain_head",
                data=data,
                locale=here.locale,
                member_id=officer.id,
            )


def take() -> Anchor:
    """The head of the chosen group's chain at this moment, signed with the group's own key."""
    known, at = head(), clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    group_id = session().group_id
    return Anchor(group_id, known.number, known.hash.hex(), at, _sign(group_id, known.number, known.hash.hex(), at))


def read(text: str) -> Anchor | None:
    """The head in the text of a mail, forwarded or quoted as may be; None when there is none."""
    found = {name: re.search(pattern, text, re.ASCII) for name, pattern in _LINES.items()}
    parts = {name: match[1] for name, match in found.items() if match}
    if len(parts) < len(_LINES):
        return None
    return Anchor(uuid.UUID(parts["group"]), int(parts["number"]), parts["hash"], parts["at"], parts["signature"])


def verify(anchor: Anchor) -> Finding:
    """Whether the chain of the mail's group still contains the mail's head, with everything before it intact."""
    with transaction(group_id=anchor.group_id, steady=True):
        expected = _sign(anchor.group_id, anchor.number, anchor.hash, anchor.at)
        return Finding(anchor, hmac.compare_digest(expected, anchor.signature), _fault(anchor))


def _fault(anchor: Anchor) -> str | None:
    now = session().scalar(sa.select(Entry.hash).where(Entry.number == anchor.number))
    if now is None:
        return f"Entry {anchor.number} is not there any more: the end of the books was cut off."
    if now.hex() != anchor.hash:
        return f"Entry {anchor.number} has another hash than the one that was mailed: the books were rewritten."
    # Reading the books' own function, in the group's transaction: row-level security holds for it as well.
    broken = session().scalar(_BROKEN, {"number": anchor.number}, execution_options={"core_ok": True})
    return f"Entry {broken} is not what was posted." if broken is not None else None


def _sign(group_id: uuid.UUID, number: int, hash: str, at: str) -> str:  # noqa: A002  # it is the hash
    message = f"chain head|{group_id}|{number}|{hash}|{at}"
    return hmac.new(key_of(group_id), message.encode(), hashlib.sha256).hexdigest()
