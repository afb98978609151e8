"""Checking a paper by its code: from the code to the group, and from there to the room that made it."""

from dataclasses import dataclass

from flask_babel import LazyString

from app.core.db import enter
from app.core.rooms import rooms
from app.ledgers.verification import digest_of, read_code


@dataclass(frozen=True)
class Verdict:
    """What the public page says: what kind of document it is, its hash, if it is unchanged, and what came since."""

    label: LazyString | str
    hash: str
    unchanged: bool
    since: str | None = None


def verify(text: str) -> Verdict | None:
    """The verdict on a code; None when no document of ours has it. The unit of work is in the group afterwards."""
    code = read_code(text)
    if code is None:
        return None
    verifier = next((room.verifiers[code.kind] for room in rooms() if code.kind in room.verifiers), None)
    known = digest_of(code)
    if verifier is None or known is None:
        return None
    enter(known.group_id)
    holds = verifier.holds(code.reference, code.hash)
    if holds is None:
        return None
    since = verifier.since(code.reference) if holds and verifier.since else None
    return Verdict(verifier.label, code.hash.hex(), holds, since)
